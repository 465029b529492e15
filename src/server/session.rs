//! When a session counts as started: what it shows on the screen by then.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, timeout};

use super::{
    StartError, look,
    processes::{Processes, Stream, part},
    x11::{PATIENCE, Screen, XError, within},
};
use crate::{
    desktop::wire::Window,
    geometry::{Point, Rect},
    profile::Profile,
};

/// The windows of a complete session, by instance and class, each with the name of its program for
/// people.
const SESSION_WINDOWS: [(&str, &str); 2] = [
    ("xfce4-panel.Xfce4-panel", "the panel (xfce4-panel)"),
    ("xfdesktop.Xfdesktop", "the background (xfdesktop)"),
];

/// How long the session may take. It usually takes a second or two.
const SESSION_TIMEOUT: Duration = Duration::from_secs(60);

/// How long word of a process that has ended may take to come.
const WORD_OF_DEATH: Duration = Duration::from_millis(500);

/// How many lines of a log an error repeats.
const LOG_LINES: usize = 12;

const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// How often to try the message bus. One that refuses twice has ended: it begins to
/// listen at once after it has made its socket.
const TRY_BUS: Duration = Duration::from_millis(300);

/// Waits until the session shows all that it will show on its own. The pointer
/// goes to the corner where it is over nothing: what is under it would look
/// different.
pub(super) async fn is_up(
    profile: Profile,
    screen: &Arc<Screen>,
    processes: &Processes,
) -> Result<(), StartError> {
    let deadline = Instant::now() + SESSION_TIMEOUT;
    let mut bus = Bus::new();
    loop {
        let looked = Arc::clone(screen);
        let look = move || match profile {
            Profile::Xfce => missing_of_xfce(&looked),
            Profile::Bare => missing_of_bare(&looked),
        };
        let missing = within(PATIENCE, look).await;
        if missing.is_err() {
            // Without an X server nobody can look, and its end will be reported in a moment.
            let _ = timeout(WORD_OF_DEATH, processes.any_ended()).await;
        }
        if let Some((name, ended)) = processes.first_ended() {
            let how = format!("it {ended}");
            return Err(did_not_start(processes, name, part(name, profile), &how));
        }
        let missing = missing.map_err(|error| StartError::Process {
            part: part("xvfb", profile),
            reason: error.to_string(),
        })?;
        let Some((part, how)) = missing else {
            return Ok(());
        };
        if bus.has_ended(processes).await {
            let bus = "the message bus (dbus-daemon)";
            return Err(did_not_start(processes, "xfce4", bus, "it ended"));
        }
        if Instant::now() > deadline {
            let how = format!("{how} within {} s", SESSION_TIMEOUT.as_secs());
            return Err(did_not_start(processes, "xfce4", part, &how));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// The message bus, while a session starts that would wait for it in vain.
struct Bus {
    next: Instant,
    refused: bool,
}

impl Bus {
    fn new() -> Self {
        Self {
            next: Instant::now() + TRY_BUS,
            refused: false,
        }
    }

    async fn has_ended(&mut self, processes: &Processes) -> bool {
        if Instant::now() < self.next {
            return false;
        }
        self.next = Instant::now() + TRY_BUS;
        let refused = processes.bus_refuses().await;
        let has_ended = refused && self.refused;
        self.refused = refused;
        has_ended
    }
}

/// A part of a session that is not there yet, and what it did not do.
type Missing = (&'static str, &'static str);

fn missing_of_bare(screen: &Screen) -> Result<Option<Missing>, XError> {
    let missing = (
        part("xfce4", Profile::Bare),
        "it did not take control of the screen",
    );
    Ok((!screen.is_managed()?).then_some(missing))
}

/// Window manager, panel and background, which has to be painted too.
fn missing_of_xfce(screen: &Screen) -> Result<Option<Missing>, XError> {
    let size = screen.size()?;
    let [x, y] = [size.width, size.height].map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    screen.move_pointer(Point::new(x - 1, y - 1))?;
    let windows = screen.windows()?;
    let middle = screen.capture(Rect::new(x / 2, y / 2, 1, 1))?;
    let is_painted = middle.pixel(Point::new(0, 0)) == Some(look::BACKGROUND);
    let managed = || screen.is_managed();
    missing(managed, &windows, is_painted)
}

/// The first part that is missing, in the order of their start. Without a window
/// manager no list has any window, so whether one is there is only asked where a
/// window is missing.
fn missing(
    is_managed: impl Fn() -> Result<bool, XError>,
    windows: &[Window],
    is_painted: bool,
) -> Result<Option<Missing>, XError> {
    let is_there = |class: &str| windows.iter().any(|window| window.class == class);
    for (class, part) in SESSION_WINDOWS {
        if is_there(class) {
            continue;
        }
        return Ok(Some(if is_managed()? {
            (part, "it did not show a window")
        } else {
            (
                "the window manager (xfwm4)",
                "it did not take control of the screen",
            )
        }));
    }
    let (_, background) = SESSION_WINDOWS[1];
    Ok((!is_painted).then_some((background, "it did not paint anything")))
}

/// The error for a process, with the end of what it wrote.
fn did_not_start(processes: &Processes, name: &str, part: &'static str, how: &str) -> StartError {
    let said = processes.log(name, Stream::Stderr).unwrap_or_default();
    let lines: Vec<&str> = said.trim_end().lines().collect();
    let end = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
    StartError::Process {
        part,
        reason: format!("{how}\n{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(is_managed: bool, classes: &[&str], is_painted: bool) -> Option<String> {
        let window = |class: &&str| Window {
            class: (*class).to_owned(),
            ..Window::default()
        };
        let windows: Vec<Window> = classes.iter().map(window).collect();
        let missing = missing(|| Ok(is_managed), &windows, is_painted).unwrap();
        missing.map(|(part, how)| format!("{part}: {how}"))
    }

    #[test]
    fn the_part_of_a_session_that_is_missing_is_the_one_that_is_named() {
        let [panel, background] = SESSION_WINDOWS.map(|(class, _)| class);
        for (is_managed, windows, is_painted, expected) in [
            (
                false,
                &[][..],
                false,
                "the window manager (xfwm4): it did not take control of the screen",
            ),
            (
                true,
                &[background],
                true,
                "the panel (xfce4-panel): it did not show a window",
            ),
            (
                true,
                &[panel],
                true,
                "the background (xfdesktop): it did not show a window",
            ),
            (
                true,
                &[panel, background],
                false,
                "the background (xfdesktop): it did not paint anything",
            ),
        ] {
            let named = named(is_managed, windows, is_painted);
            assert_eq!(named.as_deref(), Some(expected));
        }
        assert_eq!(named(true, &[panel, background], true), None);
    }
}
