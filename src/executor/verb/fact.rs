//! What can be true apart from the screen.

use std::{fmt::Write as _, time::Duration};

use tokio::time::{Instant, sleep};

use super::{
    Turn,
    run::{self, part},
};
use crate::{
    desktop::wire::ClipboardContent,
    executor::{
        fault::{Fault, Mismatch, seconds},
        stage::Stage,
    },
    input::Clipboard,
    plan::{Check, Fact, PROCESSES, Step, Text},
};

/// The longest part of a text that a report repeats, in characters.
const LONGEST: usize = 500;

/// How soon a fact that was not true is checked again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

const TENTH: Duration = Duration::from_millis(100);

/// The least time that a command is given, however late it is.
const LEAST: Duration = Duration::from_secs(1);

/// Compares what is so now with what must be so.
pub(super) async fn check(
    fact: &Fact,
    turn: &Turn<'_>,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    check_within(fact, turn.limit(), turn.step, stage).await
}

/// Waits until something is true. The failure shows what was seen last.
pub(super) async fn until(
    fact: &Fact,
    turn: &Turn<'_>,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    loop {
        let left = turn.deadline.saturating_duration_since(Instant::now());
        let looked = check_within(fact, in_tenths(left).max(LEAST), turn.step, stage).await;
        let Err(Fault::Failed(mismatch)) = looked else {
            return looked;
        };
        if turn.deadline.saturating_duration_since(Instant::now()) <= LOOK_AGAIN {
            let limit = seconds(turn.limit());
            return Err(Fault::Failed(Mismatch {
                message: format!("{} (waited {limit})", mismatch.message),
                ..mismatch
            }));
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// A time that a person can read: rounded up to tenths of a second.
fn in_tenths(time: Duration) -> Duration {
    TENTH * u32::try_from(time.as_nanos().div_ceil(TENTH.as_nanos())).unwrap_or(u32::MAX)
}

async fn check_within(
    fact: &Fact,
    limit: Duration,
    step: &Step,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    match fact {
        Fact::Command(command) => run::run(command, limit, step, stage).await,
        _ if stage.settings.dry => Ok(()),
        Fact::Process { name, gone } => process(name, *gone, stage).await,
        Fact::File { path, checks, gone } => file(path, checks, *gone, step, stage).await,
        Fact::Clipboard { clipboard, checks } => {
            clipboard_has(*clipboard, checks, step, stage).await
        }
    }
}

async fn process(name: &str, gone: bool, stage: &Stage<'_>) -> Result<(), Fault> {
    let runs = if PROCESSES.contains(&name) {
        stage.desktop.get_process(name).await?.running
    } else {
        run::runs(name, stage).await?
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
        ..Mismatch::default()
    }))
}

async fn file(
    path: &Text,
    checks: &[Check],
    gone: bool,
    step: &Step,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let path = stage.known.text(path)?;
    let failed = |message: String, expected: String, seen: String, help: Option<&str>| {
        Fault::Failed(Mismatch {
            message,
            expected,
            seen,
            help: help.map(str::to_owned),
            ..Mismatch::default()
        })
    };
    let bytes = match stage.desktop.read_file(&path).await {
        Ok(bytes) => bytes,
        Err(error) if error.status() == Some(404) && gone => return Ok(()),
        Err(error) if error.status() == Some(404) => {
            return Err(failed(
                format!("there is no file `{path}` on the desktop's machine"),
                format!("the file `{path}`"),
                "no such file".to_owned(),
                Some(
                    "a relative path starts in the folder where the desktop was started, `~/` in \
                     the session's home",
                ),
            ));
        }
        // A folder, or something else that cannot be read like a file.
        Err(error) if error.status() == Some(400) => {
            let expected = if gone { "no file" } else { "a file" };
            return Err(failed(
                format!("`{path}` is not a file"),
                format!("{expected} at `{path}`"),
                error.to_string(),
                None,
            ));
        }
        Err(error) => return Err(error.into()),
    };
    let size = format!("a file of {} bytes", bytes.len());
    if gone {
        let message = format!("the file `{path}` exists");
        return Err(failed(message, format!("no file `{path}`"), size, None));
    }
    let text = String::from_utf8_lossy(&bytes);
    for check in checks {
        let wanted = stage.known.pattern(&check.wanted)?;
        if !check.how.holds(&text, &wanted) {
            return Err(failed(
                format!("the text of `{path}` is not as expected"),
                format!("a text that {} `{wanted}`", check.how.name()),
                if text.is_empty() {
                    "an empty file".to_owned()
                } else {
                    beginning(&text)
                },
                None,
            ));
        }
    }
    keep(text.into_owned(), step, stage)
}

async fn clipboard_has(
    clipboard: Clipboard,
    checks: &[Check],
    step: &Step,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let content = stage.desktop.read_clipboard(clipboard).await?;
    for check in checks {
        clipboard_is(check, &content, clipboard, stage)?;
    }
    keep(content.text.unwrap_or_default(), step, stage)
}

/// Compares the text of a clipboard with one check.
fn clipboard_is(
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
        ..Mismatch::default()
    }))
}

/// Remembers a text, if the step captures it.
fn keep(text: String, step: &Step, stage: &mut Stage<'_>) -> Result<(), Fault> {
    if let Some(capture) = &step.capture {
        let value = part(capture, text)?;
        stage.known.capture(&capture.name, value);
    }
    Ok(())
}

/// The first lines of a text.
fn beginning(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        let _ = write!(shown, "… ({} bytes in all)", text.len());
    }
    shown
}
