//! What people call the managed processes. The protocol's names are fixed: its
//! `xfce4` is whatever the profile has in place of a session.

use crate::profile::Profile;

/// Our name for the accessibility bus, which the protocol does not know.
pub(in crate::server) const ACCESSIBILITY: &str = "accessibility";

/// The words for a process of the protocol: what it is, and its program.
pub(in crate::server) fn part(name: &str, profile: Profile) -> &'static str {
    match (name, profile) {
        ("xvfb", _) => "the X server (Xvfb)",
        ("xfce4", Profile::Xfce) => "the session (xfce4-session)",
        ("xfce4", Profile::Bare) => "the window manager (openbox)",
        (ACCESSIBILITY, _) => "the accessibility bus (dbus-daemon)",
        ("x11vnc", _) => "the VNC server (x11vnc)",
        _ => "the viewer's WebSocket proxy (websockify)",
    }
}
