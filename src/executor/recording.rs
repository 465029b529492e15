//! Recordings of a scenario: started and stopped by its steps, kept as videos.

use std::{path::Path, process::Stdio, time::Duration};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{
    artifacts::Artifacts,
    fault::{Breakage, Fault},
    video,
};
use crate::{
    desktop::{Desktop, wire::RecordingStatus},
    event::{Artifact, ArtifactKind, Moment},
    geometry::Size,
};

/// The status of a stop where nothing is recorded.
const CONFLICT: u16 = 409;

/// A frame can have the time of the one before it, and on a busy machine a frame
/// stands for those that were missed after it; so more is left out than the time
/// of a hidden step, this much before it...
const LEAD: Duration = Duration::from_millis(150);
/// ...and this much after it.
const TRAIL: Duration = Duration::from_millis(300);

/// How much shorter than the time that passed a whole video may be, beside a
/// tenth of it: a busy machine takes its last frame late.
const SLACK: Duration = Duration::from_secs(1);

/// A recording that runs.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    name: String,
    id: String,
    begun: Instant,
    /// The parts that nobody is to see, in time from its start, in their order
    /// and apart from each other.
    hidden: Vec<(Duration, Duration)>,
    /// Since when nobody is to see it.
    hiding: Option<Duration>,
    /// How long it was on when it was stopped.
    on: Option<Duration>,
    /// The size of what is recorded, if the desktop says it.
    size: Option<Size>,
}

/// What came of a recording.
#[derive(Debug)]
pub(super) struct Stopped {
    /// Its video, if there is any.
    pub(super) saved: Option<Saved>,
    /// Why it does not show all that it should.
    pub(super) broken: Option<Breakage>,
}

/// A recording that was saved.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub(super) name: String,
    pub(super) artifact: Artifact,
    pub(super) span: Duration,
    /// The parts that are still to be cut out of it.
    hidden: Vec<(Duration, Duration)>,
}

impl Saved {
    /// Cuts its hidden parts out, once. Where that fails the video is removed:
    /// it shows what nobody is to see.
    pub(super) async fn cut(&mut self, files: &Artifacts) -> Result<(), Breakage> {
        let hidden = std::mem::take(&mut self.hidden);
        let video = files.path(&self.artifact);
        cut(&video, &hidden).await.map_err(|reason| {
            let _ = std::fs::remove_file(&video);
            let name = &self.name;
            Breakage {
                message: format!(
                    "the video `{name}` was not kept, because its hidden steps could not be cut \
                     out: {reason}"
                ),
                detail: None,
                help: Some("`ffmpeg` has to be installed where Deskhand runs".to_owned()),
            }
        })
    }
}

impl Recording {
    /// Starts the recording `name`.
    pub(super) async fn start(desktop: &dyn Desktop, name: &str) -> Result<Self, Fault> {
        let asked = Instant::now();
        let status = desktop.start_recording().await?;
        let begun = Instant::now() - since_first_frame(&status, asked.elapsed());
        Ok(Self {
            name: name.to_owned(),
            id: status.id,
            begun,
            hidden: Vec::new(),
            hiding: None,
            on: None,
            size: status.resolution.parse().ok(),
        })
    }

    /// Stops it and keeps its video, of which the hidden parts are still to be cut
    /// out: that may take longer than any step. One whose stop was cut off can be
    /// stopped again.
    pub(super) async fn stop(
        &mut self,
        desktop: &dyn Desktop,
        files: &Artifacts,
    ) -> Result<Stopped, Fault> {
        self.show();
        let on = *self.on.get_or_insert(self.begun.elapsed());
        let end = self.end(desktop).await?;
        let video = desktop.download_recording(&self.id).await?;
        let length = video::length(&video);
        let nothing = length == Some(Duration::ZERO);
        let mut saved = None;
        if !nothing {
            let name = format!("{}.mp4", self.name);
            saved = Some(Saved {
                name: self.name.clone(),
                artifact: files.keep(ArtifactKind::Video, &name, &video)?,
                span: self.shown(length.unwrap_or(on)),
                hidden: self.hidden.clone(),
            });
        }
        // The video is ours now. Where it cannot be removed it does no harm.
        let _ = desktop.delete_recording(&self.id).await;
        let path = saved.as_ref().map(|saved| saved.artifact.path.as_str());
        let broken = end.why(length, on).map(|why| self.broken(&why, path));
        Ok(Stopped { saved, broken })
    }

    /// Ends it, unless it has ended by itself.
    async fn end(&self, desktop: &dyn Desktop) -> Result<End, Fault> {
        match desktop.stop_recording().await {
            Ok(status) => Ok(End {
                problem: status.problem,
                ..End::default()
            }),
            Err(error) if error.status() == Some(CONFLICT) => {
                let status = desktop.recording_status().await?;
                // Without its X server it has no size, but it still has the video.
                let size = desktop.display_info().await.map(|info| info.size()).ok();
                let resized = size.is_some() && self.size.is_some() && self.size != size;
                Ok(End {
                    problem: status.problem.filter(|_| status.id == self.id),
                    early: true,
                    resized,
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn broken(&self, why: &str, saved: Option<&str>) -> Breakage {
        let kept = saved.map_or_else(
            || "nothing was saved".to_owned(),
            |path| format!("the part that was saved is {path}"),
        );
        Breakage {
            message: format!("the recording `{}` broke: {why}; {kept}", self.name),
            detail: None,
            help: Some("see the log of `ffmpeg` on the desktop's machine".to_owned()),
        }
    }

    /// Keeps what follows out of the video.
    pub(super) fn hide(&mut self) {
        let from = self.begun.elapsed().saturating_sub(LEAD);
        self.hiding.get_or_insert(from);
    }

    /// Shows what follows.
    pub(super) fn show(&mut self) {
        let to = self.begun.elapsed() + TRAIL;
        match (self.hiding.take(), self.hidden.last_mut()) {
            (None, _) => {}
            (Some(from), Some(last)) if from <= last.1 => last.1 = to,
            (Some(from), _) => self.hidden.push((from, to)),
        }
    }

    /// How much of its first `time` can be seen.
    fn shown(&self, time: Duration) -> Duration {
        let last = self.hidden.last().map_or(Duration::ZERO, |(_, to)| *to);
        let open = self.hiding.map(|from| (from.max(last), time));
        let hidden = self.hidden.iter().copied().chain(open);
        let lengths = hidden.map(|(from, to)| to.min(time).saturating_sub(from));
        time.saturating_sub(lengths.sum())
    }

    /// Where in the video we are now.
    pub(super) fn moment(&self) -> Moment {
        let shown = self.shown(self.begun.elapsed());
        let seconds = (shown.as_secs_f64() * 1000.0).round() / 1000.0;
        Moment {
            recording: self.name.clone(),
            seconds,
        }
    }
}

/// How a recording ended.
#[derive(Debug, Default)]
struct End {
    /// What the desktop says that broke it.
    problem: Option<String>,
    /// Whether it had ended before it was stopped.
    early: bool,
    /// Whether the screen has another size than it had: that ends a recording,
    /// and breaks none.
    resized: bool,
}

impl End {
    /// Why a recording that was `on` for so long is broken, if it is: the
    /// desktop says so, or the video is much shorter.
    fn why(&self, length: Option<Duration>, on: Duration) -> Option<String> {
        if self.resized {
            return None;
        }
        let short = length.is_some_and(|length| length.is_zero() || length + SLACK + on / 10 < on);
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        let time = match length.filter(|length| !length.is_zero()) {
            Some(length) => format!("after {} of {}", seconds(length), seconds(on)),
            None => format!("within {}", seconds(on)),
        };
        match (&self.problem, short) {
            (Some(problem), _) => Some(format!("{problem} {time}")),
            (None, true) if self.early => Some(format!("it ended by itself {time}")),
            (None, true) => Some(format!("the desktop stopped recording {time}")),
            (None, false) => None,
        }
    }
}

/// How long the cutting of a video may take.
const CUTTING: Duration = Duration::from_secs(120);

/// Takes parts out of a video, in its place. Where that fails the video stays
/// as it is.
async fn cut(video: &Path, hidden: &[(Duration, Duration)]) -> Result<(), String> {
    if hidden.is_empty() {
        return Ok(());
    }
    let part = video.with_extension("part.mp4");
    let between = |(from, to): &(Duration, Duration)| {
        format!(
            "between(t,{:.3},{:.3})",
            from.as_secs_f64(),
            to.as_secs_f64()
        )
    };
    let parts: Vec<String> = hidden.iter().map(between).collect();
    let filter = format!("select='not({})',setpts=N/FRAME_RATE/TB", parts.join("+"));
    let running = tokio::process::Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-i"])
        .arg(video)
        .args(["-vf", &filter, "-c:v", "libx264", "-preset", "veryfast"])
        .args(["-pix_fmt", "yuv420p", "-movflags", "+faststart"])
        .arg(&part)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let ended = tokio::time::timeout(CUTTING, running).await;
    let result = match ended {
        Err(_) => Err("ffmpeg took too long".to_owned()),
        Ok(Err(error)) => Err(format!("ffmpeg cannot be started: {error}")),
        Ok(Ok(output)) if !output.status.success() => {
            let words = String::from_utf8_lossy(&output.stderr);
            Err(words.lines().last().unwrap_or("ffmpeg failed").to_owned())
        }
        Ok(Ok(_)) => std::fs::rename(&part, video).map_err(|error| error.to_string()),
    };
    if result.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    result
}

/// How long ago the first frame was taken. The desktop's clock may differ from
/// ours, but no frame was taken before the recording was asked for.
fn since_first_frame(status: &RecordingStatus, since_asked: Duration) -> Duration {
    let started = status
        .started_at
        .as_ref()
        .and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    let ago = started.and_then(|at| (Utc::now() - at.to_utc()).to_std().ok());
    ago.filter(|ago| *ago <= since_asked).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_hidden_takes_no_time_of_the_video() {
        let after = |millis| tokio::time::sleep(Duration::from_millis(millis));
        let mut recording = Recording {
            name: "demo".to_owned(),
            id: String::new(),
            begun: Instant::now(),
            hidden: Vec::new(),
            hiding: None,
            on: None,
            size: None,
        };
        after(1000).await;
        recording.hide();
        after(1000).await;
        recording.show();
        // The next hidden step is so near that both are one part.
        after(100).await;
        recording.hide();
        after(1000).await;
        let millis = |recording: &Recording| recording.moment().seconds * 1000.0;
        assert!((millis(&recording) - 850.0).abs() < 1.0);
        recording.show();
        assert_eq!(
            recording.hidden,
            [(Duration::from_millis(850), Duration::from_millis(3400))]
        );
        after(1000).await;
        assert!((millis(&recording) - 1550.0).abs() < 1.0);
    }

    #[test]
    fn a_clock_that_differs_does_not_move_the_start() {
        let second = Duration::from_secs(1);
        let status = |at: DateTime<Utc>| RecordingStatus {
            started_at: Some(at.to_rfc3339()),
            ..RecordingStatus::default()
        };
        let ago = since_first_frame(&status(Utc::now() - second / 2), second);
        assert!((second / 2..second).contains(&ago), "{ago:?}");
        for other_clock in [Utc::now() + second * 60, Utc::now() - second * 60] {
            assert_eq!(
                since_first_frame(&status(other_clock), second),
                Duration::ZERO
            );
        }
    }
}
