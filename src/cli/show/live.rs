//! A run in progress: what is new, and what its desktops show.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::response::sse::{Event, KeepAlive, Sse};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::{sync::watch, task::spawn_blocking, time::sleep};

use super::{desk::Desk, page};
use crate::{
    event::{ArtifactKind, Snapshot},
    geometry::{Point, Size},
    plain::visible,
    report::ScenarioLog,
    vision::Frame,
};

/// How often to look whether more has happened.
const LOOK_AGAIN: Duration = Duration::from_millis(400);

/// The most pixels that a picture of a desktop has: those of the largest screen.
const MOST_PIXELS: u64 = 7680 * 4320;

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct State {
    /// A number that changes each time something has happened.
    version: u64,
    /// The name of the run, as its page has it.
    run: String,
    /// Whether the run is in progress.
    running: bool,
    /// How many scenarios have ended, and how many there are.
    ended: usize,
    planned: usize,
    /// Those that are being played.
    playing: Vec<Playing>,
}

/// A scenario that is being played.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Playing {
    id: usize,
    name: String,
    /// The step that it is at.
    step: Option<String>,
    /// The page that shows its desktop.
    viewer: Option<String>,
    /// Whether there is a picture of its desktop.
    picture: bool,
}

/// Looks at the run from time to time, as long as somebody wants to know.
pub(super) async fn watch(desk: Arc<Desk>, news: watch::Sender<State>) {
    loop {
        let shared = Arc::clone(&desk);
        let looked = spawn_blocking(move || {
            let (changed, running) = shared.runs.look();
            (changed, state(&shared, running))
        });
        if let Ok((changed, now)) = looked.await {
            news.send_if_modified(|known| {
                let same = State {
                    version: known.version,
                    ..now.clone()
                };
                if !changed && *known == same {
                    return false;
                }
                let version = known.version + 1;
                *known = State { version, ..now };
                true
            });
        }
        sleep(LOOK_AGAIN).await;
    }
}

fn state(desk: &Desk, running: bool) -> State {
    let log = desk.runs.log();
    let is_playing = |scenario: &&ScenarioLog| running && scenario.is_running();
    let playing = log.scenarios.iter().filter(is_playing);
    let playing: Vec<Playing> = playing.map(Playing::of).collect();
    State {
        version: 0,
        run: page::run(&log),
        running,
        ended: log.scenarios.iter().filter(|it| !it.is_running()).count(),
        planned: log.planned,
        playing,
    }
}

impl Playing {
    fn of(scenario: &ScenarioLog) -> Self {
        let is_open = |step: &&crate::report::StepLog| step.outcome.is_none();
        let step = scenario.steps.iter().rev().find(is_open);
        let viewer = scenario.desktop.as_ref().and_then(|it| it.viewer.clone());
        Self {
            id: scenario.id.0,
            name: visible(&scenario.name),
            step: step.map(|step| visible(&step.title)),
            // The file of events may have been written by anybody.
            viewer: viewer.filter(|it| it.starts_with("http://") || it.starts_with("https://")),
            picture: trace(scenario).is_some(),
        }
    }
}

/// Tells a page what is new, beginning with what is known.
pub(super) fn events(
    news: watch::Receiver<State>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let told = stream::unfold((news, true), |(mut news, first)| async move {
        if !first {
            news.changed().await.ok()?;
        }
        let state = news.borrow_and_update().clone();
        let event = Event::default().json_data(&state).ok()?;
        Some((Ok(event), (news, false)))
    });
    Sse::new(told).keep_alive(KeepAlive::default())
}

/// What the desktop of a scenario showed last, as a PNG.
pub(super) fn picture(desk: &Desk, scenario: usize) -> Option<Vec<u8>> {
    let log = desk.runs.log();
    let scenario = log.scenarios.iter().find(|it| it.id.0 == scenario)?;
    let lines = desk.runs.read(trace(scenario)?).ok()?;
    last_screen(&String::from_utf8_lossy(&lines)).map(|frame| frame.encode_png())
}

fn trace(scenario: &ScenarioLog) -> Option<&str> {
    let mut artifacts = scenario.artifacts.iter();
    let trace = artifacts.find(|artifact| artifact.kind == ArtifactKind::Trace)?;
    Some(&trace.path)
}

/// The screen after all lines of a trace; the last one may still be being written.
fn last_screen(lines: &str) -> Option<Frame> {
    let mut screen: Option<Frame> = None;
    for line in lines.lines() {
        let Ok(moment) = serde_json::from_str::<Snapshot>(line) else {
            continue;
        };
        if let Some((width, height)) = moment.screen {
            let is_possible = u64::from(width) * u64::from(height) <= MOST_PIXELS;
            screen = is_possible.then(|| Frame::filled(Size::new(width, height), [0; 3]));
        }
        for patch in &moment.drawn {
            let part = BASE64_STANDARD.decode(&patch.png).ok();
            let part = part.and_then(|png| Frame::decode_png(&png).ok());
            if let (Some(screen), Some(part)) = (&mut screen, part) {
                screen.put(&part, Point::new(patch.x, patch.y));
            }
        }
    }
    screen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Patch, StepId, When};

    #[test]
    fn the_last_screen_is_all_that_was_drawn_over_each_other() {
        let patch = |colour: [u8; 3], size, x| Patch {
            x,
            y: 0,
            png: BASE64_STANDARD.encode(Frame::filled(size, colour).encode_png()),
        };
        let mut first = Snapshot::of(StepId(1), When::After);
        first.screen = Some((8, 4));
        first.drawn = vec![patch([9, 9, 9], Size::new(8, 4), 0)];
        let mut second = Snapshot::of(StepId(2), When::After);
        second.drawn = vec![patch([200, 0, 0], Size::new(2, 2), 6)];
        let line = |moment: &Snapshot| serde_json::to_string(moment).unwrap();
        let cut = &line(&second)[..30];
        let lines = format!("{}\n{}\n{cut}", line(&first), line(&second));
        let screen = last_screen(&lines).unwrap();
        assert_eq!(screen.size(), Size::new(8, 4));
        assert_eq!(screen.pixel(Point::new(0, 0)), Some([9, 9, 9]));
        assert_eq!(screen.pixel(Point::new(7, 1)), Some([200, 0, 0]));
        assert_eq!(screen.pixel(Point::new(7, 3)), Some([9, 9, 9]));
    }

    #[test]
    fn a_screen_that_cannot_be_takes_no_memory() {
        let mut moment = Snapshot::of(StepId(1), When::After);
        moment.screen = Some((u32::MAX, u32::MAX));
        assert!(last_screen(&serde_json::to_string(&moment).unwrap()).is_none());
    }
}
