//! What a step works with while it is played.

use std::path::Path;

use super::{
    Settings,
    artifacts::Artifacts,
    environment::Environment,
    fault::{Breakage, Fault},
    find::sight::SearchCache,
    hand::Hand,
    launched::{self, Launched},
    logs,
    recording::{Recording, Saved},
    secret_place::Secret,
    timeline::Scene,
    trace::{self, Did, Output, Trace},
    values::Known,
    view::Eyes,
    written::Written,
};
use crate::{
    desktop::{Desktop, wire::Holding},
    event::{Artifact, ArtifactKind, StepId},
    geometry::{Rect, Size},
    language::Language,
};

/// One scenario's desktop, and what its steps share and leave.
pub(super) struct Stage<'a> {
    pub(super) desktop: &'a dyn Desktop,
    /// What works its pointer and its keyboard.
    pub(super) hand: Hand<'a>,
    /// What a film learns about the scenario.
    pub(super) scene: Scene,
    /// How it is looked at.
    pub(super) eyes: Eyes<'a>,
    pub(super) settings: &'a Settings,
    pub(super) files: Artifacts,
    pub(super) baselines: &'a Path,
    /// The languages of the text on the screen, in addition to English.
    pub(super) languages: &'a [Language],
    /// The baselines that this run wrote.
    pub(super) written: Written,
    /// The environment of its pictures; `None` until somebody asks.
    pub(super) environment: Option<Environment>,
    /// Secrets, and what was captured.
    pub(super) known: Known<'a>,
    /// The programs that were launched.
    pub(super) launched: Launched,
    /// What was read on the screen last.
    pub(super) sight: SearchCache,
    /// What is held down, and how to release it.
    pub(super) held: Vec<Holding>,
    /// What the current step pointed at, or found.
    pub(super) target: Option<Rect>,
    /// The trace that records what happens, if there is one.
    pub(super) trace: Option<Trace<'a>>,
    /// How many hidden blocks and steps are being played, nested in each other.
    pub(super) hidden: usize,
    /// The running recording.
    pub(super) recording: Option<Recording>,
    /// The places of the secrets that were typed.
    pub(super) secrets: Vec<Secret>,
    /// Recordings that ended in this step.
    pub(super) saved: Vec<Saved>,
    /// The files of the current step.
    pub(super) artifacts: Vec<Artifact>,
    /// The notes of the current step.
    pub(super) notes: Vec<String>,
    /// Whether it was noted that the desktop does not report the stacking order.
    pub(super) told_of_no_stack: bool,
    /// Why recordings that ended were not kept.
    pub(super) lost: Vec<Breakage>,
}

impl<'a> Stage<'a> {
    /// A desktop on which nothing has been done.
    pub(super) fn new(
        desktop: &'a dyn Desktop,
        eyes: Eyes<'a>,
        settings: &'a Settings,
        files: Artifacts,
        baselines: &'a Path,
    ) -> Self {
        Self {
            desktop,
            hand: Hand::new(desktop, None, files.mask.clone()),
            scene: Scene::default(),
            eyes,
            settings,
            files,
            baselines,
            languages: &[],
            written: Written::default(),
            environment: None,
            known: Known::new(&settings.secrets),
            launched: Launched::none(),
            sight: SearchCache::default(),
            held: Vec::new(),
            target: None,
            trace: None,
            hidden: 0,
            recording: None,
            secrets: Vec::new(),
            saved: Vec::new(),
            artifacts: Vec::new(),
            notes: Vec::new(),
            told_of_no_stack: false,
            lost: Vec::new(),
        }
    }

    /// Writes a file and remembers it as one of the current step.
    pub(super) fn keep(
        &mut self,
        kind: ArtifactKind,
        name: &str,
        bytes: &[u8],
    ) -> Result<(), Fault> {
        let artifact = self.files.keep(kind, name, bytes)?;
        // A step that looks twice keeps its last look.
        if !self.artifacts.contains(&artifact) {
            self.artifacts.push(artifact);
        }
        Ok(())
    }

    /// Notes once that the desktop does not report the stacking order.
    pub(super) fn tell_of_no_stack(&mut self) {
        if !std::mem::replace(&mut self.told_of_no_stack, true) {
            let note = "this desktop does not report which window is on top: it is not checked \
                        whether clicks reach their targets and which window is focused";
            self.notes.push(note.to_owned());
        }
    }

    /// The size of the screen now.
    pub(super) async fn screen(&self) -> Result<Size, Fault> {
        Ok(self.desktop.display_info().await?.size())
    }

    /// Sees what the screen shows before a step.
    pub(super) async fn trace_before(&mut self, step: StepId) {
        self.target = None;
        if let Some(trace) = self.trace.as_mut().filter(|_| self.hidden == 0) {
            trace.before(step).await;
            // Its own look is not one of the step.
            self.eyes.looks();
        }
    }

    /// Sees what the screen shows after a step, and what programs wrote meanwhile: after
    /// one that did not pass in any case, otherwise now and then.
    pub(super) async fn trace_after(&mut self, step: StepId, passed: bool) {
        let Some(trace) = self.trace.as_mut().filter(|_| self.hidden == 0) else {
            return;
        };
        let did = Did {
            target: self.target.take(),
            looks: self.eyes.looks(),
            read: self.sight.last_read(),
        };
        let (desktop, launched) = (self.desktop, !self.launched.is_empty());
        let wanted = trace.wants_written(passed);
        let output = async move {
            let mut output = Output::default();
            if wanted {
                if launched {
                    output.launched = launched::log(desktop).await;
                }
                output.processes = logs::of_processes(desktop, trace::LOOK).await;
            }
            output
        };
        trace.after(step, did, output).await;
        self.notes.extend(trace.broken());
    }
}
