//! Scenarios played on a desktop in memory, in paused time: a wait of ten
//! seconds takes none.

mod baselines;
mod blocks;
mod commands;
mod films;
mod hold;
mod looks;
mod modifiers;
mod needs;
mod parts;
mod reach;
mod recordings;
mod relations;
mod schedule;
mod screenshots;
mod secrets;
mod seeking;
mod select;
mod silence;
mod steps;
mod targets;
mod trace;
mod waits;
mod widgets;
mod windows;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{Settings, UpdateBaselines, run};
use crate::{
    desktop::{
        Desktop, Host, HostError, MemoryDesktop, Session, Wanted,
        wire::{Extensions, ImageFormat},
    },
    event::{ArtifactKind, Event, EventKind, EventSink, Failure, Outcome, Trouble},
    geometry::{Rect, Size},
    plan::{self, Context},
    scenario::Source,
    vision::{Frame, Recognizer},
};

const SIZE: Size = Size::new(640, 480);
const WHITE: [u8; 3] = [255; 3];

/// What was told.
#[derive(Default)]
struct Heard(Mutex<Vec<Event>>);

impl EventSink for Heard {
    fn emit(&self, event: &Event) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event.clone());
    }
}

/// Gives one prepared desktop, or none.
struct OneDesktop {
    desktop: Mutex<Option<Arc<MemoryDesktop>>>,
    offers: Extensions,
}

struct Lent(Arc<MemoryDesktop>);

#[async_trait]
impl Host for OneDesktop {
    fn kind(&self) -> &'static str {
        "memory"
    }

    async fn offers(&self) -> Result<Extensions, HostError> {
        Ok(self.offers.clone())
    }

    async fn open(&self, _wanted: &Wanted) -> Result<Box<dyn Session>, HostError> {
        let desktop = self.desktop.lock().unwrap().take();
        let message = "no desktop is left".to_owned();
        desktop
            .map(|desktop| Box::new(Lent(desktop)) as Box<dyn Session>)
            .ok_or(HostError {
                message,
                ..HostError::default()
            })
    }
}

#[async_trait]
impl Session for Lent {
    fn desktop(&self) -> &dyn Desktop {
        &*self.0
    }

    async fn close(self: Box<Self>) {}
}

/// A scenario on a desktop, in a folder of its own.
struct Play {
    folder: TempDir,
    text: String,
    languages: &'static str,
    desktop: MemoryDesktop,
    offers: Extensions,
    settings: Settings,
    stop_after: Option<Duration>,
}

/// The result of it.
struct Played {
    folder: TempDir,
    events: Vec<Event>,
    desktop: Arc<MemoryDesktop>,
    /// Whether a desktop was asked for.
    opened: bool,
}

impl Play {
    /// The scenario with these keys beside its version, name and desktop.
    fn text(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            update_baselines: UpdateBaselines::None,
            artifacts: folder.path().join("artifacts"),
            ..Settings::default()
        };
        Self {
            folder,
            text: text.to_owned(),
            languages: "",
            desktop: MemoryDesktop::new(SIZE),
            offers: Extensions::all(),
            settings,
            stop_after: None,
        }
    }

    /// The scenario with these steps.
    fn steps(steps: &str) -> Self {
        Self::text(&format!("steps:\n{steps}"))
    }

    fn on(mut self, change: impl FnOnce(MemoryDesktop) -> MemoryDesktop) -> Self {
        self.desktop = change(self.desktop);
        self
    }

    fn updating(mut self, update: UpdateBaselines) -> Self {
        self.settings.update_baselines = update;
        self
    }

    fn offering(mut self, offers: Extensions) -> Self {
        self.offers = offers;
        self
    }

    fn reading(mut self, recognizer: impl Recognizer + 'static) -> Self {
        self.settings.recognizer = Some(Arc::new(recognizer));
        self
    }

    fn secret(mut self, name: &str, value: &str) -> Self {
        let secrets = &mut self.settings.secrets;
        secrets.insert(name.to_owned(), value.to_owned());
        self
    }

    /// On a desktop in these languages, as `deu, jpn`.
    fn in_languages(mut self, languages: &'static str) -> Self {
        self.languages = languages;
        self
    }

    fn dry(mut self) -> Self {
        self.settings.dry = true;
        self
    }

    fn stopped_after(mut self, time: Duration) -> Self {
        self.stop_after = Some(time);
        self
    }

    fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    fn baseline(self, name: &str, frame: &Frame) -> Self {
        self.file(&format!("baselines/play/{name}.png"), frame.encode_png())
    }

    async fn played(self) -> Played {
        let file = self.folder.path().join("play.yaml");
        let text = format!(
            "version: 1\nname: A play\ndesktop: {{ size: 640x480, languages: [{}] }}\n{}",
            self.languages, self.text
        );
        let source = Source::new(file.to_str().unwrap(), text.as_bytes());
        let secrets = &self.settings.secrets;
        let context = Context {
            environment: &|name| secrets.get(name).cloned(),
            ..Context::default()
        };
        let plans = plan::read([source], &context)
            .unwrap_or_else(|problems| panic!("{problems:?}"))
            .plans;
        let (heard, stop) = (Arc::new(Heard::default()), CancellationToken::new());
        if let Some(time) = self.stop_after {
            let stop = stop.clone();
            tokio::spawn(async move {
                tokio::time::sleep(time).await;
                stop.cancel();
            });
        }
        let desktop = Arc::new(self.desktop);
        let host = OneDesktop {
            desktop: Mutex::new(Some(Arc::clone(&desktop))),
            offers: self.offers,
        };
        let host = Arc::new(host);
        let suite = plans.into_iter().collect();
        run(&suite, host.clone(), &self.settings, heard.clone(), &stop).await;
        let events = std::mem::take(&mut *heard.0.lock().unwrap());
        Played {
            folder: self.folder,
            events,
            desktop,
            opened: host.desktop.lock().unwrap().is_none(),
        }
    }
}

impl Played {
    fn outcome(&self) -> &Outcome {
        let ended = self.events.iter().find_map(|event| match &event.kind {
            EventKind::ScenarioFinished { outcome, .. } => Some(outcome),
            _ => None,
        });
        ended.expect("the scenario ended")
    }

    fn message(&self) -> &str {
        match self.outcome() {
            Outcome::Failed(failure) => &failure.message,
            Outcome::Error(trouble) => &trouble.message,
            other => other.word(),
        }
    }

    /// The outcomes of the steps, in a word each.
    fn steps(&self) -> Vec<&str> {
        let words = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::StepFinished { outcome, .. } => Some(outcome.word()),
            _ => None,
        });
        words.collect()
    }

    /// The same with the titles, in the order in which they ended.
    fn told(&self) -> Vec<String> {
        let mut titles = BTreeMap::new();
        let mut told = Vec::new();
        for event in &self.events {
            match &event.kind {
                EventKind::StepStarted { step, title, .. } => {
                    titles.insert(*step, title.as_str());
                }
                EventKind::StepFinished { step, outcome, .. } => {
                    let title = titles.get(step).copied().unwrap_or("?");
                    told.push(format!("{title}: {}", outcome.word()));
                }
                _ => {}
            }
        }
        told
    }

    /// What the steps had to say beside their outcomes.
    fn notes(&self) -> Vec<&str> {
        let notes = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::StepFinished { notes, .. } => Some(notes),
            _ => None,
        });
        notes.flatten().map(String::as_str).collect()
    }

    /// The error, as people see it.
    fn trouble(&self) -> &Trouble {
        match self.outcome() {
            Outcome::Error(trouble) => trouble,
            other => panic!("{other:?}"),
        }
    }

    /// The failure, as people see it.
    fn failure(&self) -> &Failure {
        match self.outcome() {
            Outcome::Failed(failure) => failure,
            other => panic!("{other:?}"),
        }
    }

    /// What the steps did to the desktop.
    fn actions(&self) -> Vec<String> {
        let mut actions = self.desktop.actions();
        // After a failure the output of launched programs is kept, and at the end
        // their folders are removed.
        actions.retain(|done| !done.contains("DESKHAND_LAUNCH_LOG"));
        actions.retain(|done| !done.contains("deskhand-launched"));
        actions
    }

    fn artifacts(&self, wanted: ArtifactKind) -> Vec<PathBuf> {
        let kept = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::StepFinished { artifacts, .. } => Some(artifacts.clone()),
            EventKind::RecordingSaved { artifact, .. } => Some(vec![artifact.clone()]),
            _ => None,
        });
        let root = self.folder.path().join("artifacts");
        let of_kind = kept.flatten().filter(|artifact| artifact.kind == wanted);
        of_kind.map(|artifact| root.join(artifact.path)).collect()
    }
}
