//! `window`.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Play, Turn};
use crate::{
    desktop::wire::{Arranged, Arrangement, Window as Listed, limits},
    executor::{
        fault::{Fault, Mismatch, seconds},
        find::{self, Found, Search},
        stage::Stage,
    },
    geometry::Rect,
    plan::Window,
};

/// The pause before looking again whether the window exists, or is gone.
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// Requests a change of a window, and waits until the window has changed.
impl Play for Window {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        if stage.settings.dry {
            return Ok(());
        }
        let found = existing(self, turn, stage).await?;
        // A target that is a window is found with it.
        let Some(known) = &found.window else {
            return Ok(());
        };
        let before = stage.eyes.windows().await?;
        let seen = match arrange(self, &known.id, turn, stage).await? {
            Arranged {
                done: true, window, ..
            } => {
                stage.notes.extend(self.elsewhere(window.as_ref()));
                return Ok(());
            }
            seen => seen,
        };
        let after = stage.eyes.windows().await?;
        let is_new = |window: &&Listed| before.iter().all(|other| other.id != window.id);
        let new: Vec<&Listed> = after.iter().filter(is_new).collect();
        Err(Fault::Failed(self.mismatch(
            turn,
            &known.title,
            &seen,
            &new,
        )))
    }
}

/// Waits until the window exists, wherever it is.
async fn existing(window: &Window, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<Found, Fault> {
    loop {
        // It is enough that it exists, as for a target that has to be gone.
        let missing = match find::once(&window.target, true, stage).await? {
            Search::Found(found) => {
                stage.notes.extend(found.notes.clone());
                return Ok(found);
            }
            Search::Missing(missing) => missing,
        };
        if Instant::now() >= turn.deadline {
            return Err(find::absent(&window.target, &missing, turn.id, stage).await);
        }
        sleep_until(turn.deadline.min(Instant::now() + LOOK_AGAIN)).await;
    }
}

/// Asks until the window has changed as requested, or until the time is over; returns its state
/// then.
async fn arrange(
    window: &Window,
    id: &str,
    turn: &Turn<'_>,
    stage: &Stage<'_>,
) -> Result<Arranged, Fault> {
    let wanted = Arrangement {
        x: window.position.map(|at| at.x),
        y: window.position.map(|at| at.y),
        width: window.size.map(|size| size.width),
        height: window.size.map(|size| size.height),
        state: window.state,
        raise: window.raise,
        close: window.close,
    };
    loop {
        let left = turn.deadline.saturating_duration_since(Instant::now());
        let wait = left.min(limits::WAIT);
        let asked = stage.desktop.arrange_window(id, &wanted, wait).await;
        let seen = match asked {
            Err(error) if error.status() == Some(404) => Arranged {
                done: window.close,
                ..Arranged::default()
            },
            asked => asked?,
        };
        if seen.done || seen.window.is_none() || wait == left {
            return Ok(seen);
        }
        if window.close {
            // Asked again, the program could ask its question again.
            return until_gone(seen, id, turn, stage).await;
        }
    }
}

/// Waits until a window that was asked to close is gone.
async fn until_gone(
    seen: Arranged,
    id: &str,
    turn: &Turn<'_>,
    stage: &Stage<'_>,
) -> Result<Arranged, Fault> {
    while Instant::now() < turn.deadline {
        let windows = stage.eyes.windows().await?;
        if windows.iter().all(|window| window.id != id) {
            return Ok(Arranged {
                done: true,
                ..Arranged::default()
            });
        }
        sleep_until(turn.deadline.min(Instant::now() + LOOK_AGAIN)).await;
    }
    Ok(seen)
}

impl Window {
    /// Notes if the window is only as near to its position as its frame allows.
    fn elsewhere(&self, window: Option<&Listed>) -> Option<String> {
        let wanted = self.position?;
        let seen = window?.rect().corner();
        (seen != wanted).then(|| {
            format!(
                "the window's content is at {seen} instead of {wanted}, so that its frame is \
                 on the screen and clear of the panel"
            )
        })
    }

    fn mismatch(&self, turn: &Turn<'_>, title: &str, seen: &Arranged, new: &[&Listed]) -> Mismatch {
        let limit = seconds(turn.limit());
        let message = match &seen.window {
            None => format!(
                "the window `{title}` closed before it was {}",
                self.wanted()
            ),
            Some(_) if self.close => format!("the window `{title}` did not close within {limit}"),
            Some(_) => format!(
                "the window `{title}` was not {} within {limit}",
                self.wanted()
            ),
        };
        let mut now = vec![now(seen)];
        now.extend(new.iter().map(|window| match window.title.as_str() {
            "" => "a window without a title has appeared".to_owned(),
            title => format!("the window `{title}` has appeared"),
        }));
        Mismatch {
            message,
            expected: match self.wanted() {
                wanted if self.close => wanted,
                wanted => format!("the window {wanted}"),
            },
            seen: now.join("; "),
            help: self.help(seen, !new.is_empty()),
            ..Mismatch::default()
        }
    }

    /// What is most likely the reason.
    fn help(&self, seen: &Arranged, has_new: bool) -> Option<String> {
        let window = seen.window.as_ref()?;
        let words = if self.close && has_new {
            "the program asks a question before it closes: answer it, or save first"
        } else if self.close {
            "the program may need a longer `timeout` to close, or it ignores the request"
        } else if self.state.is_some_and(|state| seen.state != Some(state)) {
            "the program or the window manager does not allow this state: dialogs and windows \
             with a fixed size often cannot be maximized"
        } else if self.size.is_some_and(|size| window.rect().size() != size) {
            "the program allows only some sizes: a minimum size, a fixed size, or whole \
             characters, as in terminals"
        } else if self.position.is_some_and(|at| window.rect().corner() != at) {
            "`position` is that of the content; the window manager reserves space for the frame \
             and for panels, so a position at the edge of the screen may be impossible"
        } else if self.raise {
            "another window may always be on top, or have taken the focus"
        } else {
            "the program may hang, or need a longer `timeout` to draw"
        };
        Some(words.to_owned())
    }
}

/// What a window is now, in words.
fn now(Arranged { window, state, .. }: &Arranged) -> String {
    let Some(window) = window else {
        return "the window no longer exists".to_owned();
    };
    let Rect {
        x,
        y,
        width,
        height,
    } = window.rect();
    let state = state.map_or_else(String::new, |state| format!(", {state}"));
    let keyboard = if window.focused { ", focused" } else { "" };
    format!("{width}x{height} at {x},{y}{state}{keyboard}")
}
