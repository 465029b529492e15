//! Plays plans on desktops, and tells what happens as events, and nothing else.
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
mod environment;
mod fault;
mod find;
mod focus;
mod launched;
mod needs;
mod player;
mod recording;
mod redactor;
mod scenario;
mod shell;
mod stage;
mod steps;
mod tesseract;
#[cfg(test)]
mod tests;
mod values;
mod verb;
mod video;
mod view;
mod watch;

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use self::{
    environment::Environment,
    find::{Sighting, Sightings, everything},
    tesseract::Tesseract,
};
use self::{
    player::Player,
    redactor::{Masked, Redactor},
};
use crate::{
    desktop::Host,
    event::{Event, EventKind, EventSink, ScenarioId},
    plan::Plan,
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

/// How a run is to be played.
#[derive(Clone, Default)]
pub struct Settings {
    /// Which baselines may be written.
    pub update_baselines: UpdateBaselines,
    /// The folder for pictures, videos and logs.
    pub artifacts: PathBuf,
    /// The secrets of all plans, by their names. They are in no event and in
    /// no file that a run leaves.
    pub secrets: BTreeMap<String, String>,
    /// What reads text in pictures, if anything does.
    pub recognizer: Option<Arc<dyn Recognizer>>,
    /// Whether nothing is looked at: every step is played, and what it expects
    /// is taken to hold. For a host of desktops in memory.
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
    let mask = Redactor::new(&settings.secrets);
    let sink = &Masked {
        sink,
        mask: mask.clone(),
    };
    let emit = |kind| sink.emit(&Event::now(kind));
    emit(EventKind::RunStarted {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: machine(),
        target: host.kind().to_owned(),
        scenarios: plans.len(),
        jobs: 1,
        shard: None,
        shuffle: None,
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
            mask: mask.clone(),
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

/// The longest name of a scenario's folder, in characters.
const LONGEST_FOLDER: usize = 80;

/// Gives each scenario a folder of its own below that of the artifacts.
#[derive(Default)]
struct Folders {
    taken: HashSet<String>,
}

impl Folders {
    /// The name of the file without its ending, and the row of the matrix; two
    /// of one name get a number.
    fn of(&mut self, plan: &Plan) -> String {
        let stem = Path::new(&plan.file)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        // Reports write paths where brackets and bars have a meaning.
        let row = plan.row.as_deref().map(|row| format!(".{row}"));
        let name = format!("{stem}{}", row.unwrap_or_default());
        let stem: String = name
            .chars()
            .take(LONGEST_FOLDER)
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
