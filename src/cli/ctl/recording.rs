//! Methods that record the screen and keep the videos.

use clap::Subcommand;

use super::{
    Answer, Call, Fault,
    save::OutputPath,
    show::{Shown, pairs, table},
};
use crate::{
    cli::value::{frame_rate, recording},
    desktop::wire::{Items, RecordedFrames, RecordingStatus, RecordingSummary},
};

#[derive(Debug, Subcommand)]
pub(super) enum Method {
    /// Print the active recording, or else the most recent one
    RecordingStatus,
    /// Start a recording of the whole screen
    StartRecording,
    /// Start a recording that also has clean frames: lossless, without the pointer, each with its
    /// own time
    StartCleanRecording {
        /// The maximum number of clean frames per second: 30 or 60
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
            Self::RecordingStatus => Answer::of(&call.ask(desktop.recording_status()).await?),
            Self::StartRecording => Answer::of(&call.ask(desktop.start_recording()).await?),
            Self::StartCleanRecording { frame_rate } => {
                let started = desktop.start_clean_recording(*frame_rate);
                Answer::of(&call.ask(started).await?)
            }
            Self::StopRecording => Answer::of(&call.ask(desktop.stop_recording()).await?),
            Self::Recordings => {
                let items = call.ask(desktop.recordings()).await?;
                Answer::of(&Items { items })
            }
            Self::GetRecording { id } => Answer::of(&call.ask(desktop.get_recording(id)).await?),
            Self::DownloadRecording { id, file } => {
                file.check()?;
                let bytes = call.ask(desktop.download_recording(id)).await?;
                Answer::media(bytes, file, "video/mp4")
            }
            Self::RecordedFrames { id, file } => {
                file.check()?;
                let parts = call.ask(desktop.recorded_frames(id)).await?;
                let size = file.fill(parts).await?;
                Answer::saved(size, file, "video/x-matroska")
            }
            Self::DeleteRecording { id } => {
                call.ask(desktop.delete_recording(id)).await?;
                Answer::done()
            }
        })
    }
}

impl Shown for RecordingStatus {
    fn text(&self) -> String {
        if self.id.is_empty() {
            return "no recording\n".to_owned();
        }
        pairs(&recording_status(self))
    }
}

impl Shown for Items<RecordingSummary> {
    fn text(&self) -> String {
        table(&RECORDING_HEAD, self.items.iter().map(summary))
    }
}

impl Shown for RecordingSummary {
    fn text(&self) -> String {
        let values = summary(self);
        let names = RECORDING_HEAD.map(str::to_lowercase);
        let each: Vec<_> = names.iter().map(String::as_str).zip(values).collect();
        pairs(&each)
    }
}

const RECORDING_HEAD: [&str; 5] = ["ID", "ACTIVE", "BYTES", "CREATED", "FILE"];

fn summary(recording: &RecordingSummary) -> [String; 5] {
    [
        recording.id.clone(),
        yes_or_no(recording.active),
        recording.size_bytes.to_string(),
        recording.created_at.clone(),
        recording.file_name.clone(),
    ]
}

fn recording_status(recording: &RecordingStatus) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("id", recording.id.clone()),
        ("active", yes_or_no(recording.active)),
        ("started", recording.started_at.clone().unwrap_or_default()),
        ("stopped", recording.stopped_at.clone().unwrap_or_default()),
        ("display", recording.display.clone()),
        ("resolution", recording.resolution.clone()),
        ("file", recording.file_name.clone()),
    ];
    if let Some(RecordedFrames { recorded, dropped }) = recording.frames {
        pairs.push(("frames", format!("{recorded}, {dropped} dropped")));
    }
    pairs
}

fn yes_or_no(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_a_table_and_one_is_its_row() {
        let recording = RecordingSummary {
            id: "rec_1".to_owned(),
            file_name: "rec_1.mp4".to_owned(),
            download: String::new(),
            mime_type: String::new(),
            size_bytes: 4096,
            created_at: "2026-01-02T03:04:05Z".to_owned(),
            active: false,
        };
        assert_eq!(
            Items {
                items: vec![recording.clone()]
            }
            .text(),
            "ID     ACTIVE  BYTES  CREATED               FILE\n\
             rec_1  no      4096   2026-01-02T03:04:05Z  rec_1.mp4\n"
        );
        let one = recording.text();
        assert!(one.starts_with("id       rec_1\nactive   no\n"), "{one}");
    }
}
