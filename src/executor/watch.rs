//! Notices when a process of the desktop dies while a scenario plays.

use std::{collections::BTreeSet, time::Duration};

use futures_util::StreamExt;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::fault::Breakage;
use crate::desktop::{Desktop, DesktopError, StatusStream, wire::ProcessStatusList};

/// How many lines of a log an error repeats.
const LOG_LINES: usize = 12;

/// How long the others may take to follow the first that died: without an X
/// server none of them lives on, and the one to be named is the first of them.
const SETTLE: Duration = Duration::from_millis(150);

/// How long a status stream may say nothing: four times as long as it ever does.
const SILENCE: Duration = Duration::from_secs(8);

/// How long a desktop that says nothing may take to answer a question.
const ANSWER: Duration = Duration::from_secs(3);

/// How long it may take to open a status stream.
const OPENING: Duration = Duration::from_secs(10);

/// Pauses before asking a silent desktop again; after the last it is lost.
const AGAIN: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(150),
    Duration::from_millis(400),
    Duration::from_millis(900),
];

/// Watches until a process that once ran has ended, or until the desktop no longer answers; then
/// says so, and gives up a desktop that does not answer. Otherwise it never ends.
pub(super) async fn until_lost(desktop: &dyn Desktop) -> Breakage {
    let mut ran = BTreeSet::new();
    let mut pauses = AGAIN.iter();
    loop {
        let (problem, again) = match follow(desktop, &mut ran).await {
            Ended::Lost(breakage) => return breakage,
            Ended::Heard => {
                pauses = AGAIN.iter();
                ("its status stream ended".to_owned(), true)
            }
            Ended::Silent(problem) => (problem, true),
            Ended::Mute(problem) => (problem, false),
        };
        let Some(pause) = pauses.next().filter(|_| again) else {
            desktop.give_up();
            return Breakage {
                message: "the desktop no longer answers".to_owned(),
                detail: Some(problem),
                help: None,
            };
        };
        sleep(*pause).await;
    }
}

/// Gives up a desktop that does not answer, once somebody has interrupted.
pub(super) async fn hurry(desktop: &dyn Desktop, interrupted: &CancellationToken) {
    interrupted.cancelled().await;
    if timeout(ANSWER, desktop.process_status()).await.is_err() {
        desktop.give_up();
    }
}

/// How one connection to the status stream ended.
enum Ended {
    /// A process was lost.
    Lost(Breakage),
    /// It ended after it had said something.
    Heard,
    /// It said nothing.
    Silent(String),
    /// There is a connection, but no answer.
    Mute(String),
}

/// What came next from a status stream.
enum Next {
    List(ProcessStatusList),
    Word(DesktopError),
    End,
    Mute,
}

async fn follow(desktop: &dyn Desktop, ran: &mut BTreeSet<String>) -> Ended {
    let mut stream = match timeout(OPENING, desktop.status_stream()).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Ended::Silent(error.to_string()),
        Err(_) => return Ended::Mute(said_nothing(OPENING)),
    };
    let mut heard = false;
    // What the desktop itself says why it will be lost.
    let mut reason = None;
    loop {
        let list = match next(desktop, &mut stream).await {
            Next::List(list) => list,
            Next::Word(DesktopError::Stream { message }) if reason.is_none() => {
                reason = Some(message);
                continue;
            }
            Next::Word(error) if !heard => return Ended::Silent(error.to_string()),
            Next::End if !heard => {
                return Ended::Silent("its status stream ended at once".to_owned());
            }
            Next::Word(_) | Next::End => return Ended::Heard,
            Next::Mute => return Ended::Mute(said_nothing(SILENCE + ANSWER)),
        };
        heard = true;
        let is_told = |list: &ProcessStatusList| reason.is_some() && list.running == 0;
        if lost(&list, ran).is_empty() && !is_told(&list) {
            ran.extend(list.items.into_iter().filter(|p| p.running).map(|p| p.name));
            continue;
        }
        sleep(SETTLE).await;
        let now = timeout(ANSWER, desktop.process_status()).await;
        let list = now.ok().and_then(Result::ok).unwrap_or(list);
        if let Some(reason) = reason.as_ref().filter(|_| is_told(&list)) {
            return Ended::Lost(told(reason));
        }
        let names = lost(&list, ran);
        if !names.is_empty() {
            return Ended::Lost(describe(desktop, &names).await);
        }
    }
}

/// Waits for the next event; a desktop that has said nothing for long is asked.
async fn next(desktop: &dyn Desktop, stream: &mut StatusStream) -> Next {
    match timeout(SILENCE, stream.next()).await {
        Ok(Some(Ok(list))) => return Next::List(list),
        Ok(Some(Err(error))) => return Next::Word(error),
        Ok(None) => return Next::End,
        Err(_) => {}
    }
    match timeout(ANSWER, desktop.process_status()).await {
        Ok(Ok(list)) => Next::List(list),
        Ok(Err(error)) => Next::Word(error),
        Err(_) => Next::Mute,
    }
}

fn said_nothing(time: Duration) -> String {
    format!("it has said nothing for {} s", time.as_secs())
}

/// A loss that the desktop itself explains; what to do about it, in further lines.
fn told(reason: &str) -> Breakage {
    let (reason, help) = match reason.split_once('\n') {
        Some((reason, help)) => (reason, Some(help.to_owned())),
        None => (reason, None),
    };
    Breakage {
        message: format!("the desktop was lost while the scenario was playing: {reason}"),
        detail: None,
        help,
    }
}

/// The processes that ran but no longer run, those that others need first.
fn lost(list: &ProcessStatusList, ran: &BTreeSet<String>) -> Vec<String> {
    let gone = list.items.iter().filter(|process| !process.running);
    gone.filter(|process| ran.contains(&process.name))
        .map(|p| p.name.clone())
        .collect()
}

async fn describe(desktop: &dyn Desktop, names: &[String]) -> Breakage {
    let (first, others) = names
        .split_first()
        .map_or(("a process", &[][..]), |(f, o)| (f, o));
    let also = if others.is_empty() {
        String::new()
    } else {
        format!(" (and {})", others.join(", "))
    };
    let log = timeout(Duration::from_secs(1), desktop.process_errors(first)).await;
    let log = log.ok().and_then(Result::ok).unwrap_or_default();
    Breakage {
        message: format!(
            "the desktop process `{first}`{also} ended while the scenario was \
                          playing"
        ),
        detail: last_lines(&log).map(|lines| {
            format!(
                "the end of the output of \
                                                      `{first}`:\n{lines}"
            )
        }),
        help: Some("its complete log is among the artifacts".to_owned()),
    }
}

fn last_lines(log: &str) -> Option<String> {
    let lines: Vec<&str> = log.trim_end().lines().collect();
    let from = lines.len().saturating_sub(LOG_LINES);
    (!lines.is_empty()).then(|| lines[from..].join("\n"))
}
