//! When a session counts as started: what it shows on the screen by then.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    Profile, StartError, look,
    processes::{Processes, Stream},
    x11::{Screen, XError},
};
use crate::geometry::{Point, Rect};

/// The windows that a complete session has, by instance and class.
const SESSION_WINDOWS: [&str; 2] = ["xfce4-panel.Xfce4-panel", "xfdesktop.Xfdesktop"];

/// How long the session may take. It usually takes a second or two.
const SESSION_TIMEOUT: Duration = Duration::from_secs(60);

/// How many lines of a log an error repeats.
const LOG_LINES: usize = 12;

const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Waits until the session shows all that it will show by itself. The pointer
/// goes to the corner where it is over nothing: what is under it would look
/// different.
pub(super) async fn is_up(
    profile: Profile,
    screen: &Arc<Screen>,
    processes: &Processes,
) -> Result<(), StartError> {
    let deadline = Instant::now() + SESSION_TIMEOUT;
    let failed = |reason: String| StartError::Process {
        name: "xfce4".to_owned(),
        reason,
    };
    loop {
        let looked = Arc::clone(screen);
        let look = move || match profile {
            Profile::Xfce => shows_xfce(&looked),
            Profile::Bare => looked.is_managed(),
        };
        let shown = tokio::task::spawn_blocking(look).await;
        let shown = shown.map_err(|error| failed(error.to_string()))?;
        let shown = shown.map_err(|error| failed(error.to_string()))?;
        if let Some((name, ended)) = processes.first_ended() {
            return Err(did_not_start(processes, name, &format!("it {ended}")));
        }
        if shown {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(did_not_start(processes, "xfce4", "it showed no panel"));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Whether panel and background are there, and the background is painted.
fn shows_xfce(screen: &Screen) -> Result<bool, XError> {
    let size = screen.size()?;
    let [x, y] = [size.width, size.height].map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    screen.move_pointer(Point::new(x - 1, y - 1))?;
    let windows = screen.windows()?;
    let is_there = |class: &str| windows.iter().any(|window| window.class == class);
    let middle = screen.capture(Rect::new(x / 2, y / 2, 1, 1))?;
    let is_painted = middle.pixel(Point::new(0, 0)) == Some(look::BACKGROUND);
    Ok(is_painted && SESSION_WINDOWS.into_iter().all(is_there))
}

/// The error for a process, with the end of what it wrote.
fn did_not_start(processes: &Processes, name: &str, how: &str) -> StartError {
    let said = processes.log(name, Stream::Stderr).unwrap_or_default();
    let lines: Vec<&str> = said.trim_end().lines().collect();
    let end = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
    StartError::Process {
        name: name.to_owned(),
        reason: format!("{how}\n{end}"),
    }
}
