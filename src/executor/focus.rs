//! Who has the keyboard: keys go to the window that has it, and to nobody if none
//! has.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{
    fault::{Fault, Mismatch, seconds},
    stage::Stage,
};
use crate::desktop::wire::Stack;

/// The first pause before looking again.
const FIRST_PAUSE: Duration = Duration::from_millis(5);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(80);

/// How long it may take until a window has the keyboard.
#[derive(Clone, Copy)]
pub(super) struct Until {
    pub(super) limit: Duration,
    pub(super) deadline: Instant,
}

impl Until {
    /// Begins to press keys that have to reach a program. Keys that reach nobody do nothing, so
    /// they are pressed again.
    pub(super) fn pressing(self, stage: &mut Stage<'_>) -> Pressing {
        if !stage.settings.dry && !stage.eyes.tells_stack() {
            stage.tell_of_no_stack();
        }
        Pressing {
            until: self,
            pause: FIRST_PAUSE,
        }
    }
}

/// Keys that are pressed until they reach a program.
pub(super) struct Pressing {
    until: Until,
    pause: Duration,
}

impl Pressing {
    /// Waits until it is time to press them again.
    pub(super) async fn again(&mut self) -> Result<(), Fault> {
        let Until { limit, deadline } = self.until;
        // Keys that come at the very end are cut off, and nobody says why.
        let next = Instant::now() + self.pause;
        if next >= deadline {
            return Err(nobody(limit));
        }
        sleep_until(next).await;
        self.pause = (self.pause * 3 / 2).min(LONGEST_PAUSE);
        Ok(())
    }
}

/// The window that has the keyboard.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Focus {
    id: String,
    /// It for people: the window `Note`.
    words: String,
}

impl Focus {
    fn of(stack: &Stack) -> Option<Self> {
        let id = stack.focus.clone()?;
        let title = stack.layer(&id).map(|layer| layer.title.as_str());
        let words = match title.filter(|title| !title.is_empty()) {
            Some(title) => format!("the window `{title}`"),
            None => "a window without a title".to_owned(),
        };
        Some(Self { id, words })
    }
}

/// Waits until a window has the keyboard; returns which. `None` where the desktop
/// does not tell, or nothing is looked at.
pub(super) async fn awaited(
    Until { limit, deadline }: Until,
    stage: &mut Stage<'_>,
) -> Result<Option<Focus>, Fault> {
    if stage.settings.dry {
        return Ok(None);
    }
    let mut pause = FIRST_PAUSE;
    loop {
        let Some(stack) = stage.eyes.stack(None).await? else {
            stage.tell_of_no_stack();
            return Ok(None);
        };
        let focus = Focus::of(&stack);
        if focus.is_some() {
            return Ok(focus);
        }
        let now = Instant::now();
        if now >= deadline {
            return Err(nobody(limit));
        }
        sleep_until(deadline.min(now + pause)).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

/// Notes if a different window has the keyboard than before.
pub(super) async fn compare(before: Option<Focus>, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let Some(before) = before else {
        return Ok(());
    };
    let now = stage.eyes.stack(None).await?;
    let now = now.as_ref().and_then(Focus::of);
    if now.as_ref().is_some_and(|now| now.id == before.id) {
        return Ok(());
    }
    let now = now.map_or("no window".to_owned(), |now| now.words);
    let before = before.words;
    stage.notes.push(format!(
        "the focus moved from {before} to {now} while keys were typed"
    ));
    Ok(())
}

/// Who has the keyboard, as a sentence; `None` if the desktop does not say.
pub(super) async fn told(stage: &Stage<'_>) -> Option<String> {
    let stack = stage.eyes.stack(None).await.ok()??;
    Some(match Focus::of(&stack) {
        Some(focus) => format!("{} is focused", focus.words),
        None => "no window is focused".to_owned(),
    })
}

fn nobody(limit: Duration) -> Fault {
    Fault::Failed(Mismatch {
        message: "no window is focused, so no program would receive the keys".to_owned(),
        expected: format!("a focused window within {}", seconds(limit)),
        seen: "none".to_owned(),
        help: Some("click the window first, or wait until it is open".to_owned()),
        ..Mismatch::default()
    })
}
