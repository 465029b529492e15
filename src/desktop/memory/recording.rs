//! The one recording of a desktop in memory.

use super::{MemoryDesktop, Refused, Result, State, not_found};
use crate::desktop::wire::{RecordingStatus, RecordingSummary};

/// What every recording holds.
const VIDEO: &[u8] = b"a video of nothing";

impl MemoryDesktop {
    /// The same, whose recordings hold `video`.
    #[must_use]
    pub fn recording(self, video: &[u8]) -> Self {
        self.lock().video = Some(video.to_vec());
        self
    }

    /// The same, whose recordings end by themselves, by this problem.
    #[must_use]
    pub fn breaking(self, problem: &str) -> Self {
        self.lock().problem = Some(problem.to_owned());
        self
    }

    pub(super) fn start(&self) -> RecordingStatus {
        self.acted("start recording".to_owned());
        let mut state = self.lock();
        let id = "rec_1".to_owned();
        state.recording = RecordingStatus {
            id,
            active: true,
            ..RecordingStatus::default()
        };
        state.recording.clone()
    }

    pub(super) fn stop(&self) -> Result<RecordingStatus> {
        self.acted("stop recording".to_owned());
        let mut state = self.lock();
        state.recording.active = false;
        let State {
            recording, problem, ..
        } = &mut *state;
        recording.problem.clone_from(problem);
        if state.problem.is_none() {
            return Ok(state.recording.clone());
        }
        let refused = Refused {
            status: 409,
            call: "POST /api/recording/stop".to_owned(),
            message: "no recording is active".to_owned(),
            ..Refused::default()
        };
        Err(Box::new(refused).into())
    }

    /// The recording that is kept, also while it runs.
    pub(super) fn kept(&self) -> Option<RecordingSummary> {
        let recording = &self.lock().recording;
        (!recording.id.is_empty()).then(|| summary(recording))
    }

    pub(super) fn kept_as(&self, id: &str) -> Result<RecordingSummary> {
        let kept = self.kept().filter(|recording| recording.id == id);
        kept.ok_or_else(|| not_found(&format!("GET /api/recordings/{id}")))
    }

    pub(super) fn video(&self) -> Vec<u8> {
        self.lock().video.clone().unwrap_or(VIDEO.to_vec())
    }

    pub(super) fn forget(&self, id: &str) -> Result<()> {
        self.kept_as(id)?;
        self.lock().recording = RecordingStatus::default();
        Ok(())
    }
}

fn summary(recording: &RecordingStatus) -> RecordingSummary {
    RecordingSummary {
        id: recording.id.clone(),
        file_name: recording.file_name.clone(),
        download: recording.download.clone(),
        mime_type: recording.mime_type.clone(),
        size_bytes: VIDEO.len() as u64,
        created_at: recording.started_at.clone().unwrap_or_default(),
        active: recording.active,
    }
}
