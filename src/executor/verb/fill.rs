//! `fill`.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Play, Turn, r#type::selected};
use crate::{
    desktop::wire::Widget,
    executor::{
        fault::{Fault, Mismatch},
        find::{self, Aim, Found},
        focus,
        stage::Stage,
    },
    input::{Button, Chord, Key},
    plan::Fill,
    widget::Role,
};

/// How often to look whether the text has arrived.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How long a field may take to show the text before the step fails, if the step does not time out
/// earlier: only a program that hangs takes longer.
const ARRIVAL: Duration = Duration::from_secs(3);

/// What replaces each character of a password.
const HIDDEN: char = '•';

/// Clicks a field, selects what is in it, types over that, and reads what is in it then.
impl Play for Fill {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let text = stage.known.text(&self.text)?;
        let found = find::reach(&self.target, Aim::Press, turn.now(), stage).await?;
        if let Some(widget) = &found.widget {
            takes_text(widget)?;
        }
        turn.limits(async {
            let at = Some(found.point);
            stage.hand.click(at, Button::Left, &[], 1).await?;
            focus::awaited(turn.until(), stage).await?;
            replace(&text, stage).await?;
            if stage.settings.dry {
                return Ok(());
            }
            arrived(&text, &found, stage).await
        })
        .await
    }
}

/// Only a field can be filled.
fn takes_text(widget: &Widget) -> Result<(), Fault> {
    let is_field = matches!(
        widget.role,
        Role::Textbox | Role::Combobox | Role::Spinbutton | Role::Cell | Role::Document
    );
    let (title, read_only) = (
        find::described(widget),
        widget.states.editable == Some(false),
    );
    if is_field && !read_only {
        return Ok(());
    }
    let why = if is_field {
        "its text cannot be changed"
    } else {
        "it is not a field"
    };
    Err(Fault::Failed(Mismatch {
        message: format!("`{title}` cannot be filled: {why}"),
        expected: "a field that takes text, such as a `textbox`".to_owned(),
        seen: format!("`{title}`"),
        help: Some("an entry of a list or a combobox is chosen with `select`".to_owned()),
        ..Mismatch::default()
    }))
}

/// Replaces everything that a field contains by typing a text.
async fn replace(text: &str, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let broken = |error: &dyn std::fmt::Display| Fault::broken(error.to_string());
    let all = Chord::parse("ctrl+a").map_err(|error| broken(&error))?;
    stage.desktop.hotkey(&all).await?;
    if text.is_empty() {
        let delete = Key::from_name("Delete").map_err(|error| broken(&error))?;
        stage.desktop.press_key(&delete).await?;
        return Ok(());
    }
    stage.type_text(text, None).await
}

/// Waits until a field contains a text, and nothing else.
async fn arrived(text: &str, found: &Found, stage: &Stage<'_>) -> Result<(), Fault> {
    let begun = Instant::now();
    loop {
        let widget = match &found.widget {
            Some(widget) => find::now(&widget.id, stage).await?,
            None => None,
        };
        let Some(seen) = widget.and_then(|widget| widget.value) else {
            return by_selecting(text, stage).await;
        };
        if is_text(&seen, text) {
            return Ok(());
        }
        if begun.elapsed() >= ARRIVAL {
            return Err(differs(text, &seen));
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// Whether what a field contains is the text. Of a password, only the number of
/// characters is known; a field for several lines may end with a line break of its own.
fn is_text(seen: &str, text: &str) -> bool {
    let is_hidden = !seen.is_empty() && seen.chars().all(|char| char == HIDDEN);
    if is_hidden {
        return seen.chars().count() == text.chars().count();
    }
    seen == text || seen.strip_suffix('\n') == Some(text)
}

/// Reads what a field contains by selecting all of it, where it is not a widget or its
/// program does not tell what is in it.
async fn by_selecting(text: &str, stage: &Stage<'_>) -> Result<(), Fault> {
    if text.is_empty() {
        return Ok(());
    }
    let broken = |error: &dyn std::fmt::Display| Fault::broken(error.to_string());
    let all = Chord::parse("ctrl+a").map_err(|error| broken(&error))?;
    stage.desktop.hotkey(&all).await?;
    let seen = selected(text, stage).await?;
    let end = Key::from_name("End").map_err(|error| broken(&error))?;
    stage.desktop.press_key(&end).await?;
    if is_text(&seen, text) {
        return Ok(());
    }
    Err(differs(text, &seen))
}

fn differs(text: &str, seen: &str) -> Fault {
    Fault::Failed(Mismatch {
        message: "the field does not contain the text".to_owned(),
        expected: format!("`{text}`"),
        seen: if seen.is_empty() {
            "an empty field".to_owned()
        } else {
            format!("`{seen}`")
        },
        help: Some(
            "if the program changes what is typed, type it with `click` and `type`, and check \
             what the program makes of it with `assert`"
                .to_owned(),
        ),
        ..Mismatch::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_contains_the_text_and_nothing_else() {
        assert!(is_text("Ann", "Ann"));
        assert!(is_text("two\nlines\n", "two\nlines"));
        assert!(!is_text("Anna", "Ann"));
        assert!(!is_text("", "Ann"));
        assert!(is_text("", ""));
    }

    #[test]
    fn of_a_password_the_characters_are_counted() {
        assert!(is_text("•••", "Ann"));
        assert!(!is_text("••", "Ann"));
        assert!(!is_text("•••", ""));
    }
}
