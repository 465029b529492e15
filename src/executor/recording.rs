//! Recordings of a scenario: started and stopped by its steps, kept as videos.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{artifacts::Artifacts, fault::Fault};
use crate::{
    desktop::{Desktop, wire::RecordingStatus},
    event::{Artifact, ArtifactKind, Moment},
};

/// The status of a stop where nothing is recorded.
const CONFLICT: u16 = 409;

/// A recording that runs.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    name: String,
    id: String,
    begun: Instant,
}

/// A recording that was saved.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub(super) name: String,
    pub(super) artifact: Artifact,
    pub(super) span: Duration,
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
        })
    }

    /// Stops it and keeps its video.
    pub(super) async fn stop(
        self,
        desktop: &dyn Desktop,
        files: &Artifacts,
    ) -> Result<Saved, Fault> {
        let span = self.begun.elapsed();
        match desktop.stop_recording().await {
            // It ended by itself: the screen got another size, or was lost.
            Err(error) if error.status() == Some(CONFLICT) => {}
            stopped => {
                stopped?;
            }
        }
        let video = desktop.download_recording(&self.id).await?;
        let artifact = files.keep(ArtifactKind::Video, &format!("{}.mp4", self.name), &video)?;
        // The video is ours now. Where it cannot be removed it does no harm.
        let _ = desktop.delete_recording(&self.id).await;
        Ok(Saved {
            name: self.name,
            artifact,
            span,
        })
    }

    /// Where in the video we are now.
    pub(super) fn moment(&self) -> Moment {
        let seconds = (self.begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        Moment {
            recording: self.name.clone(),
            seconds,
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
