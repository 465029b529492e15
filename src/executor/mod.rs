//! Plays plans on desktops, and reports what happens as events, and in no other way.
//!
//! Scenarios are played side by side, each on a desktop of its own, in the order of their suite, as
//! far as what they must not share allows that. One that fails can be tried again on a fresh
//! desktop; if it passes then, it is flaky.
//!
//! A scenario has three parts: setup, steps and teardown. A step that fails
//! ends its part.
//!
//! | what happens | what is played | the scenario is |
//! | --- | --- | --- |
//! | setup fails | the steps are skipped, teardown is played | failed |
//! | a step fails | the steps after it are skipped, teardown is played | failed |
//! | a step that is `soft` fails | the steps after it, teardown | failed |
//! | a step meets an error | the steps after it are skipped, teardown is played | an error |
//! | teardown fails | the rest of it is skipped | an error |
//! | an interrupt | the running step ends, teardown is played | interrupted |
//!
//! Beside the steps, the desktop's processes are
//! watched, so that one that dies ends the scenario as an error, at once and by
//! its name.

mod artifacts;
mod baseline;
mod change;
mod circumstances;
mod cut;
mod difference;
mod environment;
mod fault;
mod filming;
mod find;
mod focus;
mod folders;
mod hand;
mod held;
mod human;
mod launched;
mod logs;
mod needs;
mod notes;
mod player;
mod recording;
mod redactor;
mod scenario;
mod schedule;
mod secret_place;
mod shell;
mod stage;
mod steps;
mod tesseract;
#[cfg(test)]
mod tests;
mod timeline;
mod trace;
mod values;
mod verb;
mod video;
mod view;
mod watch;
mod written;

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc, time::Duration};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use self::{
    environment::Environment,
    find::{Sighting, Sightings, everything},
    tesseract::Tesseract,
    trace::KeepTrace,
};
use self::{
    player::Run,
    redactor::{Masked, Redactor},
    written::Written,
};
use crate::{
    desktop::Host,
    event::{Event, EventKind, EventSink},
    plan::Suite,
    timeline::Pace,
    vision::Recognizer,
};

/// Which baselines a run may write. One that it wrote is never a pass.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum UpdateBaselines {
    /// Every one.
    All,
    /// Those that are missing, and those that the screen differs from.
    Changed,
    /// Those that are missing.
    #[default]
    Missing,
    /// None; a missing one is a failure.
    None,
}

/// How to play a run.
#[derive(Clone, Default)]
pub struct Settings {
    /// Which baselines may be written.
    pub update_baselines: UpdateBaselines,
    /// The folder for pictures, videos and logs.
    pub artifacts: PathBuf,
    /// The secrets of all plans, by their names. No event and no file of a run contains them.
    pub secrets: BTreeMap<String, String>,
    /// What reads text in pictures, if anything does.
    pub recognizer: Option<Arc<dyn Recognizer>>,
    /// How many scenarios are played side by side; 0 counts as 1. A host that has only
    /// this many desktops is not asked for more.
    pub jobs: usize,
    /// How often a scenario that does not pass is tried again. If it is `None`, its
    /// file says it.
    pub retries: Option<u32>,
    /// After how many scenarios that failed or met an error no other is begun.
    pub max_failures: Option<usize>,
    /// When what the screen showed before and after each step is kept.
    pub trace: KeepTrace,
    /// For whom scenarios are played; each says it itself if this is `None`.
    pub pace: Option<Pace>,
    /// Whether nothing is looked at: every step is played, and what it expects is assumed to hold.
    /// For a host of desktops in memory.
    pub dry: bool,
}

impl fmt::Debug for Settings {
    /// Without the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("update_baselines", &self.update_baselines)
            .field("artifacts", &self.artifacts)
            .field("dry", &self.dry)
            .finish_non_exhaustive()
    }
}

/// Plays a suite, up to [`Settings::jobs`] of its scenarios side by side, each on a
/// fresh desktop of `host`. When `stop` is cancelled, the running scenarios are
/// interrupted, their teardowns are played, and the others are not begun.
///
/// If the future is dropped, the scenarios end where they are, without a teardown.
pub async fn run(
    suite: &Suite,
    host: Arc<dyn Host>,
    settings: &Settings,
    sink: Arc<dyn EventSink>,
    stop: &CancellationToken,
) {
    let begun = Instant::now();
    let mask = Redactor::new(&settings.secrets);
    let sink: Arc<dyn EventSink> = Arc::new(Masked {
        sink,
        mask: mask.clone(),
    });
    let most = host.most().unwrap_or(usize::MAX);
    let jobs = settings.jobs.min(most).max(1);
    sink.emit(&Event::now(EventKind::RunStarted {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: machine(),
        target: host.kind().to_owned(),
        scenarios: suite.planned(),
        jobs,
        shard: suite.shard,
        division: suite.division,
        shuffle: suite.shuffle,
        expected: expected(suite),
    }));
    let run = Run {
        host: Arc::clone(&host),
        settings: settings.clone(),
        mask,
        sink: Arc::clone(&sink),
        stop: stop.clone(),
        written: Written::default(),
    };
    schedule::play(suite, jobs, &Arc::new(run)).await;
    host.finish().await;
    sink.emit(&Event::now(EventKind::RunFinished {
        interrupted: stop.is_cancelled(),
        took: begun.elapsed(),
    }));
}

/// How long a suite would take if its scenarios were played one after another and took as long as
/// earlier. New scenarios count as the mean of the others.
fn expected(suite: &Suite) -> Option<Duration> {
    if suite.until_failure {
        return None;
    }
    let known: Vec<Duration> = suite.played().filter_map(|entry| entry.expected).collect();
    let sum: Duration = known.iter().sum();
    let mean = sum.checked_div(u32::try_from(known.len()).ok()?)?;
    let new = suite.played().count() - known.len();
    Some(sum + mean * u32::try_from(new).ok()?)
}

/// The name of this machine, as the kernel knows it.
fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() {
        "localhost".to_owned()
    } else {
        name.to_owned()
    }
}
