//! Recordings of the screen: ffmpeg's x11grab, H.264 in MP4, 12 frames a second.
//!
//! While it records, ffmpeg writes a fragmented MP4, which can be played
//! however the recording ends. At its end the file is rewritten, without
//! encoding again, as a plain one that starts to play before it is loaded.
//! Both have the same name, so what a crash leaves is a recording like others.

mod ffmpeg;
mod store;

use std::{collections::BTreeMap, io, path::Path, time::Duration};

use chrono::{DateTime, SecondsFormat, Utc};
use tokio::{sync::Mutex, time::sleep};

use self::{
    ffmpeg::Ffmpeg,
    store::{Name, Store},
};
use super::{keeper::Child, look, processes::Processes, x11::XError};
use crate::{
    desktop::wire::{RecordingStatus, RecordingSummary},
    geometry::Size,
};

/// Frames a second, as the protocol says.
const FRAME_RATE: u32 = 12;

/// A frame and a little: what is on the screen when a recording is stopped is
/// shown in its last frame.
const TAIL: Duration = Duration::from_millis(1300 / FRAME_RATE as u64);

/// How long ffmpeg may take to its first frame, and to its end.
const PATIENCE: Duration = Duration::from_secs(15);

const MIME_TYPE: &str = "video/mp4";

/// Why a recording did not start or stop.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecorderError {
    /// There is one already.
    #[error("a recording is already active")]
    Active,
    /// There is none.
    #[error("no recording is active{0}")]
    NotActive(String),
    /// There is no recording of that id.
    #[error("there is no recording `{0}`")]
    Unknown(String),
    /// There is no screen to record.
    #[error(transparent)]
    Screen(#[from] XError),
    /// ffmpeg failed.
    #[error("ffmpeg {0}")]
    Ffmpeg(String),
    /// A file could not be written.
    #[error("the recording cannot be saved: {0}")]
    File(#[from] io::Error),
}

/// Makes recordings, one at a time, and keeps them.
pub(super) struct Recorder {
    ffmpeg: Ffmpeg,
    store: Store,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    active: Option<Active>,
    /// The active or most recent recording.
    latest: RecordingStatus,
}

struct Active {
    name: Name,
    ffmpeg: Child,
}

impl Recorder {
    /// Keeps its recordings in `kept`, which is made when it is needed, or else
    /// in the desktop's own `folder`.
    pub(super) fn new(
        processes: Processes,
        kept: Option<&Path>,
        folder: &Path,
        environment: &BTreeMap<String, String>,
    ) -> Self {
        let own = folder.join(look::RECORDINGS);
        let kept = kept.unwrap_or(&own);
        // ffmpeg runs in another folder than whoever named this one.
        let kept = std::path::absolute(kept).unwrap_or_else(|_| kept.to_owned());
        Self {
            ffmpeg: Ffmpeg::new(processes, folder, environment),
            store: Store::new(&kept),
            state: Mutex::default(),
        }
    }

    /// Starts a recording of the whole screen, `size` pixels of `display`;
    /// answers once its first frame is taken.
    pub(super) async fn start(
        &self,
        display: u32,
        size: Size,
    ) -> Result<RecordingStatus, RecorderError> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await;
        if state.active.is_some() {
            return Err(RecorderError::Active);
        }
        let name = self.store.reserve(Utc::now())?;
        let file = self.store.file(&name);
        let (ffmpeg, begun) = match self.ffmpeg.record(display, size, &file).await {
            Ok(recording) => recording,
            Err(error) => {
                let _ = std::fs::remove_file(file);
                return Err(error);
            }
        };
        state.latest = RecordingStatus {
            id: name.id().to_owned(),
            active: true,
            started_at: Some(timestamp(begun)),
            stopped_at: None,
            download: name.download(),
            mime_type: MIME_TYPE.to_owned(),
            file_name: name.file_name(),
            display: format!(":{display}"),
            resolution: size.to_string(),
            problem: None,
        };
        state.active = Some(Active { name, ffmpeg });
        Ok(state.latest.clone())
    }

    /// Stops the active recording; answers once its file is whole.
    pub(super) async fn stop(&self) -> Result<RecordingStatus, RecorderError> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await;
        let Some(mut active) = state.active.take() else {
            let why = state.latest.problem.as_ref();
            let why = why.map_or_else(String::new, |problem| format!(": {problem}"));
            return Err(RecorderError::NotActive(why));
        };
        sleep(TAIL).await;
        let stopped = Utc::now();
        state.latest.problem = ffmpeg::finish(&mut active.ffmpeg).await;
        self.complete(&mut state, &active.name, stopped).await;
        Ok(state.latest.clone())
    }

    /// Stops a recording if one is active: the screen it shows goes away.
    pub(super) async fn finish(&self) {
        let _ = self.stop().await;
        self.store.tidy();
    }

    /// The active or most recent recording.
    pub(super) async fn status(&self) -> RecordingStatus {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await;
        state.latest.clone()
    }

    /// Every recording that is kept, oldest first.
    pub(super) async fn list(&self) -> Result<Vec<RecordingSummary>, RecorderError> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await;
        let names = self.store.list()?;
        let all = names.iter().filter_map(|name| self.summary(&state, name));
        Ok(all.collect())
    }

    /// One recording.
    pub(super) async fn get(&self, id: &str) -> Result<RecordingSummary, RecorderError> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await;
        let name = Name::of(id).ok_or_else(|| RecorderError::Unknown(id.to_owned()))?;
        let summary = self.summary(&state, &name);
        summary.ok_or_else(|| RecorderError::Unknown(id.to_owned()))
    }

    /// The file of a recording. What there is of an active one can be played.
    pub(super) async fn file(&self, id: &str) -> Result<std::path::PathBuf, RecorderError> {
        let summary = self.get(id).await?;
        let name = Name::of(&summary.id).ok_or(RecorderError::Unknown(summary.id))?;
        Ok(self.store.file(&name))
    }

    /// Removes a recording that is not active.
    pub(super) async fn delete(&self, id: &str) -> Result<(), RecorderError> {
        let summary = self.get(id).await?;
        if summary.active {
            return Err(RecorderError::Active);
        }
        let unknown = || RecorderError::Unknown(id.to_owned());
        let name = Name::of(id).ok_or_else(unknown)?;
        match std::fs::remove_file(self.store.file(&name)) {
            // Somebody else was quicker.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(unknown()),
            removed => Ok(removed?),
        }
    }

    /// Notices a recording that ended by itself.
    async fn settle(&self, state: &mut State) {
        let ended = |active: &mut Active| active.ffmpeg.ended().is_some();
        let Some(active) = state.active.take_if(ended) else {
            return;
        };
        // Before it is asked to rewrite the file, which it tells of as well.
        let ended = active.ffmpeg.ended();
        state.latest.problem = ended.map(|ended| self.ffmpeg.how(ended));
        self.complete(state, &active.name, Utc::now()).await;
    }

    /// Makes the file of an ended recording one that plays from its start.
    async fn complete(&self, state: &mut State, name: &Name, stopped: DateTime<Utc>) {
        state.latest.active = false;
        state.latest.stopped_at = Some(timestamp(stopped));
        let (file, whole) = (self.store.file(name), self.store.whole(name));
        // A fragmented video is a video, so nothing is lost if this fails.
        if self.ffmpeg.rewrite(&file, &whole).await.is_err()
            || std::fs::rename(&whole, &file).is_err()
        {
            let _ = std::fs::remove_file(&whole);
        }
    }

    fn summary(&self, state: &State, name: &Name) -> Option<RecordingSummary> {
        let size = self.store.size(name)?;
        let active = state.active.as_ref();
        Some(RecordingSummary {
            id: name.id().to_owned(),
            file_name: name.file_name(),
            download: name.download(),
            mime_type: MIME_TYPE.to_owned(),
            size_bytes: size,
            created_at: timestamp(name.created()),
            active: active.is_some_and(|active| active.name == *name),
        })
    }
}

fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
