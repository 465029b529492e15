//! What a step works with while it is played.

use std::path::Path;

use super::{
    UpdateBaselines,
    artifacts::Artifacts,
    fault::Fault,
    recording::{Recording, Saved},
};
use crate::{
    desktop::Desktop,
    event::{Artifact, ArtifactKind, Moment},
    geometry::Size,
};

/// One scenario's desktop, and what its steps share and leave.
pub(super) struct Stage<'a> {
    pub(super) desktop: &'a dyn Desktop,
    pub(super) files: Artifacts,
    pub(super) baselines: &'a Path,
    pub(super) update_baselines: UpdateBaselines,
    /// The recording that runs.
    pub(super) recording: Option<Recording>,
    /// Recordings that ended in this step.
    pub(super) saved: Vec<Saved>,
    /// What the current step left.
    pub(super) artifacts: Vec<Artifact>,
    /// What the current step has to say.
    pub(super) notes: Vec<String>,
}

impl Stage<'_> {
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
        if let Some(recording) = self.recording.take() {
            self.saved
                .push(recording.stop(self.desktop, &self.files).await?);
        }
        Ok(())
    }

    /// The size of the screen now.
    pub(super) async fn screen(&self) -> Result<Size, Fault> {
        Ok(self.desktop.display_info().await?.size())
    }

    /// Where the running recording is.
    pub(super) fn moment(&self) -> Option<Moment> {
        self.recording.as_ref().map(Recording::moment)
    }
}
