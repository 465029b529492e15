//! `assert`.

use std::fmt::Write as _;

use super::{Play, Turn, run::part};
use crate::{
    desktop::wire::ClipboardContent,
    event::StepId,
    executor::{
        fault::{Fault, Mismatch},
        find::{self, Search},
        stage::Stage,
    },
    input::Clipboard,
    plan::{Assert, Check, PROCESSES, Sight},
};

/// The longest part of a text that a report repeats, in characters.
const LONGEST: usize = 500;

/// Holds what is there now against what must be there.
impl Play for Assert {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        match self {
            Self::Command(run) => run.play(turn, stage).await,
            _ if stage.settings.dry => Ok(()),
            Self::Clipboard { clipboard, checks } => {
                let content = stage.desktop.read_clipboard(*clipboard).await?;
                for check in checks {
                    self::text(check, &content, *clipboard, stage)?;
                }
                if let Some(capture) = &turn.step.capture {
                    let value = part(capture, content.text.unwrap_or_default())?;
                    stage.known.capture(&capture.name, value);
                }
                Ok(())
            }
            Self::Sight(sight) => self::sight(sight, turn.id, stage).await,
            Self::Process { name, gone } => process(name, *gone, stage).await,
        }
    }
}

async fn sight(sight: &Sight, id: StepId, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let target = &sight.target;
    match (find::once(target, sight.gone, stage).await?, sight.gone) {
        (Search::Found(found), false) => {
            stage.notes.extend(found.notes);
            Ok(())
        }
        (Search::Missing(_), true) => Ok(()),
        (Search::Found(found), true) => Err(Fault::Failed(find::present(target, &found, stage))),
        (Search::Missing(missing), false) => Err(find::absent(target, &missing, id, stage).await),
    }
}

/// Holds the text of a clipboard against one check.
fn text(
    check: &Check,
    content: &ClipboardContent,
    clipboard: Clipboard,
    stage: &Stage<'_>,
) -> Result<(), Fault> {
    let wanted = stage.known.pattern(&check.wanted)?;
    let text = content.text.as_deref();
    if check.how.holds(text.unwrap_or_default(), &wanted) {
        return Ok(());
    }
    let what = clipboard.noun();
    let seen = match text {
        Some("") => "an empty text".to_owned(),
        Some(text) => beginning(text),
        None if content.formats.is_empty() => "nothing".to_owned(),
        None => format!("no text, but {}", content.formats.join(", ")),
    };
    Err(Fault::Failed(Mismatch {
        message: format!("{what} does not contain the expected text"),
        expected: format!("a text that {} `{wanted}`", check.how.name()),
        seen,
        help: (text.is_none() && content.formats.is_empty())
            .then(|| "no program that is still running has copied anything".to_owned()),
        goes_on: false,
    }))
}

/// The first lines of a text.
fn beginning(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        let _ = write!(shown, "… ({} bytes in all)", text.len());
    }
    shown
}

async fn process(name: &str, gone: bool, stage: &Stage<'_>) -> Result<(), Fault> {
    let runs = if PROCESSES.contains(&name) {
        stage.desktop.get_process(name).await?.running
    } else {
        super::run::runs(name, stage).await?
    };
    if runs != gone {
        return Ok(());
    }
    let word = |runs: bool| if runs { "runs" } else { "does not run" };
    Err(Fault::Failed(Mismatch {
        message: format!("`{name}` {}", word(runs)),
        expected: format!("that `{name}` {}", word(!runs)),
        seen: format!("it {}", word(runs)),
        help: (!runs).then(|| "the output of launched programs is among the artifacts".to_owned()),
        goes_on: false,
    }))
}
