//! Recordings of the screen: H.264 in MP4, 12 frames a second; and, on request, a clean video next
//! to it: lossless, without the pointer, each frame with its own time.
//!
//! ```text
//! X server ──▶ film ──▶ feed ── pipe ──▶ ffmpeg ──▶ rec_1.mp4
//!             (thread) └▶ feed ── pipe ──▶ ffmpeg ──▶ rec_1.mkv
//! ```
//!
//! Pictures are taken only where something was drawn, so that a still screen costs next to
//! nothing.
//!
//! While it records, ffmpeg writes a fragmented MP4, which can be played
//! however the recording ends. At its end the file is rewritten, without
//! encoding again, as a plain one that starts to play before it is loaded.
//! Both have the same name, so what a crash leaves behind is a recording like any other.

mod feed;
mod ffmpeg;
mod film;
mod matroska;
mod pace;
mod store;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, SecondsFormat, Utc};
use tokio::sync::Mutex;

use self::{
    feed::Feed,
    ffmpeg::{Ffmpeg, Video},
    film::{Clean, Film, Order},
    store::{Name, Store},
};
use super::{
    keeper::{Child, Ended},
    look,
    processes::Processes,
    x11::{self, Camera, XError},
};
use crate::{
    desktop::wire::{RecordingStatus, RecordingSummary},
    geometry::Size,
};

/// Frames a second, as the protocol says.
const FRAME_RATE: u32 = 12;

/// How long ffmpeg may take until its first frame, and until its end.
const PATIENCE: Duration = Duration::from_secs(15);

const MIME_TYPE: &str = "video/mp4";

/// Why a recording did not start or stop.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecorderError {
    /// One is active already.
    #[error("a recording is already active")]
    Active,
    /// None is active.
    #[error("no recording is active{0}")]
    NotActive(String),
    /// There is no recording of that id.
    #[error("there is no recording `{0}`")]
    Unknown(String),
    /// It has no clean video.
    #[error("the recording `{0}` has no clean frames")]
    Unframed(String),
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
    /// What grants access to the X server.
    cookie: [u8; 16],
    state: Mutex<State>,
}

/// The screen to record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screening {
    /// The number of its display.
    pub(super) display: u32,
    /// Its size now.
    pub(super) size: Size,
    /// The maximum number of frames per second of a clean recording; none is made without it.
    pub(super) clean: Option<u32>,
}

#[derive(Default)]
struct State {
    active: Option<Active>,
    /// The active or most recent recording.
    latest: RecordingStatus,
}

struct Active {
    name: Name,
    film: Film,
    /// The processes that make its videos.
    ffmpegs: Vec<Child>,
}

impl Active {
    /// Whether it, or a part of it, has ended on its own.
    fn has_ended(&self) -> bool {
        self.film.has_ended() || self.ffmpegs.iter().any(|child| child.ended().is_some())
    }
}

impl Recorder {
    /// Keeps recordings in `kept`, which is created when it is needed, or else in the desktop's own
    /// `folder`.
    pub(super) fn new(
        processes: Processes,
        kept: Option<&Path>,
        folder: &Path,
        environment: &BTreeMap<String, String>,
        cookie: [u8; 16],
    ) -> Self {
        let own = folder.join(look::RECORDINGS);
        let kept = kept.unwrap_or(&own);
        // ffmpeg runs in a different folder from whoever named this one.
        let kept = std::path::absolute(kept).unwrap_or_else(|_| kept.to_owned());
        Self {
            ffmpeg: Ffmpeg::new(processes, folder, environment),
            store: Store::new(&kept),
            cookie,
            state: Mutex::default(),
        }
    }

    /// Starts a recording of a whole screen; returns once its first frame is taken.
    pub(super) async fn start(
        &self,
        screening: Screening,
    ) -> Result<RecordingStatus, RecorderError> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await;
        if state.active.is_some() {
            return Err(RecorderError::Active);
        }
        let name = self.store.reserve(Utc::now())?;
        let (active, begun) = match self.record(&name, screening).await {
            Ok(recording) => recording,
            Err(error) => {
                self.store.remove(&name);
                return Err(error);
            }
        };
        let Screening { display, size, .. } = screening;
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
            frames: active.film.frames(),
        };
        state.active = Some(active);
        Ok(state.latest.clone())
    }

    /// Starts the processes that record; returns the time of the first frame.
    async fn record(
        &self,
        name: &Name,
        screening: Screening,
    ) -> Result<(Active, DateTime<Utc>), RecorderError> {
        let Screening {
            display,
            size,
            clean,
        } = screening;
        let cookie = self.cookie;
        let open = move || Camera::open(display, &cookie, size);
        let camera = x11::within(PATIENCE, open).await?;
        let (file, frames) = (self.store.file(name), self.store.frames(name));
        let mut begun = Begun(Vec::new());
        let plain = begun.with(self.ffmpeg.record(Video::Plain, size, &file).await?);
        let plain = Feed::start(plain, size)?;
        let clean = match clean {
            Some(rate) => {
                let pipe = begun.with(self.ffmpeg.record(Video::Clean, size, &frames).await?);
                let feed = Feed::start(pipe, size)?;
                Some(Clean { feed, rate })
            }
            None => None,
        };
        let order = Order {
            camera,
            size,
            plain,
            clean,
        };
        let (taken, first) = Film::start(order).await?;
        for (child, file) in begun.0.iter().zip([&file, &frames]) {
            self.ffmpeg.first_frame(child, file).await?;
        }
        let active = Active {
            name: name.clone(),
            film: taken,
            ffmpegs: std::mem::take(&mut begun.0),
        };
        Ok((active, first))
    }

    /// Stops the active recording; returns once its file is complete.
    pub(super) async fn stop(&self) -> Result<RecordingStatus, RecorderError> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await;
        let Some(active) = state.active.take() else {
            let why = state.latest.problem.as_ref();
            let why = why.map_or_else(String::new, |problem| format!(": {problem}"));
            return Err(RecorderError::NotActive(why));
        };
        self.complete(&mut state, active).await;
        Ok(state.latest.clone())
    }

    /// Stops a recording, if one is active, because the screen that it shows is about to go away.
    pub(super) async fn finish(&self) {
        let _ = self.stop().await;
        self.store.tidy();
    }

    /// The active or most recent recording.
    pub(super) async fn status(&self) -> RecordingStatus {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await;
        if let Some(active) = &state.active {
            state.latest.frames = active.film.frames();
        }
        state.latest.clone()
    }

    /// All recordings that are kept, oldest first.
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
    pub(super) async fn file(&self, id: &str) -> Result<PathBuf, RecorderError> {
        let summary = self.get(id).await?;
        let name = Name::of(&summary.id).ok_or(RecorderError::Unknown(summary.id))?;
        Ok(self.store.file(&name))
    }

    /// The file of the clean video of a recording, if there is one.
    pub(super) async fn frames(&self, id: &str) -> Result<PathBuf, RecorderError> {
        let summary = self.get(id).await?;
        let unknown = || RecorderError::Unframed(id.to_owned());
        let name = Name::of(&summary.id).ok_or_else(unknown)?;
        self.store.has_frames(&name).ok_or_else(unknown)
    }

    /// Removes a recording that is not active.
    pub(super) async fn delete(&self, id: &str) -> Result<(), RecorderError> {
        let summary = self.get(id).await?;
        if summary.active {
            return Err(RecorderError::Active);
        }
        let unknown = || RecorderError::Unknown(id.to_owned());
        let name = Name::of(id).ok_or_else(unknown)?;
        let _ = std::fs::remove_file(self.store.frames(&name));
        match std::fs::remove_file(self.store.file(&name)) {
            // Somebody else was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(unknown()),
            removed => Ok(removed?),
        }
    }

    /// Notices a recording that has ended on its own.
    async fn settle(&self, state: &mut State) {
        if let Some(active) = state.active.take_if(|active| active.has_ended()) {
            self.complete(state, active).await;
        }
    }

    /// Ends a recording, and makes its file one that plays from its start.
    async fn complete(&self, state: &mut State, mut active: Active) {
        let early = active.has_ended();
        let answers = active.film.stop().await;
        let stopped = Utc::now();
        let ends = active.ffmpegs.iter_mut().map(ffmpeg::finish);
        let mut problem = active.film.problem();
        if !answers {
            let silent = "the last picture was not taken; perhaps the X server does not answer";
            problem.get_or_insert_with(|| silent.to_owned());
        }
        for end in futures_util::future::join_all(ends).await {
            let broken = match end {
                Ok(Ended::Code(0)) => None,
                Ok(ended) => Some(self.ffmpeg.how(ended)),
                Err(problem) => Some(problem),
            };
            problem = problem.or(broken);
        }
        if early {
            problem.get_or_insert_with(|| self.ffmpeg.how(Ended::Code(0)));
        }
        state.latest.active = false;
        state.latest.problem = problem;
        state.latest.stopped_at = Some(timestamp(stopped));
        state.latest.frames = active.film.frames();
        let (file, whole) = (
            self.store.file(&active.name),
            self.store.whole(&active.name),
        );
        let length = active.film.length();
        // A fragmented video is a video, so nothing is lost if this fails.
        if self.ffmpeg.rewrite(&file, &whole, length).await.is_err()
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

/// The processes that were started for a recording; they are ended again unless it begins.
struct Begun(Vec<Child>);

impl Begun {
    fn with(&mut self, (child, pipe): (Child, std::fs::File)) -> std::fs::File {
        self.0.push(child);
        pipe
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        for child in &self.0 {
            child.end();
        }
    }
}

fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
