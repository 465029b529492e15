//! The frames of a recording, one after another.
//!
//! ffprobe gives the time of each frame and ffmpeg its pixels, in the same order. This way the
//! times are exact, whatever the frame rate, and only a few frames are in memory.

mod ffmpeg;
mod probe;
#[cfg(test)]
mod tests;

use std::{
    ffi::OsStr,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{ChildStdout, Command},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
};

use self::{
    ffmpeg::{SILENT, Tool, as_file},
    probe::Probe,
};

use crate::{geometry::Size, vision::Frame};

/// A picture of the screen, and since when it was shown.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The time, in seconds of the video.
    pub at: f64,
    /// The screen.
    pub frame: Frame,
}

/// A moment at which something was drawn on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawing {
    /// When, in seconds of the video.
    pub at: f64,
    /// How many bytes it takes in the video: a blinking caret takes few.
    pub bytes: u64,
}

/// Why there are no frames, or no more.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A program is not installed.
    #[error(
        "`{0}` is not installed, but a film needs it to read a recording; install ffmpeg (on Debian and Ubuntu: apt-get install ffmpeg)"
    )]
    Missing(&'static str),
    /// It could not be started.
    #[error("{program} could not be started: {why}")]
    Start {
        /// Which program.
        program: &'static str,
        /// What the system said.
        why: std::io::Error,
    },
    /// It ended before it was done, or was ended.
    #[error("{program} could not read {}: {why}", file.display())]
    Failed {
        /// Which program.
        program: &'static str,
        /// The file that it should have read.
        file: PathBuf,
        /// What it said last, or how it ended.
        why: String,
    },
    /// It did nothing for too long.
    #[error("{program} has printed nothing about {} for {seconds} s", file.display())]
    Silent {
        /// Which program.
        program: &'static str,
        /// The file that it should have read.
        file: PathBuf,
        /// How long.
        seconds: u64,
    },
    /// The video shows a screen of a different size.
    #[error("{} has a size of {found}, but its timeline says {expected}", file.display())]
    Size {
        /// The video.
        file: PathBuf,
        /// Its size.
        found: Size,
        /// What it should be.
        expected: Size,
    },
}

/// A source of frames.
pub trait Source {
    /// The next frame, none after the last. Their times never go back.
    ///
    /// # Errors
    ///
    /// [`SourceError`], if they cannot be read.
    fn next_frame(&mut self) -> Result<Option<Drawn>, SourceError>;
}

/// The frames of a video, which ffmpeg decodes.
#[derive(Debug)]
pub struct Frames {
    drawings: Vec<Drawing>,
    /// How many frames were given.
    given: usize,
    size: Size,
    pixels: Receiver<Result<Vec<u8>, io::Error>>,
    tool: Tool,
    is_over: bool,
}

impl Frames {
    /// Begins to read the frames of a video of this size.
    ///
    /// # Errors
    ///
    /// [`SourceError`], if ffmpeg is not installed, or cannot read the video.
    pub fn open(path: &Path, size: Size) -> Result<Self, SourceError> {
        let probe = Probe::of(path)?;
        if probe.size != size {
            return Err(SourceError::Size {
                file: path.to_owned(),
                found: probe.size,
                expected: size,
            });
        }
        let file = as_file(path);
        let rate = as_they_are();
        let before = ["-v", "error", "-nostdin", "-i"].map(OsStr::new);
        let after = ["-map", "0:v:0"].into_iter().chain(rate);
        let colours = ["-sws_flags", "accurate_rnd+full_chroma_int+bitexact"];
        let output = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"];
        let after = after.chain(colours).chain(output).map(OsStr::new);
        let arguments: Vec<&OsStr> = before
            .into_iter()
            .chain([file.as_os_str()])
            .chain(after)
            .collect();
        let (tool, output) = Tool::start("ffmpeg", path, &arguments)?;
        let (sender, pixels) = sync_channel(2);
        thread::spawn(move || read(output, size, &sender));
        let drawings = probe.drawings;
        Ok(Self {
            drawings,
            given: 0,
            size,
            pixels,
            tool,
            is_over: false,
        })
    }

    /// When something was drawn, and how much: for [`Film::plan_drawn`](super::Film::plan_drawn).
    #[must_use]
    pub fn drawings(&self) -> &[Drawing] {
        &self.drawings
    }
}

impl Source for Frames {
    fn next_frame(&mut self) -> Result<Option<Drawn>, SourceError> {
        if self.is_over {
            return Ok(None);
        }
        match self.pixels.recv_timeout(SILENT) {
            Ok(Ok(pixels)) => {
                let drawing = self.drawings.get(self.given).or(self.drawings.last());
                let at = drawing.map_or(0.0, |drawing| drawing.at);
                self.given += 1;
                let frame = Frame::new(self.size, pixels);
                let frame = frame.map_err(|error| self.tool.failed(&error.to_string()))?;
                Ok(Some(Drawn { at, frame }))
            }
            Ok(Err(error)) => Err(self.tool.failed(&error.to_string())),
            Err(RecvTimeoutError::Timeout) => Err(self.tool.silent()),
            Err(RecvTimeoutError::Disconnected) => {
                self.is_over = true;
                self.tool.end()?;
                Ok(None)
            }
        }
    }
}

/// Reads one frame after another, until the last complete one.
fn read(mut output: ChildStdout, size: Size, sender: &SyncSender<Result<Vec<u8>, io::Error>>) {
    let bytes = size.width as usize * size.height as usize * 3;
    loop {
        let mut pixels = Vec::with_capacity(bytes);
        let read = output.by_ref().take(bytes as u64).read_to_end(&mut pixels);
        let told = match read {
            Ok(read) if read < bytes => return,
            Ok(_) => sender.send(Ok(pixels)),
            Err(error) => sender.send(Err(error)),
        };
        if told.is_err() {
            return;
        }
    }
}

/// The option that tells ffmpeg to give each frame once, whatever its time: its name changed in
/// 5.1, and the old one will be removed.
fn as_they_are() -> [&'static str; 2] {
    let version = Command::new("ffmpeg").arg("-version").output();
    let said = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    if said.is_ok_and(|said| is_before_5_1(&said)) {
        ["-vsync", "passthrough"]
    } else {
        ["-fps_mode", "passthrough"]
    }
}

/// Whether `ffmpeg version 4.4.2-0ubuntu0.22.04.1 …` is older than 5.1. Builds from the repository
/// have other version names, and are new.
fn is_before_5_1(said: &str) -> bool {
    let version = said.strip_prefix("ffmpeg version ").unwrap_or_default();
    let version = version.trim_start_matches('n');
    let mut numbers = version.split(|c: char| !c.is_ascii_digit());
    let mut number = || numbers.next().and_then(|number| number.parse::<u32>().ok());
    let Some(major) = number() else { return false };
    let minor = number().unwrap_or(0);
    (major, minor) < (5, 1) && major > 0
}
