//! The command lines of the four managed processes, and of the accessibility bus.

use std::path::Path;

use crate::{geometry::Size, profile::Profile};

/// A program and its arguments.
pub(super) type Command = (&'static str, Vec<String>);

/// The X server: a screen that can be as large as `largest`, no TCP, no blanking, and no reset when the
/// last program leaves. It picks a free display and writes its number to stdout.
pub(super) fn xvfb(largest: Size, authority: &Path) -> Command {
    let screen = format!("{largest}x24");
    let authority = authority.display().to_string();
    let args = [
        "-displayfd",
        "1",
        "-screen",
        "0",
        &screen,
        "-dpi",
        "96",
        "-auth",
        &authority,
        "-nolisten",
        "tcp",
        "-noreset",
        "-s",
        "0",
        "-dpms",
    ];
    ("Xvfb", args.map(str::to_owned).to_vec())
}

/// Makes the C library take memory in pages of 2 MiB: the picture of a screen that
/// can be as large as the protocol allows has 130 MB, and the X server paints all
/// of it before it starts. With it that takes 60 ms instead of 110 ms.
pub(super) fn huge_pages() -> (String, String) {
    let (name, value) = ("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
    (name.to_owned(), value.to_owned())
}

/// The session, with a message bus of its own: all of XFCE, or only a light window manager, which
/// is ready in a tenth of the time that XFCE's takes.
pub(super) fn xfce4(profile: Profile, bus: &Path) -> Command {
    let config = format!("--config-file={}", bus.display());
    let session: &[&str] = match profile {
        Profile::Xfce => &["xfce4-session"],
        Profile::Bare => &["openbox", "--sm-disable"],
    };
    let args = [&config, "--"].into_iter().chain(session.iter().copied());
    ("dbus-run-session", args.map(str::to_owned).collect())
}

/// The bus on which programs report their widgets.
pub(super) fn accessibility(config: &Path) -> Command {
    let args = [
        format!("--config-file={}", config.display()),
        "--nofork".to_owned(),
        "--nopidfile".to_owned(),
    ];
    ("dbus-daemon", args.to_vec())
}

/// The VNC server, on a socket that only this user can open and on no port: it
/// would listen on IPv6 although its port is 0, so that is said too. Without
/// `-noshm` it would leave System V shared memory whenever it is killed.
pub(super) fn x11vnc(display: u32, socket: &Path, authority: &Path) -> Command {
    let display = format!(":{display}");
    let socket = socket.display().to_string();
    let authority = authority.display().to_string();
    let places = [
        ["-display", &display],
        ["-auth", &authority],
        ["-unixsock", &socket],
        ["-rfbport", "0"],
        ["-rfbportv6", "0"],
        // A screen of another size is told to the viewer, instead of crashing.
        ["-xrandr", "newfbsize"],
    ];
    let switches = [
        "-no6",
        "-noipv6",
        "-nopw",
        "-norc",
        "-quiet",
        "-forever",
        "-shared",
        "-xkb",
        "-noxrecord",
        "-noshm",
    ];
    let args = places.as_flattened().iter().chain(&switches);
    (
        "x11vnc",
        args.map(|argument| (*argument).to_owned()).collect(),
    )
}

/// The bridge from the viewer's WebSocket to the VNC server. It listens on
/// loopback, where pages of the user's browser can reach it, so it connects
/// only those who know the token of `look::VIEWER_TOKENS`.
pub(super) fn novnc(port: u16, tokens: &Path) -> Command {
    let tokens = format!("--token-source={}", tokens.display());
    let listen = format!("127.0.0.1:{port}");
    let args = ["--token-plugin=TokenFile", &tokens, &listen];
    ("websockify", args.map(str::to_owned).to_vec())
}
