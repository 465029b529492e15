//! The one seam between Deskhand and a screen: [`Desktop`], the desktop API as a trait, and its
//! implementations.
//!
//! [`DesktopClient`] speaks the API over HTTP, to the local desktop as well as any other.
//! [`ControlPlane`] makes sandboxes of the hosted service, each of which has such a desktop.
//! [`MemoryDesktop`] draws a small desktop in memory, for tests and for playing a scenario dry.

mod allowance;
mod answer;
#[cfg_attr(
    not(all(target_os = "linux", feature = "local-desktop")),
    expect(dead_code, reason = "the local desktop asks programs itself, and more")
)]
pub(crate) mod atspi;
mod bounds;
mod call;
mod client;
mod config;
mod control_plane;
mod error;
mod filesystem;
mod host;
mod http;
mod limiter;
mod memory;
mod pool;
mod reader;
mod ready;
mod retry;
#[cfg(test)]
mod tests;
mod tls;
pub mod wire;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;

use self::wire::{
    Arranged, Arrangement, Calm, Clicked, ClipboardContent, Damage, DisplayInfo, ExecuteRequest,
    ExecuteResult, Extensions, Holding, ImageFormat, ProcessInfo, ProcessRestart,
    ProcessStatusList, RecordingStatus, RecordingSummary, Scope, Stack, Widget, WidgetQuery,
    WidgetTrees, WidgetsFound, Window,
};
pub use self::{
    allowance::Allowance,
    client::DesktopClient,
    config::Config,
    control_plane::ControlPlane,
    error::{DesktopError, Refused},
    host::{Host, HostError, Session, Wanted, Whereabouts},
    memory::{MemoryDesktop, MemoryHost},
    pool::Pool,
};
use crate::{
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Clipboard, Direction, Key},
    vision::Frame,
};
pub use crate::{
    profile::Profile,
    widget::{Checked, Role, States},
};

/// The result of a desktop's method.
pub type Result<T> = std::result::Result<T, DesktopError>;

/// The states of a desktop's processes, as they change.
pub type StatusStream = BoxStream<'static, Result<ProcessStatusList>>;

/// A file of a desktop, part by part.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// A graphical desktop that can be seen and used.
///
/// The methods are those of the desktop API, under the names of its official
/// client. All coordinates are pixels of the screen, 0 to 32,767 from its top
/// left corner. Every method fails with a [`DesktopError`] when the desktop
/// cannot be reached or refuses.
#[async_trait]
pub trait Desktop: Send + Sync {
    /// Says that nobody expects it to answer any more: from now on, calls fail soon that
    /// would otherwise wait for it for minutes.
    fn give_up(&self) {}

    /// Whether the display answers at all.
    async fn health(&self) -> Result<bool>;

    /// The X display and its size.
    async fn display_info(&self) -> Result<DisplayInfo>;

    /// The current resolution, in the same shape.
    async fn screen(&self) -> Result<DisplayInfo>;

    /// Changes the size of the screen, 320 to 7680 by 320 to 4320 pixels; returns the new size. An
    /// active recording ends.
    async fn resize_screen(&self, size: Size) -> Result<DisplayInfo>;

    /// The windows of the window manager's list, oldest first.
    async fn windows(&self) -> Result<Vec<Window>>;

    /// The whole screen, or `region` of it, as an encoded picture.
    async fn screenshot(&self, region: Option<Rect>, format: ImageFormat) -> Result<Vec<u8>>;

    /// `region` of the screen, which must not be empty, as an encoded picture.
    async fn screenshot_region(&self, region: Rect, format: ImageFormat) -> Result<Vec<u8>>;

    /// Where the pointer is.
    async fn pointer_position(&self) -> Result<Point>;

    /// Moves the pointer to `to`; returns its new position.
    async fn move_pointer(&self, to: Point) -> Result<Point>;

    /// Clicks once, at `at` or where the pointer is, with the keys `held` down; returns where that
    /// was, and what happened to the focus, if the desktop knows. Keys (at most 4, each once) only
    /// on a desktop that announces [`Extensions::HELD_KEYS`]: another one ignores them.
    async fn click(&self, at: Option<Point>, button: Button, held: &[Key]) -> Result<Clicked>;

    /// Holds `button` from one place to another, with the keys `held` down as in
    /// [`Desktop::click`]; returns the new position of the pointer.
    async fn drag(&self, from: Point, to: Point, button: Button, held: &[Key]) -> Result<Point>;

    /// Turns the wheel by `amount` (1 to 100) notches where the pointer is; returns where that was.
    async fn scroll(&self, direction: Direction, amount: u32) -> Result<Point>;

    /// Types `text` (up to 50,000 characters) into the window that has the focus.
    async fn type_text(&self, text: &str) -> Result<()>;

    /// Presses and releases one key; returns whether anybody received it: a window that has the
    /// keyboard, or a program that has grabbed the key. True if the desktop does not say.
    async fn press_key(&self, key: &Key) -> Result<bool>;

    /// Presses keys together and releases them in the opposite order; returns whether anybody
    /// received them, like [`Desktop::press_key`].
    async fn hotkey(&self, chord: &Chord) -> Result<bool>;

    /// Presses keys and a button, which stay down, or releases them; returns the new position of
    /// the pointer. What is not released stays down as long as the desktop exists. Only on a
    /// desktop that announces [`Extensions::HOLD`].
    async fn hold(&self, holding: &Holding) -> Result<Point>;

    /// The active or else the most recent recording.
    async fn recording_status(&self) -> Result<RecordingStatus>;

    /// Starts a recording of the whole screen. Only one may be active.
    async fn start_recording(&self) -> Result<RecordingStatus>;

    /// Starts a recording with a clean video in addition to the plain one: without the pointer,
    /// lossless, at most `frame_rate` frames a second (30 or 60), each with its own time
    /// from the first. Only on a desktop that announces
    /// [`Extensions::CLEAN_RECORDINGS`].
    async fn start_clean_recording(&self, frame_rate: u32) -> Result<RecordingStatus>;

    /// Ends the active recording; its video is then complete.
    async fn stop_recording(&self) -> Result<RecordingStatus>;

    /// Every recording that is kept.
    async fn recordings(&self) -> Result<Vec<RecordingSummary>>;

    /// One recording.
    async fn get_recording(&self, id: &str) -> Result<RecordingSummary>;

    /// The MP4 video of an ended recording.
    async fn download_recording(&self, id: &str) -> Result<Vec<u8>>;

    /// The clean video of a recording as it comes, Matroska: it may be larger than what
    /// fits into memory. Status 404 if the recording has none. Only on a desktop that
    /// announces [`Extensions::CLEAN_RECORDINGS`].
    async fn recorded_frames(&self, id: &str) -> Result<ByteStream>;

    /// Removes an ended recording for good.
    async fn delete_recording(&self, id: &str) -> Result<()>;

    /// The states of the managed processes, once.
    async fn process_status(&self) -> Result<ProcessStatusList>;

    /// The state of one of [`wire::PROCESSES`].
    async fn get_process(&self, name: &str) -> Result<ProcessInfo>;

    /// Ends one of [`wire::PROCESSES`] and starts it again; those that need it
    /// come back with it.
    async fn restart_process(&self, name: &str) -> Result<ProcessRestart>;

    /// What a managed process wrote to stdout.
    async fn process_logs(&self, name: &str) -> Result<String>;

    /// What a managed process wrote to stderr.
    async fn process_errors(&self, name: &str) -> Result<String>;

    /// The states of the managed processes: now, at every change, and every 2 s.
    async fn status_stream(&self) -> Result<StatusStream>;

    /// The extensions of this desktop.
    async fn extensions(&self) -> Result<Extensions>;

    /// Runs a command in the desktop's session and waits for its end. Only on
    /// a desktop that announces [`Extensions::EXECUTE`].
    async fn execute(&self, request: &ExecuteRequest) -> Result<ExecuteResult>;

    /// The bytes of a file of the desktop's machine, up to 64 MiB. A path that
    /// does not begin with `/` is below the folder in which commands of
    /// [`Desktop::execute`] start, and `~/` is the session's home. Only on a
    /// desktop that announces [`Extensions::FILES`]; status 404 if there is no
    /// such file, 400 if it is a folder.
    async fn read_file(&self, path: &str) -> Result<Vec<u8>>;

    /// Writes a file there, replaces an existing one, and creates the folders that it needs. Up to
    /// 64 MiB, and 10 MiB in a sandbox of the hosted service. Only on a desktop that announces
    /// [`Extensions::FILES`].
    async fn write_file(&self, path: &str, bytes: &[u8]) -> Result<()>;

    /// The content of a clipboard, once the program with the keyboard has read all input so far.
    /// Only on a desktop that announces [`Extensions::CLIPBOARD`].
    async fn read_clipboard(&self, clipboard: Clipboard) -> Result<ClipboardContent>;

    /// Puts a text of up to [`limits::CLIPBOARD`](wire::limits::CLIPBOARD) bytes on a clipboard,
    /// replacing its content. Only on a desktop that announces [`Extensions::CLIPBOARD`].
    async fn write_clipboard(&self, clipboard: Clipboard, text: &str) -> Result<()>;

    /// The stacking order of the windows, who has the keyboard, and for how long
    /// nothing has been drawn in `region`, or anywhere. Only on a desktop that
    /// announces [`Extensions::STACK`].
    async fn stack(&self, region: Option<Rect>) -> Result<Stack>;

    /// How long nothing has been drawn in `region`, or anywhere, and whether
    /// every window has painted itself: faster than [`Desktop::stack`]. Only
    /// on a desktop that announces [`Extensions::STACK`].
    async fn calm(&self, region: Option<Rect>) -> Result<Calm>;

    /// Whether, and where, something was drawn in `region`, or anywhere, since a
    /// revision of the screen: at once if something was, else as soon as something is, or after
    /// `wait` (up to 60 s). Without `since`, it returns the current revision at once. Only on a
    /// desktop that announces [`Extensions::DAMAGE`].
    async fn damage(
        &self,
        region: Option<Rect>,
        since: Option<u64>,
        wait: Duration,
    ) -> Result<Damage>;

    /// The whole screen, or `region` of it as far as it is on the screen, pixel by
    /// pixel. Only on a desktop that announces [`Extensions::FRAME`].
    async fn frame(&self, region: Option<Rect>) -> Result<Frame>;

    /// Asks for a window to be moved, resized, raised, closed, or brought to another state, and
    /// waits for that up to `wait` (60 s at most). Status 404 if there is no such window. Only on a
    /// desktop that announces [`Extensions::WINDOWS`].
    async fn arrange_window(
        &self,
        id: &str,
        wanted: &Arrangement,
        wait: Duration,
    ) -> Result<Arranged>;

    /// Why the widgets on this desktop cannot be read, as a clause; `None` if the desktop reports
    /// them, or if its programs can be asked from outside. In that case, programs are told now to
    /// answer; those that are already running may not.
    async fn no_widgets(&self) -> Result<Option<String>> {
        let reports = self.extensions().await?.has(Extensions::WIDGETS);
        Ok((!reports).then(|| "it does not announce the extension `widgets`".to_owned()))
    }

    /// The widgets of windows, as trees. Only where [`Desktop::no_widgets`] has no
    /// reason; status 404 if the scope does not exist.
    async fn widgets(&self, scope: &Scope) -> Result<WidgetTrees>;

    /// The widgets that match, or the nearest ones if there are none. Only
    /// where [`Desktop::no_widgets`] has no reason; status 404 if the scope does not exist.
    async fn find_widgets(&self, query: &WidgetQuery) -> Result<WidgetsFound>;

    /// Scrolls a widget into view, if its program can do that; returns the widget as it is then.
    /// Only where [`Desktop::no_widgets`] has no reason; status 404 if the widget no longer
    /// exists.
    async fn reveal_widget(&self, id: &str) -> Result<Widget>;

    /// Waits until every managed process runs.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Timeout`], with what was seen last, once `timeout` is over.
    async fn wait_until_ready(&self, timeout: Duration) -> Result<()>;
}
