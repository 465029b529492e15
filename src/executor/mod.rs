//! Plays plans on desktops, and tells what happens as events, and nothing else.
//!
//! A scenario has three parts: setup, steps and teardown. A step that fails
//! ends its part; a failed setup skips the steps; teardown is played always,
//! also after an interrupt. Beside the steps, the desktop's processes are
//! watched, so that one that dies ends the scenario as an error, at once and by
//! its name.

mod artifacts;
mod baseline;
mod capture;
mod fault;
mod recording;
mod scenario;
mod stage;
#[cfg(test)]
mod tests;
mod verb;
mod watch;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::scenario::Player;
use crate::{
    desktop::Host,
    event::{Event, EventKind, EventSink, ScenarioId},
    plan::Plan,
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

/// How a run is to be played.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which baselines may be written.
    pub update_baselines: UpdateBaselines,
    /// The folder for pictures, videos and logs.
    pub artifacts: PathBuf,
}

/// Plays `plans` one after another, each on a fresh desktop of `host`. When
/// `stop` is cancelled, the running scenario is interrupted, its teardown is
/// played, and the others are not begun.
pub async fn run(
    plans: &[Plan],
    host: &dyn Host,
    settings: &Settings,
    sink: &dyn EventSink,
    stop: &CancellationToken,
) {
    let begun = Instant::now();
    let emit = |kind| sink.emit(&Event::now(kind));
    emit(EventKind::RunStarted {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: machine(),
        target: host.kind().to_owned(),
        scenarios: plans.len(),
    });
    let mut folders = Folders::default();
    for (number, plan) in plans.iter().enumerate() {
        if stop.is_cancelled() {
            break;
        }
        let folder = folders.of(plan);
        let player = Player {
            plan,
            id: ScenarioId(number),
            settings,
            folder,
            sink,
            stop,
        };
        player.play(host).await;
    }
    host.finish().await;
    emit(EventKind::RunFinished {
        interrupted: stop.is_cancelled(),
        took: begun.elapsed(),
    });
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

/// Gives each scenario a folder of its own below that of the artifacts.
#[derive(Default)]
struct Folders {
    taken: HashSet<String>,
}

impl Folders {
    /// The name of the file without its ending; two files of one name get a
    /// number.
    fn of(&mut self, plan: &Plan) -> String {
        let stem = Path::new(&plan.file)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        // Reports write paths where brackets and bars have a meaning.
        let stem: String = stem
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let numbered = |n: usize| {
            if n == 1 {
                stem.clone()
            } else {
                format!("{stem}-{n}")
            }
        };
        let mut names = (1..).map(numbered);
        let free = names
            .find(|name| !self.taken.contains(name))
            .unwrap_or(stem.clone());
        self.taken.insert(free.clone());
        free
    }
}
