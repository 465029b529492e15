//! What a step works with while it is played.

use std::path::Path;

use super::{
    Settings,
    artifacts::Artifacts,
    environment::Environment,
    fault::{Breakage, Fault},
    find::sight::SearchCache,
    launched::{self, Launched},
    logs,
    recording::{Recording, Saved, Stopped},
    trace::{self, Did, Output, Trace},
    values::Known,
    view::Eyes,
    written::Written,
};
use crate::{
    desktop::{Desktop, wire::Holding},
    event::{Artifact, ArtifactKind, Moment, StepId},
    geometry::{Rect, Size},
    language::Language,
};

/// One scenario's desktop, and what its steps share and leave.
pub(super) struct Stage<'a> {
    pub(super) desktop: &'a dyn Desktop,
    /// How it is looked at.
    pub(super) eyes: Eyes<'a>,
    pub(super) settings: &'a Settings,
    pub(super) files: Artifacts,
    pub(super) baselines: &'a Path,
    /// The languages that text on the screen is in, beside English.
    pub(super) languages: &'a [Language],
    /// The baselines that this run wrote.
    pub(super) written: Written,
    /// What its pictures depend on; `None` until somebody asks.
    pub(super) environment: Option<Environment>,
    /// Secrets, and what was captured.
    pub(super) known: Known<'a>,
    /// The programs that were launched.
    pub(super) launched: Launched,
    /// What was read on the screen last.
    pub(super) sight: SearchCache,
    /// What is held down, as it is let go again.
    pub(super) held: Vec<Holding>,
    /// What the current step pointed at, or found.
    pub(super) target: Option<Rect>,
    /// What sees all that happens, if anything does.
    pub(super) trace: Option<Trace<'a>>,
    /// How many blocks and steps that nobody is to see are being played, in each other.
    pub(super) hidden: usize,
    /// The recording that runs.
    pub(super) recording: Option<Recording>,
    /// Recordings that ended in this step.
    pub(super) saved: Vec<Saved>,
    /// What the current step left.
    pub(super) artifacts: Vec<Artifact>,
    /// What the current step has to say.
    pub(super) notes: Vec<String>,
    /// Whether it was told that the desktop cannot say what lies on what.
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

    /// Starts the recording `name`.
    pub(super) async fn start_recording(&mut self, name: &str) -> Result<(), Fault> {
        self.recording = Some(Recording::start(self.desktop, name).await?);
        Ok(())
    }

    /// Stops the recording that runs, if one does, and keeps its video.
    pub(super) async fn stop_recording(&mut self) -> Result<(), Fault> {
        let Some(recording) = &mut self.recording else {
            return Ok(());
        };
        // It is let go after that, so that a stop that is cut off can be repeated.
        let stopped = recording.stop(self.desktop, &self.files).await;
        self.recording = None;
        let Stopped { saved, broken } = stopped?;
        self.saved.extend(saved);
        broken.map_or(Ok(()), |breakage| Err(Fault::Broken(breakage)))
    }

    /// Cuts the hidden parts out of the recordings that ended.
    pub(super) async fn cut_recordings(&mut self) {
        for mut saved in std::mem::take(&mut self.saved) {
            match saved.cut(&self.files).await {
                Ok(()) => self.saved.push(saved),
                Err(breakage) => self.lost.push(breakage),
            }
        }
    }

    /// Says once that the desktop does not tell what lies on what.
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

    /// Where the running recording is.
    pub(super) fn moment(&self) -> Option<Moment> {
        self.recording.as_ref().map(Recording::moment)
    }

    /// Keeps what happens from here on out of the recording that runs, and of the trace.
    pub(super) fn hide(&mut self) {
        self.hidden += 1;
        if let Some(recording) = &mut self.recording {
            recording.hide();
        }
    }

    /// Shows again what happens from here on, unless it is in something that is hidden.
    pub(super) fn show(&mut self) {
        self.hidden = self.hidden.saturating_sub(1);
        if self.hidden > 0 {
            return;
        }
        if let Some(recording) = &mut self.recording {
            recording.show();
        }
    }

    /// Sees what the screen shows before a step.
    pub(super) async fn trace_before(&mut self, step: StepId) {
        self.target = None;
        if let Some(trace) = self.trace.as_mut().filter(|_| self.hidden == 0) {
            trace.before(step).await;
            // Its own look is none of the step's.
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
