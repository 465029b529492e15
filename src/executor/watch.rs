//! Notices when a process of the desktop dies while a scenario plays.

use std::{collections::BTreeSet, time::Duration};

use futures_util::StreamExt;
use tokio::time::{sleep, timeout};

use super::fault::Breakage;
use crate::desktop::{Desktop, wire::ProcessStatusList};

/// How many lines of a log an error repeats.
const LOG_LINES: usize = 12;

/// How long the others may take to follow the first that died: without an X
/// server none of them lives on, and the one to be named is the first of them.
const SETTLE: Duration = Duration::from_millis(150);

/// Pauses before asking a silent desktop again; after the last it is lost.
const AGAIN: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(150),
    Duration::from_millis(400),
    Duration::from_millis(900),
];

/// Watches until a process that once ran runs no more, or until the desktop
/// does not answer any more; then says so. Otherwise it never ends.
pub(super) async fn until_lost(desktop: &dyn Desktop) -> Breakage {
    let mut ran = BTreeSet::new();
    let mut pauses = AGAIN.iter();
    loop {
        let problem = match follow(desktop, &mut ran).await {
            Ended::Lost(breakage) => return breakage,
            Ended::Heard => {
                pauses = AGAIN.iter();
                "its status stream ended".to_owned()
            }
            Ended::Silent(problem) => problem,
        };
        let Some(pause) = pauses.next() else {
            return Breakage {
                message: "the desktop no longer answers".to_owned(),
                detail: Some(problem),
                help: None,
            };
        };
        sleep(*pause).await;
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
}

async fn follow(desktop: &dyn Desktop, ran: &mut BTreeSet<String>) -> Ended {
    let mut stream = match desktop.status_stream().await {
        Ok(stream) => stream,
        Err(error) => return Ended::Silent(error.to_string()),
    };
    let mut heard = false;
    while let Some(list) = stream.next().await {
        let list = match list {
            Ok(list) => list,
            Err(error) if !heard => return Ended::Silent(error.to_string()),
            Err(_) => return Ended::Heard,
        };
        heard = true;
        if lost(&list, ran).is_empty() {
            ran.extend(list.items.into_iter().filter(|p| p.running).map(|p| p.name));
            continue;
        }
        sleep(SETTLE).await;
        let list = desktop.process_status().await.unwrap_or(list);
        let names = lost(&list, ran);
        if !names.is_empty() {
            return Ended::Lost(describe(desktop, &names).await);
        }
    }
    if heard {
        Ended::Heard
    } else {
        Ended::Silent("its status stream ended at once".to_owned())
    }
}

/// The processes that ran and run no more, those that others need first.
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
