//! What can be asked of a desktop: the table of the operations of its API.
//!
//! The client sends these operations, the server serves them, the in-memory desktop decides by them
//! what to refuse, and the description of the API is compared with them.

use std::fmt;

use reqwest::Method;

use super::Extensions;

/// One operation of the desktop API.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its name, that of the client's method and of the description's
    /// `operationId`.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests hold the description against it")
    )]
    pub id: &'static str,
    /// The method of its request.
    pub method: Method,
    /// The path below the desktop's address; the part in braces differs from one request to the
    /// next.
    pub path: &'static str,
    /// The extension that it is a part of; none if every desktop has it.
    pub extension: Option<Extension>,
}

/// Something that only some desktops can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extension {
    /// The name by which it is announced, one of [`Extensions`].
    pub name: &'static str,
    /// What a desktop that has it can do, as `run commands`.
    pub what: &'static str,
}

impl fmt::Display for Operation {
    /// Method and path: `GET /api/display`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Operation {
    /// Whether a path is that of this operation, whatever it has in the place of braces.
    fn is_at(&self, path: &str) -> bool {
        let (ours, theirs) = (self.path.split('/'), path.split('/'));
        ours.clone().count() == theirs.clone().count()
            && ours
                .zip(theirs)
                .all(|(ours, theirs)| ours.starts_with('{') || ours == theirs)
    }
}

/// The name of the extension that a request is a part of; `None` if it is one of those
/// that every desktop has, or one that none has.
#[must_use]
pub fn extension_of(method: &Method, path: &str) -> Option<&'static str> {
    let mut all = OPERATIONS.iter();
    let operation = all.find(|it| it.method == *method && it.is_at(path))?;
    operation.extension.map(|extension| extension.name)
}

macro_rules! operations {
    ($($name:ident $id:literal $method:ident $path:literal $(($extension:ident $what:literal))?)*) => {
        $(
            #[doc = concat!("`", stringify!($method), " ", $path, "`")]
            pub(crate) static $name: Operation = Operation {
                id: $id,
                method: Method::$method,
                path: $path,
                extension: extension!($($extension $what)?),
            };
        )*

        /// All of them.
        pub(crate) static OPERATIONS: &[&Operation] = &[$(&$name),*];
    };
}

macro_rules! extension {
    () => {
        None
    };
    ($name:ident $what:literal) => {
        Some(Extension {
            name: Extensions::$name,
            what: $what,
        })
    };
}

operations! {
    HEALTH "health" GET "/api/healthz"
    DISPLAY_INFO "display_info" GET "/api/display"
    SCREEN "screen" GET "/api/display/screen"
    RESIZE_SCREEN "resize_screen" POST "/api/display/screen"
    WINDOWS "windows" GET "/api/display/windows"
    SCREENSHOT "screenshot" GET "/api/screenshot"
    SCREENSHOT_REGION "screenshot_region" POST "/api/screenshot/region"
    POINTER_POSITION "pointer_position" GET "/api/input/position"
    MOVE_POINTER "move_pointer" POST "/api/input/move"
    CLICK "click" POST "/api/input/click"
    DRAG "drag" POST "/api/input/drag"
    SCROLL "scroll" POST "/api/input/scroll"
    TYPE_TEXT "type_text" POST "/api/input/type"
    PRESS_KEY "press_key" POST "/api/input/press"
    HOTKEY "hotkey" POST "/api/input/hotkey"
    HOLD "hold" POST "/api/input/hold" (HOLD "hold keys and buttons down")
    RECORDING_STATUS "recording_status" GET "/api/recording"
    START_RECORDING "start_recording" POST "/api/recording/start"
    STOP_RECORDING "stop_recording" POST "/api/recording/stop"
    RECORDINGS "recordings" GET "/api/recordings"
    GET_RECORDING "get_recording" GET "/api/recordings/{id}"
    DELETE_RECORDING "delete_recording" DELETE "/api/recordings/{id}"
    DOWNLOAD_RECORDING "download_recording" GET "/api/recordings/{id}/download"
    RECORDED_FRAMES "recorded_frames" GET "/api/recordings/{id}/frames" (CLEAN_RECORDINGS "record frames without the pointer")
    PROCESS_STATUS "process_status" GET "/api/status"
    STATUS_STREAM "status_stream" GET "/api/status/stream"
    GET_PROCESS "get_process" GET "/api/process/{name}/status"
    RESTART_PROCESS "restart_process" POST "/api/process/{name}/restart"
    PROCESS_LOGS "process_logs" GET "/api/process/{name}/logs"
    PROCESS_ERRORS "process_errors" GET "/api/process/{name}/errors"
    EXTENSIONS "extensions" GET "/api/extensions"
    EXECUTE "execute" POST "/api/process/execute" (EXECUTE "run commands")
    READ_FILE "read_file" GET "/api/files" (FILES "read files")
    WRITE_FILE "write_file" PUT "/api/files" (FILES "write files")
    READ_CLIPBOARD "read_clipboard" GET "/api/clipboard" (CLIPBOARD "read the clipboard")
    WRITE_CLIPBOARD "write_clipboard" PUT "/api/clipboard" (CLIPBOARD "write the clipboard")
    STACK "stack" GET "/api/display/stack" (STACK "report the stacking order of its windows")
    CALM "calm" GET "/api/display/calm" (STACK "report for how long nothing has been drawn")
    DAMAGE "damage" GET "/api/damage" (DAMAGE "report where something was drawn")
    FRAME "frame" GET "/api/frame" (FRAME "send uncompressed pixels")
    ARRANGE_WINDOW "arrange_window" POST "/api/windows/{window}" (WINDOWS "move or close a window")
    WIDGETS "widgets" GET "/api/widgets" (WIDGETS "report the widgets of programs")
    FIND_WIDGETS "find_widgets" POST "/api/widgets/find" (WIDGETS "find widgets")
    REVEAL_WIDGET "reveal_widget" POST "/api/widgets/reveal" (WIDGETS "scroll to a widget")
}
