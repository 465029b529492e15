//! `type`.

mod difference;

use std::time::Duration;

use tokio::time::{Instant, sleep};

use self::difference::Difference;
use super::{Play, Turn};
use crate::{
    executor::{
        fault::{Fault, Mismatch},
        focus,
        stage::Stage,
    },
    input::{Chord, Clipboard, Key},
    plan::Type,
};

/// How often the selection is looked at, and how long nothing more may become
/// selected: a program that is still busy with the keys selects more and more.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const STUCK: Duration = Duration::from_millis(1500);

/// Types a text into the window that has the keyboard, as soon as one has it.
impl Play for Type {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let focus = focus::awaited(turn.until(), stage).await?;
        turn.limits(enter(self, stage)).await?;
        focus::compare(focus, stage).await
    }
}

async fn enter(typed: &Type, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let text = stage.known.text(&typed.text)?;
    let speed = typed.speed.filter(|_| !stage.settings.dry);
    stage.type_text(&text, speed).await?;
    if typed.verify && !stage.settings.dry && !text.is_empty() {
        return look_at(&text, stage).await;
    }
    Ok(())
}

/// Selects what was typed, as a person would who looks it over, and compares.
/// The text stays as it is, with the caret after it.
async fn look_at(text: &str, stage: &Stage<'_>) -> Result<(), Fault> {
    let chord = |keys: &str| Chord::parse(keys).map_err(|error| Fault::broken(error.to_string()));
    let back = chord("shift+Left")?;
    for _ in text.chars() {
        stage.desktop.hotkey(&back).await?;
    }
    let selected = selected(text, stage).await?;
    let right = Key::from_name("Right").map_err(|error| Fault::broken(error.to_string()))?;
    stage.desktop.press_key(&right).await?;
    if arrived(text, &selected) {
        return Ok(());
    }
    let difference = Difference::between(text, &selected);
    let seen = if selected.is_empty() {
        "nothing could be selected".to_owned()
    } else {
        difference.seen
    };
    Err(Fault::Failed(Mismatch {
        message: format!(
            "the typed text did not arrive correctly: it differs at {}",
            difference.place
        ),
        expected: difference.expected,
        seen,
        help: Some(
            "if the program loses keys, type slower (`speed: 30ms`); if it cannot select text \
             with shift and the arrow keys, use `screenshot-assert` instead of `verify`"
                .to_owned(),
        ),
        ..Mismatch::default()
    }))
}

/// What is selected once it is `text`, or once no more becomes selected.
pub(super) async fn selected(text: &str, stage: &Stage<'_>) -> Result<String, Fault> {
    let mut selected = String::new();
    let mut changed = Instant::now();
    while changed.elapsed() < STUCK {
        let marked = stage.desktop.read_clipboard(Clipboard::Primary).await?;
        let now = marked.text.unwrap_or_default();
        if arrived(text, &now) {
            return Ok(now);
        }
        if now != selected {
            selected = now;
            changed = Instant::now();
        }
        sleep(LOOK_AGAIN).await;
    }
    Ok(selected)
}

/// Whether what is selected ends with the whole text. It may be more than that:
/// one key goes over a letter and the accents that combine with it.
fn arrived(text: &str, selected: &str) -> bool {
    selected.ends_with(text)
}
