//! Recordings of the screen: ffmpeg's x11grab, H.264 in MP4, 12 frames a second.
//!
//! While it records, ffmpeg writes a fragmented MP4, which can be played
//! however the recording ends. At its end the file is rewritten, without
//! encoding again, as a plain one that starts to play before it is loaded.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, SecondsFormat, Utc};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

use super::{
    keeper::{Child, Ending, Program},
    look,
    processes::{Processes, read_end},
};
use crate::{desktop::wire::RecordingStatus, geometry::Size};

/// Frames a second, as the protocol says.
const FRAME_RATE: u32 = 12;

/// A frame and a little: what is on the screen when a recording is stopped is
/// shown in its last frame.
const TAIL: Duration = Duration::from_millis(1300 / FRAME_RATE as u64);

/// How long ffmpeg may take to its first frame, and to its end.
const PATIENCE: Duration = Duration::from_secs(15);

const LOOK_AGAIN: Duration = Duration::from_millis(3);

/// Why a recording did not start or stop.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecorderError {
    /// There is one already.
    #[error("a recording is already active")]
    Active,
    /// There is none.
    #[error("no recording is active")]
    NotActive,
    /// There is no ended recording of that id.
    #[error("there is no recording `{0}`")]
    Unknown(String),
    /// ffmpeg failed.
    #[error("ffmpeg {0}")]
    Ffmpeg(String),
    /// A file could not be written.
    #[error("the recording cannot be kept: {0}")]
    File(#[from] io::Error),
}

/// Makes recordings, one at a time.
pub(super) struct Recorder {
    processes: Processes,
    folder: PathBuf,
    logs: PathBuf,
    display: u32,
    environment: BTreeMap<String, String>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    active: Option<Active>,
    /// The current or most recent recording.
    latest: RecordingStatus,
    count: u64,
}

struct Active {
    ffmpeg: Child,
    /// The fragmented file that grows.
    growing: PathBuf,
}

impl Recorder {
    pub(super) fn new(
        processes: Processes,
        folder: &Path,
        display: u32,
        environment: &BTreeMap<String, String>,
    ) -> Self {
        Self {
            processes,
            folder: folder.join(look::RECORDINGS),
            logs: folder.join(look::LOGS),
            display,
            environment: environment.clone(),
            state: Mutex::default(),
        }
    }

    /// Starts a recording of the whole screen; answers once its first frame is
    /// taken.
    pub(super) async fn start(&self, size: Size) -> Result<RecordingStatus, RecorderError> {
        let mut state = self.state.lock().await;
        if state
            .active
            .as_ref()
            .is_some_and(|active| active.ffmpeg.ended().is_none())
        {
            return Err(RecorderError::Active);
        }
        state.count += 1;
        let id = format!("rec_{}{:03}", Utc::now().timestamp(), state.count);
        let growing = self.folder.join(format!("{id}.growing.mp4"));
        let args = self.arguments(size, &growing);
        let ffmpeg = self.ffmpeg(args).await?;
        self.first_frame(&ffmpeg, &growing).await?;
        state.latest = RecordingStatus {
            active: true,
            started_at: Some(timestamp(self.first_frame_time())),
            stopped_at: None,
            download: format!("/api/recordings/{id}/download"),
            mime_type: "video/mp4".to_owned(),
            file_name: format!("{id}.mp4"),
            display: format!(":{}", self.display),
            resolution: size.to_string(),
            id,
        };
        state.active = Some(Active { ffmpeg, growing });
        Ok(state.latest.clone())
    }

    /// Stops the active recording; answers once its file is whole.
    pub(super) async fn stop(&self) -> Result<RecordingStatus, RecorderError> {
        let mut state = self.state.lock().await;
        let Some(mut active) = state.active.take() else {
            return Err(RecorderError::NotActive);
        };
        sleep(TAIL).await;
        let stopped_at = timestamp(Utc::now());
        active.ffmpeg.interrupt();
        if tokio::time::timeout(PATIENCE, active.ffmpeg.wait())
            .await
            .is_err()
        {
            active.ffmpeg.end();
        }
        state.latest.active = false;
        state.latest.stopped_at = Some(stopped_at);
        let whole = self.folder.join(&state.latest.file_name);
        if self.rewrite(&active.growing, &whole).await.is_err() {
            // A fragmented video is a video.
            fs::rename(&active.growing, &whole)?;
        }
        Ok(state.latest.clone())
    }

    /// Stops a recording if one is active, when the desktop shuts down.
    pub(super) async fn finish(&self) {
        let _ = self.stop().await;
    }

    /// The current or most recent recording.
    pub(super) async fn status(&self) -> RecordingStatus {
        self.state.lock().await.latest.clone()
    }

    /// The file of an ended recording.
    pub(super) async fn file(&self, id: &str) -> Result<PathBuf, RecorderError> {
        let unknown = || RecorderError::Unknown(id.to_owned());
        let plain = id
            .strip_prefix("rec_")
            .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let file = self.folder.join(format!("{id}.mp4"));
        let state = self.state.lock().await;
        let grows = state.active.is_some() && state.latest.id == id;
        if plain && !grows && file.is_file() {
            Ok(file)
        } else {
            Err(unknown())
        }
    }

    fn arguments(&self, size: Size, to: &Path) -> Vec<String> {
        let rate = FRAME_RATE.to_string();
        let (size, display) = (size.to_string(), format!(":{}", self.display));
        let to = to.display().to_string();
        // yuv420p halves both sides of its colours, so odd sizes get a border.
        // A key frame each second is what a cut recording can lose.
        // Without looking ahead the first picture is taken at once, and the video
        // begins when we say that it does, to 30 ms.
        let args = [
            "-probesize",
            "32",
            "-analyzeduration",
            "0",
            "-f",
            "x11grab",
            "-framerate",
            &rate,
            "-draw_mouse",
            "1",
            "-video_size",
            &size,
            "-i",
            &display,
            "-vf",
            "pad=ceil(iw/2)*2:ceil(ih/2)*2",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-tune",
            "zerolatency",
            "-pix_fmt",
            "yuv420p",
            "-r",
            &rate,
            "-g",
            &rate,
            "-movflags",
            "+frag_keyframe+empty_moov+default_base_moof",
            "-flush_packets",
            "1",
            &to,
        ];
        args.map(str::to_owned).to_vec()
    }

    async fn ffmpeg(&self, args: Vec<String>) -> Result<Child, RecorderError> {
        let quiet = ["-nostdin", "-hide_banner", "-nostats", "-y"];
        let program = Program {
            name: "ffmpeg".to_owned(),
            args: quiet.into_iter().map(str::to_owned).chain(args).collect(),
            env: self.environment.clone(),
            cwd: self.folder.clone(),
            stdout: self.log(),
            stderr: self.log(),
            ending: Ending::Finish,
        };
        let child = self.processes.spawn(program).await;
        child.map_err(|error| RecorderError::Ffmpeg(format!("did not start: {error}")))
    }

    /// When the first frame of the latest recording was taken, as ffmpeg says.
    fn first_frame_time(&self) -> DateTime<Utc> {
        let said = read_end(&self.log()).ok();
        said.and_then(|log| start_in(&log)).unwrap_or_else(Utc::now)
    }

    /// Waits until the growing file has a byte: with `empty_moov` its head is
    /// written when the first frame is there.
    async fn first_frame(&self, ffmpeg: &Child, growing: &Path) -> Result<(), RecorderError> {
        let deadline = Instant::now() + PATIENCE;
        while !fs::metadata(growing).is_ok_and(|file| file.len() > 0) {
            if let Some(ended) = ffmpeg.ended() {
                return Err(RecorderError::Ffmpeg(format!(
                    "{ended}: {}",
                    self.last_words()
                )));
            }
            if Instant::now() > deadline {
                ffmpeg.end();
                return Err(RecorderError::Ffmpeg(
                    "took no picture of the screen".to_owned(),
                ));
            }
            sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    async fn rewrite(&self, growing: &Path, whole: &Path) -> Result<(), RecorderError> {
        let [from, to] = [growing, whole].map(|path| path.display().to_string());
        let args = ["-i", &from, "-c", "copy", "-movflags", "+faststart", &to];
        let mut ffmpeg = self.ffmpeg(args.map(str::to_owned).to_vec()).await?;
        let ended = tokio::time::timeout(PATIENCE, ffmpeg.wait()).await;
        if ended.is_ok_and(|ended| ended.exit_code() == 0) {
            return Ok(fs::remove_file(growing)?);
        }
        ffmpeg.end();
        let _ = fs::remove_file(whole);
        Err(RecorderError::Ffmpeg(self.last_words()))
    }

    fn log(&self) -> PathBuf {
        self.logs.join("ffmpeg.log")
    }

    fn last_words(&self) -> String {
        let log = read_end(&self.log()).unwrap_or_default();
        log.trim_end()
            .lines()
            .next_back()
            .unwrap_or("it said nothing")
            .to_owned()
    }
}

fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The time of the first frame in what ffmpeg writes of its input:
/// `Duration: N/A, start: 1795444313.123456, bitrate: N/A`.
fn start_in(log: &str) -> Option<DateTime<Utc>> {
    let (_, of_latest) = log.rsplit_once("x11grab, from")?;
    let (_, start) = of_latest.split_once("start: ")?;
    let (seconds, rest) = start.split_once('.')?;
    let micros = rest.get(..6)?.parse::<i64>().ok()?;
    DateTime::from_timestamp_micros(seconds.parse::<i64>().ok()? * 1_000_000 + micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_is_that_of_the_latest_recording() {
        let log = "Input #0, x11grab, from ':7':\n  Duration: N/A, start: 1700000000.000001, bitrate\n\
                   Input #0, x11grab, from ':7':\n  Duration: N/A, start: 1795444313.123456, bitrate\n\
                   Input #0, mov, from 'x':\n  Duration: 1, start: 0.000000, bitrate\n";
        let start = start_in(log).map(|time| time.timestamp_micros());
        assert_eq!(start, Some(1_795_444_313_123_456));
        assert_eq!(start_in("nothing of that kind"), None);
    }
}
