//! What the local desktop can do in addition to the protocol.

use serde::{Deserialize, Serialize};

use crate::geometry::{Rect, Size};

/// The header of `GET /api/frame` with the size of the picture that follows:
/// `1440x900`.
pub const FRAME_SIZE: &str = "deskhand-size";

/// `GET /api/extensions`: what this desktop can do in addition to the protocol. A
/// desktop without the path has none of them.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Extensions {
    /// Names of extensions, such as [`Extensions::EXECUTE`].
    pub items: Vec<String>,
}

macro_rules! extensions {
    ($($(#[doc = $about:literal])+ $name:ident $word:literal)*) => {
        impl Extensions {
            $(
                $(#[doc = $about])+
                pub const $name: &'static str = $word;
            )*

            /// Every extension that Deskhand knows, as its local desktop announces them.
            #[must_use]
            pub fn all() -> Self {
                Self::of(&[$(Self::$name),*])
            }
        }
    };
}

extensions! {
    /// Commands in the desktop's session, at `POST /api/process/execute`.
    EXECUTE "execute"
    /// Files of the desktop's machine, at `/api/files`.
    FILES "files"
    /// Keys that are held during a click or a drag: the field `modifiers`.
    HELD_KEYS "held-keys"
    /// Keys and buttons that stay down from one call to another, at `/api/input/hold`.
    HOLD "hold"
    /// The clipboards, at `/api/clipboard`.
    CLIPBOARD "clipboard"
    /// What was drawn and when, at `/api/damage`.
    DAMAGE "damage"
    /// Pixels as they are, at `/api/frame`.
    FRAME "frame"
    /// The stacking order of the windows, at `/api/display/stack`.
    STACK "stack"
    /// Windows that are moved, resized and closed, at `/api/windows/{window}`.
    WINDOWS "windows"
    /// The widgets of programs, by role and name, at `/api/widgets`.
    WIDGETS "widgets"
    /// Recordings with a clean video in addition to the plain one: the field `clean` of
    /// `/api/recording/start`, and `/api/recordings/{id}/frames`.
    CLEAN_RECORDINGS "clean-recordings"
}

impl Extensions {
    /// The extensions of these names.
    #[must_use]
    pub fn of(names: &[&str]) -> Self {
        Self {
            items: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// Whether the extension is announced.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.items.iter().any(|item| item == name)
    }
}

/// `GET /api/damage`: whether, and where, something was drawn since a revision
/// of the screen.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Damage {
    /// The revision of the screen, to ask from the next time. What is captured
    /// after this answer shows at least all that was drawn until then.
    pub revision: u64,
    /// The width of the screen in pixels.
    pub width: u32,
    /// The height of the screen in pixels.
    pub height: u32,
    /// The smallest rectangle around everything that was drawn in the region
    /// since the revision that was asked about; null if nothing was.
    pub changed: Option<Rect>,
}

impl Damage {
    /// The size of the screen.
    #[must_use]
    pub const fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }
}

/// A command for the desktop's machine, in the shape of the control plane's
/// `process/execute`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ExecuteRequest {
    /// Run by `/bin/sh -c`.
    pub command: String,
    /// The folder to run it in; the session's home unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// Additional environment variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envs: Option<std::collections::BTreeMap<String, String>>,
    /// Seconds until it is killed; 30 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
}

/// How a command ended.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ExecuteResult {
    /// 0 to 255; 128 and more where a signal ended it.
    pub exit_code: i32,
    /// Its stdout, as text.
    pub stdout: String,
    /// Its stderr, as text.
    pub stderr: String,
}
