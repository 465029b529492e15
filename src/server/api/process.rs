//! The four managed processes.

use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    response::sse::{Event, Sse},
};
use futures_util::{
    future::BoxFuture,
    stream::{self, Stream as Events, StreamExt},
};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    task::spawn_blocking,
    time::timeout,
};

use super::{Shared, extract::Segment, refusal::Refusal};
use crate::{
    desktop::wire::{
        PROCESSES, ProcessErrors, ProcessInfo, ProcessLogs, ProcessRestart, ProcessStatusList,
    },
    server::{
        keeper::{Exceeded, KeeperError},
        machine::Machine,
        processes::Stream,
    },
};

/// How often the stream sends an event although nothing changed.
const HEARTBEAT: Duration = Duration::from_secs(2);

pub(super) async fn status(State(machine): Shared) -> Json<ProcessStatusList> {
    Json(machine.processes.watch().borrow().clone())
}

/// An event at once, one at every change, and one every 2 s.
pub(super) async fn stream(
    State(machine): Shared,
) -> Result<Sse<impl Events<Item = Result<Event, Infallible>>>, Refusal> {
    let place = Arc::clone(&machine.listening).try_acquire_owned();
    let place = place.map_err(|_| Refusal::too_many("too many status streams are open"))?;
    let mut statuses = machine.processes.watch();
    statuses.mark_changed();
    let processes = machine.processes.clone();
    let lost = async move {
        processes.lost().await;
        match processes.exceeded() {
            Some(Exceeded { reason, help }) => format!("{reason}\n{help}"),
            None => KeeperError::Gone.to_string(),
        }
    };
    let following = Following {
        statuses,
        lost: Some(Box::pin(lost)),
        _place: place,
    };
    let events = stream::unfold(following, next);
    Ok(Sse::new(
        events.take_until(machine.closing.clone().cancelled_owned()),
    ))
}

/// Who follows the states.
struct Following {
    statuses: watch::Receiver<ProcessStatusList>,
    /// Whether the keeper is lost, and why, until that has been sent.
    lost: Option<BoxFuture<'static, String>>,
    /// The place of this stream among those that may be open.
    _place: OwnedSemaphorePermit,
}

async fn next(mut following: Following) -> Option<(Result<Event, Infallible>, Following)> {
    let keeper_lost = async {
        match &mut following.lost {
            Some(lost) => lost.await,
            None => pending().await,
        }
    };
    tokio::select! {
        biased;
        why = keeper_lost => {
            // It explains why none of them runs, which is sent after it.
            following.lost = None;
            following.statuses.mark_changed();
            return Some((Ok(Event::default().event("error").data(why)), following));
        }
        changed = timeout(HEARTBEAT, following.statuses.changed()) => {
            if let Ok(Err(_)) = changed {
                return None;
            }
        }
    }
    let list = following.statuses.borrow_and_update().clone();
    let event = Event::default()
        .json_data(list)
        .unwrap_or_else(|error| Event::default().event("error").data(error.to_string()));
    Some((Ok(event), following))
}

pub(super) async fn one(
    State(machine): Shared,
    Segment(name): Segment,
) -> Result<Json<ProcessInfo>, Refusal> {
    Ok(Json(state(&machine, known(&name)?)?))
}

/// Ends a process and starts it again, with those that need it.
pub(super) async fn restart(
    State(machine): Shared,
    Segment(name): Segment,
) -> Result<Json<ProcessRestart>, Refusal> {
    let name = known(&name)?;
    let restarted = machine.restart(name).await;
    restarted.map_err(|error| Refusal::internal(error.to_string()))?;
    let status = state(&machine, name)?;
    let message = format!("{name} restarted");
    Ok(Json(ProcessRestart { message, status }))
}

fn state(machine: &Machine, name: &str) -> Result<ProcessInfo, Refusal> {
    let list = machine.processes.watch().borrow().clone();
    let process = list.items.into_iter().find(|process| process.name == name);
    process.ok_or_else(|| Refusal::internal("the process is missing from the list"))
}

pub(super) async fn logs(
    State(machine): Shared,
    Segment(name): Segment,
) -> Result<Json<ProcessLogs>, Refusal> {
    let (process, logs) = said(&machine, &name, Stream::Stdout).await?;
    Ok(Json(ProcessLogs { process, logs }))
}

pub(super) async fn errors(
    State(machine): Shared,
    Segment(name): Segment,
) -> Result<Json<ProcessErrors>, Refusal> {
    let (process, errors) = said(&machine, &name, Stream::Stderr).await?;
    Ok(Json(ProcessErrors { process, errors }))
}

/// The name of a process, and what it wrote.
async fn said(machine: &Machine, name: &str, stream: Stream) -> Result<(String, String), Refusal> {
    let name = known(name)?;
    let processes = machine.processes.clone();
    let read = spawn_blocking(move || processes.log(name, stream)).await;
    let read = read.map_err(|error| Refusal::internal(error.to_string()))?;
    // A process that has not started yet has written nothing.
    Ok((name.to_owned(), read.unwrap_or_default()))
}

fn known(name: &str) -> Result<&'static str, Refusal> {
    let known = PROCESSES.into_iter().find(|known| *known == name);
    known.ok_or_else(|| Refusal::field("name", format!("must be one of {}", PROCESSES.join(", "))))
}

#[cfg(test)]
mod tests {
    use tokio::{
        sync::Semaphore,
        time::{Instant, sleep},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_stream_speaks_at_once_at_every_change_and_every_two_seconds() {
        let (sender, mut statuses) = watch::channel(ProcessStatusList::new(Vec::new()));
        statuses.mark_changed();
        let place = Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap();
        let begun = Instant::now();
        let following = Following {
            statuses,
            lost: None,
            _place: place,
        };
        let (_, following) = next(following).await.unwrap();
        assert_eq!(begun.elapsed(), Duration::ZERO);

        let (_, following) = next(following).await.unwrap();
        assert_eq!(begun.elapsed(), HEARTBEAT, "nothing has changed");

        let change = async {
            sleep(HEARTBEAT / 4).await;
            sender.send_replace(ProcessStatusList::new(Vec::new()));
        };
        let (told, ()) = tokio::join!(next(following), change);
        assert_eq!(begun.elapsed(), HEARTBEAT + HEARTBEAT / 4);

        drop(sender);
        let (_, following) = told.unwrap();
        assert!(next(following).await.is_none(), "the desktop is gone");
    }

    #[test]
    fn only_the_four_processes_have_a_name() {
        for name in PROCESSES {
            assert_eq!(known(name).unwrap(), name);
        }
        for name in ["", "XVFB", "xvfb ", "ffmpeg"] {
            let problem = "400 name: must be one of xvfb, xfce4, x11vnc, novnc";
            assert_eq!(known(name).unwrap_err().words(), problem);
        }
    }
}
