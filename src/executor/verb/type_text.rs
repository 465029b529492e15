//! `type`.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    executor::{
        fault::{Fault, Mismatch},
        stage::Stage,
    },
    input::{Chord, Key},
    plan::Text,
};

/// The protocol takes no longer text at once, in characters.
const MAX_TEXT: usize = 50_000;

/// How long a program may take until it has selected what was typed.
const SELECTED: [Duration; 6] = [
    Duration::from_millis(20),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
];

/// Types a text into the window that has the focus.
pub(super) async fn play(
    text: &Text,
    (speed, verify): (Option<Duration>, bool),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let text = stage.known.text(text)?;
    match speed.filter(|_| !stage.settings.dry) {
        None => at_once(&text, stage).await?,
        Some(pause) => {
            for char in text.chars() {
                stage
                    .desktop
                    .type_text(char.encode_utf8(&mut [0; 4]))
                    .await?;
                sleep(pause).await;
            }
        }
    }
    if verify && !stage.settings.dry && !text.is_empty() {
        return look_at(&text, stage).await;
    }
    Ok(())
}

async fn at_once(text: &str, stage: &Stage<'_>) -> Result<(), Fault> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest
            .char_indices()
            .nth(MAX_TEXT)
            .map_or(rest.len(), |(index, _)| index);
        let (part, after) = rest.split_at(end);
        stage.desktop.type_text(part).await?;
        rest = after;
    }
    Ok(())
}

/// Selects what was typed, as a person would who looks it over, and compares.
/// The text stays as it is, with the caret behind it.
async fn look_at(text: &str, stage: &Stage<'_>) -> Result<(), Fault> {
    let chord = |keys: &str| Chord::parse(keys).map_err(|error| Fault::broken(error.to_string()));
    let back = chord("shift+Left")?;
    for _ in text.chars() {
        stage.desktop.hotkey(&back).await?;
    }
    let mut selected = String::new();
    for pause in SELECTED {
        sleep(pause).await;
        selected = stage.desktop.selection().await?;
        if selected == text {
            break;
        }
    }
    let right = Key::from_name("Right").map_err(|error| Fault::broken(error.to_string()))?;
    stage.desktop.press_key(&right).await?;
    if selected == text {
        return Ok(());
    }
    let seen = if selected.is_empty() {
        "nothing could be selected".to_owned()
    } else {
        format!("{selected:?}")
    };
    Err(Fault::Failed(Mismatch {
        message: "the text did not arrive as it was typed".to_owned(),
        expected: format!("{text:?}"),
        seen,
        help: Some(
            "a program that loses keys may take them slower (`speed: 30ms`); one that selects \
             nothing by shift and the arrow keys cannot be verified: compare its picture instead"
                .to_owned(),
        ),
        goes_on: false,
    }))
}
