//! Methods that record the screen and keep the videos.

use clap::Subcommand;

use super::{Answer, Call, Fault, save::OutputPath};
use crate::cli::value::{frame_rate, recording};

#[derive(Debug, Subcommand)]
pub(super) enum Method {
    /// Print the active recording, or else the most recent one
    RecordingStatus,
    /// Start a recording of the whole screen
    StartRecording,
    /// Start one with the frames without the pointer beside it, lossless, each with its own
    /// time
    StartCleanRecording {
        /// The most frames a second of that: 30 or 60
        #[arg(long, value_name = "N", default_value = "30", value_parser = frame_rate)]
        frame_rate: u32,
    },
    /// End the active recording
    StopRecording,
    /// List all recordings
    Recordings,
    /// Print one recording
    GetRecording {
        /// Such as `rec_1234567890`
        #[arg(value_parser = recording)]
        id: String,
    },
    /// Download the video of a finished recording
    DownloadRecording {
        /// Such as `rec_1234567890`
        #[arg(value_parser = recording)]
        id: String,
        /// Where to write the MP4; `-` is stdout
        file: OutputPath,
    },
    /// Download the frames of a clean recording
    RecordedFrames {
        /// Such as `rec_1234567890`
        #[arg(value_parser = recording)]
        id: String,
        /// Where to write the Matroska video; `-` is stdout
        file: OutputPath,
    },
    /// Delete a finished recording
    DeleteRecording {
        /// Such as `rec_1234567890`
        #[arg(value_parser = recording)]
        id: String,
    },
}

impl Method {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let desktop = call.desktop;
        Ok(match self {
            Self::RecordingStatus => Answer::Recording(call.ask(desktop.recording_status()).await?),
            Self::StartRecording => Answer::Recording(call.ask(desktop.start_recording()).await?),
            Self::StartCleanRecording { frame_rate } => {
                let started = desktop.start_clean_recording(*frame_rate);
                Answer::Recording(call.ask(started).await?)
            }
            Self::StopRecording => Answer::Recording(call.ask(desktop.stop_recording()).await?),
            Self::Recordings => Answer::Recordings(call.ask(desktop.recordings()).await?),
            Self::GetRecording { id } => {
                Answer::Summary(call.ask(desktop.get_recording(id)).await?)
            }
            Self::DownloadRecording { id, file } => {
                file.check()?;
                Answer::Media {
                    bytes: call.ask(desktop.download_recording(id)).await?,
                    to: file.clone(),
                    mime_type: "video/mp4",
                }
            }
            Self::RecordedFrames { id, file } => {
                file.check()?;
                let parts = call.ask(desktop.recorded_frames(id)).await?;
                Answer::Saved {
                    size: file.fill(parts).await?,
                    to: file.clone(),
                    mime_type: "video/x-matroska",
                }
            }
            Self::DeleteRecording { id } => {
                call.ask(desktop.delete_recording(id)).await?;
                Answer::Done
            }
        })
    }
}
