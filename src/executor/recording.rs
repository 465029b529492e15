//! Recordings of a scenario: started and stopped by its steps, kept as videos.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use tokio::time::Instant;

use super::{
    artifacts::Artifacts,
    cut::{cut, cut_frames},
    fault::{Breakage, Fault},
    timeline::{Scene, TimelineLog},
    video,
};
use crate::{
    desktop::{
        Desktop,
        wire::{Extensions, RecordedFrames, RecordingStatus},
    },
    event::{Artifact, ArtifactKind, Moment},
    geometry::Size,
    timeline::{Clean, Input, Pace, Span, Timeline},
};

/// The status of a stop when nothing is being recorded.
const CONFLICT: u16 = 409;

/// A frame can have the time of the one before it, and on a busy machine a frame stands in for
/// those that were missed after it. So more than the time of a hidden step is left out: this much
/// before it...
const LEAD: Duration = Duration::from_millis(150);
/// ...and this much after it.
const TRAIL: Duration = Duration::from_millis(300);

/// How much shorter than the time that passed a complete video may be, in addition to a tenth of
/// that time: a busy machine takes its last frame late.
const SLACK: Duration = Duration::from_secs(1);

/// A running recording.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    name: String,
    id: String,
    begun: Instant,
    /// What happens during the recording.
    pub(super) log: TimelineLog,
    /// What the pointer and the keyboard did.
    input: Vec<Input>,
    /// The hidden parts, in time from its start, in order and not overlapping.
    hidden: Vec<(Duration, Duration)>,
    /// Since when it is hidden.
    hiding: Option<Duration>,
    /// How long it had been running when it was stopped.
    on: Option<Duration>,
    /// The size of what is recorded, if the desktop says it.
    size: Option<Size>,
    /// Whether its frames are recorded without the pointer, too.
    is_clean: bool,
}

/// The result of a recording.
#[derive(Debug)]
pub(super) struct Stopped {
    /// Its video, if there is any.
    pub(super) saved: Option<Saved>,
    /// How many of its clean frames could not be taken in time.
    pub(super) dropped: u64,
    /// Why it does not show all that it should.
    pub(super) broken: Option<Breakage>,
}

/// A recording that was saved.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub(super) name: String,
    pub(super) artifact: Artifact,
    /// What films are made of in addition to the video.
    pub(super) film: Vec<Artifact>,
    pub(super) span: Duration,
    /// The parts that are still to be cut out of it.
    hidden: Vec<(Duration, Duration)>,
}

impl Saved {
    /// Cuts its hidden parts out, once. If that fails, the video is removed, because it shows what
    /// must stay hidden.
    pub(super) async fn cut(&mut self, files: &Artifacts) -> Result<(), Breakage> {
        let hidden = std::mem::take(&mut self.hidden);
        let video = files.path(&self.artifact);
        let is_frames = |artifact: &&Artifact| artifact.kind == ArtifactKind::Frames;
        let frames = self.film.iter().find(is_frames);
        let frames = frames.map(|frames| files.path(frames));
        let cutting = async {
            cut(&video, &hidden).await?;
            match &frames {
                Some(frames) => cut_frames(frames, &hidden).await,
                None => Ok(()),
            }
        };
        cutting.await.map_err(|reason| {
            let _ = std::fs::remove_file(&video);
            for artifact in &self.film {
                let _ = std::fs::remove_file(files.path(artifact));
            }
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
    pub(super) async fn start(
        desktop: &dyn Desktop,
        name: &str,
        frame_rate: u32,
    ) -> Result<Self, Fault> {
        let asked = Instant::now();
        // A desktop that cannot say what it offers offers no more than the protocol.
        let offers = desktop.extensions().await.unwrap_or_default();
        let is_clean = offers.has(Extensions::CLEAN_RECORDINGS);
        let status = if is_clean {
            desktop.start_clean_recording(frame_rate).await?
        } else {
            desktop.start_recording().await?
        };
        let begun = Instant::now() - since_first_frame(&status, asked.elapsed());
        Ok(Self {
            name: name.to_owned(),
            id: status.id,
            begun,
            log: TimelineLog::new(begun),
            input: Vec::new(),
            hidden: Vec::new(),
            hiding: None,
            on: None,
            size: status.resolution.parse().ok(),
            is_clean,
        })
    }

    /// When it began.
    pub(super) const fn begun(&self) -> Instant {
        self.begun
    }

    /// The pointer or the keyboard did this.
    pub(super) fn did(&mut self, input: Vec<Input>) {
        self.input.extend(input);
    }

    /// Stops it and keeps its video, of which the hidden parts are still to be cut
    /// out: that may take longer than any step. One whose stop was cut off can be
    /// stopped again.
    pub(super) async fn stop(
        &mut self,
        desktop: &dyn Desktop,
        files: &Artifacts,
        scene: &Scene,
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
            let frames = self.keep_frames(desktop, end.frames, files).await?;
            let timeline = self.keep_timeline(scene, (&name, frames.as_ref()), on, files)?;
            let clean = frames.map(|clean| files.artifact(ArtifactKind::Frames, &clean.file));
            saved = Some(Saved {
                name: self.name.clone(),
                artifact: files.keep(ArtifactKind::Video, &name, &video)?,
                film: [Some(timeline), clean].into_iter().flatten().collect(),
                span: self.shown(length.unwrap_or(on)),
                hidden: self.hidden.clone(),
            });
        }
        // The video is ours now. If it cannot be removed from the desktop, that does no harm.
        let _ = desktop.delete_recording(&self.id).await;
        let path = saved.as_ref().map(|saved| saved.artifact.path.as_str());
        let broken = end.why(length, on).map(|why| self.broken(&why, path));
        let dropped = end.frames.unwrap_or_default().dropped;
        Ok(Stopped {
            saved,
            dropped,
            broken,
        })
    }

    /// Writes the clean frames next to the video, if there are any.
    async fn keep_frames(
        &self,
        desktop: &dyn Desktop,
        frames: Option<RecordedFrames>,
        files: &Artifacts,
    ) -> Result<Option<Clean>, Fault> {
        let Some(frames) = frames.filter(|frames| self.is_clean && frames.recorded > 0) else {
            return Ok(None);
        };
        let file = format!("{}.clean.mkv", self.name);
        let mut parts = desktop.recorded_frames(&self.id).await?;
        let mut whole = files.begin(&file)?;
        while let Some(part) = parts.next().await {
            whole.write(&part?)?;
        }
        whole.end()?;
        Ok(Some(Clean {
            file,
            frames: frames.recorded,
            dropped: frames.dropped,
        }))
    }

    /// Writes the timeline next to the video and the clean frames; the recording was `on` for that
    /// long.
    fn keep_timeline(
        &self,
        scene: &Scene,
        (video, clean): (&str, Option<&Clean>),
        on: Duration,
        files: &Artifacts,
    ) -> Result<Artifact, Fault> {
        let span = |(from, to): &(Duration, Duration)| Span {
            from: from.as_secs_f64(),
            to: to.min(&on).as_secs_f64(),
        };
        let log = self.log.clone();
        let timeline = Timeline {
            scenario: scene.scenario.clone(),
            file: scene.file.clone(),
            recording: self.name.clone(),
            size: self.size.unwrap_or_default(),
            pace: scene.pace,
            seed: (scene.pace == Pace::Demo).then_some(scene.seed),
            clean: clean.cloned(),
            video: Some(video.to_owned()),
            input: self.input.clone(),
            hidden: self.hidden.iter().map(span).collect(),
            ..log.into_timeline(on.as_secs_f64(), &scene.masks)
        };
        let text = serde_json::to_vec(&timeline);
        let text = text.map_err(|error| Fault::broken(error.to_string()))?;
        let name = format!("{}.timeline.json", self.name);
        files.keep(ArtifactKind::Timeline, &name, &text)
    }

    /// Ends it, unless it has ended on its own.
    async fn end(&self, desktop: &dyn Desktop) -> Result<End, Fault> {
        match desktop.stop_recording().await {
            Ok(status) => Ok(End {
                problem: status.problem,
                frames: status.frames,
                ..End::default()
            }),
            Err(error) if error.status() == Some(CONFLICT) => {
                let status = desktop.recording_status().await?;
                // Without its X server it has no size, but it still has the video.
                let size = desktop.display_info().await.map(|info| info.size()).ok();
                let resized = size.is_some() && self.size.is_some() && self.size != size;
                Ok(End {
                    frames: status.frames.filter(|_| status.id == self.id),
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

    /// The current time in the video.
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
    /// Its clean frames, if it has any.
    frames: Option<RecordedFrames>,
    /// Why it broke, according to the desktop.
    problem: Option<String>,
    /// Whether it had ended before it was stopped.
    early: bool,
    /// Whether the size of the screen has changed: that ends a recording, but does not break it.
    resized: bool,
}

impl End {
    /// Why a recording that was `on` for that long is broken, if it is: the desktop says so, or the
    /// video is much shorter.
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
            (None, true) if self.early => Some(format!("it ended on its own {time}")),
            (None, true) => Some(format!("the desktop stopped recording {time}")),
            (None, false) => None,
        }
    }
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
            log: TimelineLog::new(Instant::now()),
            input: Vec::new(),
            hidden: Vec::new(),
            hiding: None,
            on: None,
            size: None,
            is_clean: false,
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
