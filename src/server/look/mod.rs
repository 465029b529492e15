//! The look of the local desktop: a fresh home whose settings are always the
//! same, so that the same program draws the same pixels in every run.
//!
//! The background is plain; there is no clock, no blinking caret, no animation,
//! no screensaver and no first-run dialog; fonts, theme, resolution, language
//! and time zone are fixed. The files in `home/` say so, each in the language
//! of its reader.

mod bus;
mod java;

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

pub(super) use self::java::without_notice;
use super::keeper::{HOME, MARK, SOCKETS, SessionFolder, TEMPORARY};

/// A process's whole environment.
pub(super) type Variables = BTreeMap<String, String>;

/// The colour of the background, as `home/xfconf/xfce4-desktop.xml` says it in
/// shares of 255.
pub(super) const BACKGROUND: [u8; 3] = [58, 78, 95];

/// What the processes write.
pub(super) const LOGS: &str = "logs";
/// The VNC server's socket, below the session's folder.
pub(super) const VNC_SOCKET: &str = "run/vnc";
/// Who may connect to the viewer's bridge: a line `TOKEN: unix_socket:PATH`.
pub(super) const VIEWER_TOKENS: &str = "viewer-tokens";
/// Finished recordings.
pub(super) const RECORDINGS: &str = "recordings";
/// The X server's cookie.
pub(super) const AUTHORITY: &str = "xauthority";
/// The socket of the session's message bus, below the session's folder, as its
/// configuration has it.
pub(super) const BUS_SOCKET: &str = "run/bus";
/// The socket of the accessibility bus, below the session's folder.
pub(super) const ACCESSIBILITY_SOCKET: &str = "run/accessibility";
/// The configuration of the accessibility bus.
pub(super) const ACCESSIBILITY_BUS: &str = "accessibility-bus.conf";
/// The configuration of the session's message bus.
pub(super) const SESSION_BUS: &str = "session-bus.conf";

/// Every settings file: its path below the home, and its text.
const FILES: [(&str, &str); 12] = [
    (
        ".config/fontconfig/fonts.conf",
        include_str!("home/fonts.conf"),
    ),
    (
        ".config/gtk-3.0/settings.ini",
        include_str!("home/gtk/settings.ini"),
    ),
    (
        ".config/gtk-4.0/settings.ini",
        include_str!("home/gtk/settings.ini"),
    ),
    (
        ".config/openbox/rc.xml",
        include_str!("home/openbox/rc.xml"),
    ),
    (
        ".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-desktop.xml",
        include_str!("home/xfconf/xfce4-desktop.xml"),
    ),
    (
        ".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-keyboard-shortcuts.xml",
        include_str!("home/xfconf/xfce4-keyboard-shortcuts.xml"),
    ),
    (
        ".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml",
        include_str!("home/xfconf/xfce4-panel.xml"),
    ),
    (
        ".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-session.xml",
        include_str!("home/xfconf/xfce4-session.xml"),
    ),
    (
        ".config/xfce4/xfconf/xfce-perchannel-xml/xfwm4.xml",
        include_str!("home/xfconf/xfwm4.xml"),
    ),
    (
        ".config/xfce4/xfconf/xfce-perchannel-xml/xsettings.xml",
        include_str!("home/xfconf/xsettings.xml"),
    ),
    (
        ".config/user-dirs.conf",
        include_str!("home/user-dirs.conf"),
    ),
    (".config/user-dirs.dirs", ""),
];

/// The written look.
pub(super) struct Look {
    folder: PathBuf,
    place: SessionFolder,
}

/// Writes what the desktop needs below `folder`, and what its session needs at its
/// `place`. Only their user may enter them.
pub(super) fn write(
    folder: &Path,
    place: &SessionFolder,
    cookie: &[u8; 16],
    viewer: &str,
) -> io::Result<Look> {
    let own = [LOGS, RECORDINGS].map(|name| folder.join(name));
    let session = [HOME, SOCKETS, TEMPORARY].map(|name| place.real.join(name));
    for folder in own.into_iter().chain(session) {
        // A runtime folder that others may enter is refused by many programs.
        DirBuilder::new().mode(0o700).create(folder)?;
    }
    for (path, text) in FILES {
        let path = place.real.join(HOME).join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    for (name, text) in bus::configurations(&place.seen.join(ACCESSIBILITY_SOCKET)) {
        fs::write(folder.join(name), text)?;
    }
    fs::write(folder.join(AUTHORITY), authority(cookie))?;
    let socket = place.seen.join(VNC_SOCKET);
    fs::write(
        folder.join(VIEWER_TOKENS),
        format!("{viewer}: unix_socket:{}\n", socket.display()),
    )?;
    Ok(Look {
        folder: folder.to_owned(),
        place: place.clone(),
    })
}

/// An X authority file with one cookie for every display, as Xau(3) describes
/// it: family (`FamilyWild`), address, display number, name and data, each
/// after its length in two bytes, big-endian.
fn authority(cookie: &[u8; 16]) -> Vec<u8> {
    let name = b"MIT-MAGIC-COOKIE-1";
    let mut file = vec![0xff, 0xff, 0, 0, 0, 0, 0, 18];
    file.extend_from_slice(name);
    file.extend_from_slice(&[0, 16]);
    file.extend_from_slice(cookie);
    file
}

impl Look {
    /// The environment of every process of the session. Nothing of the user's
    /// own environment is in it but the `PATH`. With `accessibility`, programs report
    /// their widgets.
    pub(super) fn environment(&self, path: &str, accessibility: bool) -> Variables {
        let text = |path: PathBuf| path.display().to_string();
        let below = |name: &str| text(self.folder.join(name));
        let session = |name: &str| text(self.place.seen.join(name));
        let home = |name: &str| text(self.place.home().join(name));
        let files = [
            ("HOME", session(HOME)),
            ("PATH", path.to_owned()),
            ("TMPDIR", session(TEMPORARY)),
            ("XAUTHORITY", below(AUTHORITY)),
            ("XDG_RUNTIME_DIR", session(SOCKETS)),
            // Chromium looks for a message bus nowhere else.
            (
                "DBUS_SESSION_BUS_ADDRESS",
                format!("unix:path={}", session(BUS_SOCKET)),
            ),
            ("XDG_CONFIG_HOME", home(".config")),
            ("XDG_CACHE_HOME", home(".cache")),
            ("XDG_DATA_HOME", home(".local/share")),
            ("XDG_STATE_HOME", home(".local/state")),
            ("FONTCONFIG_FILE", home(".config/fontconfig/fonts.conf")),
            ("ICEAUTHORITY", home(".ICEauthority")),
            (MARK, below("logs/launched.log")),
        ];
        let fixed = [
            ("LANG", "C.UTF-8"),
            ("LC_ALL", "C.UTF-8"),
            ("TZ", "UTC"),
            ("SHELL", "/bin/sh"),
            ("XDG_CURRENT_DESKTOP", "XFCE"),
            ("XDG_CONFIG_DIRS", "/etc/xdg"),
            ("XDG_DATA_DIRS", "/usr/local/share:/usr/share"),
            ("XDG_SESSION_TYPE", "x11"),
            // The theme of a program that asks nobody.
            ("GTK_THEME", "Adwaita"),
            ("GDK_BACKEND", "x11"),
            ("QT_QPA_PLATFORM", "xcb"),
            // Scroll bars that fade are never still.
            ("GTK_OVERLAY_SCROLLING", "0"),
            // No input method between a key and its program.
            ("GTK_IM_MODULE", "gtk-im-context-simple"),
            ("QT_IM_MODULE", "simple"),
            ("XMODIFIERS", "@im=none"),
            // Services that nobody here needs and that cost seconds to start.
            ("GIO_USE_VFS", "local"),
            ("GVFS_DISABLE_FUSE", "1"),
            ("GSETTINGS_BACKEND", "keyfile"),
        ];
        let reporting: &[(&str, &str)] = if accessibility {
            &[("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "1")]
        } else {
            &[("NO_AT_BRIDGE", "1"), ("GTK_A11Y", "none")]
        };
        let fixed = fixed.iter().chain(reporting);
        let fixed = fixed.map(|(name, value)| (*name, (*value).to_owned()));
        let java = java::variable().filter(|_| accessibility);
        files
            .into_iter()
            .chain(fixed)
            .chain(java)
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_is_the_one_that_the_session_is_told() {
        let told = include_str!("home/xfconf/xfce4-desktop.xml");
        for channel in BACKGROUND {
            let share = format!("{:.6}", f64::from(channel) / 255.0);
            assert!(told.contains(&share), "{share}");
        }
    }

    #[test]
    fn the_folder_is_private_and_the_authority_file_holds_the_cookie() {
        let folder = tempfile::tempdir().unwrap();
        let place = SessionFolder {
            real: folder.path().to_owned(),
            seen: folder.path().to_owned(),
            unsteady: None,
        };
        write(folder.path(), &place, b"0123456789abcdef", "token").unwrap();
        let bytes = fs::read(folder.path().join(AUTHORITY)).unwrap();
        assert_eq!(bytes.len(), 2 + 2 + 2 + 2 + 18 + 2 + 16);
        assert!(bytes.ends_with(b"\x00\x100123456789abcdef"));
        let mode = std::os::unix::fs::MetadataExt::mode(
            &fs::metadata(folder.path().join(SOCKETS)).unwrap(),
        );
        assert_eq!(mode & 0o777, 0o700);
    }
}
