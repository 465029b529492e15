//! The four managed processes.

use std::{convert::Infallible, time::Duration};

use axum::{
    Json,
    extract::{Path, State},
    response::sse::{Event, Sse},
};
use futures_util::stream::{self, Stream as Events};
use tokio::{sync::watch, time::timeout};

use super::{Shared, refusal::Refusal};
use crate::{
    desktop::wire::{PROCESSES, ProcessErrors, ProcessInfo, ProcessLogs, ProcessStatusList},
    server::processes::Stream,
};

/// How often the stream speaks although nothing changed.
const HEARTBEAT: Duration = Duration::from_secs(2);

pub(super) async fn status(State(parts): Shared) -> Json<ProcessStatusList> {
    Json(parts.processes.watch().borrow().clone())
}

/// An event at once, one at every change, and one every 2 s.
pub(super) async fn stream(
    State(parts): Shared,
) -> Sse<impl Events<Item = Result<Event, Infallible>>> {
    let mut statuses = parts.processes.watch();
    statuses.mark_changed();
    Sse::new(stream::unfold(statuses, next))
}

type Statuses = watch::Receiver<ProcessStatusList>;

async fn next(mut statuses: Statuses) -> Option<(Result<Event, Infallible>, Statuses)> {
    if let Ok(Err(_)) = timeout(HEARTBEAT, statuses.changed()).await {
        return None;
    }
    let list = statuses.borrow_and_update().clone();
    let event = Event::default()
        .json_data(list)
        .unwrap_or_else(|error| Event::default().event("error").data(error.to_string()));
    Some((Ok(event), statuses))
}

pub(super) async fn one(
    State(parts): Shared,
    Path(name): Path<String>,
) -> Result<Json<ProcessInfo>, Refusal> {
    let name = known(&name)?;
    let list = parts.processes.watch().borrow().clone();
    let process = list.items.into_iter().find(|process| process.name == name);
    process
        .map(Json)
        .ok_or_else(|| Refusal::internal("the process is not in the list"))
}

pub(super) async fn logs(
    State(parts): Shared,
    Path(name): Path<String>,
) -> Result<Json<ProcessLogs>, Refusal> {
    let name = known(&name)?;
    // A process that has not started yet has written nothing.
    let logs = parts
        .processes
        .log(name, Stream::Stdout)
        .unwrap_or_default();
    Ok(Json(ProcessLogs {
        process: name.to_owned(),
        logs,
    }))
}

pub(super) async fn errors(
    State(parts): Shared,
    Path(name): Path<String>,
) -> Result<Json<ProcessErrors>, Refusal> {
    let name = known(&name)?;
    let errors = parts
        .processes
        .log(name, Stream::Stderr)
        .unwrap_or_default();
    Ok(Json(ProcessErrors {
        process: name.to_owned(),
        errors,
    }))
}

fn known(name: &str) -> Result<&'static str, Refusal> {
    let known = PROCESSES.into_iter().find(|known| *known == name);
    known.ok_or_else(|| Refusal::field("name", format!("must be one of {}", PROCESSES.join(", "))))
}
