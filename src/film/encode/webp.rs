//! Animated `WebP`, by libwebp.

use std::ffi::OsString;

use super::{Desk, Encoder, Fault, Process, Scratch, Stream, pick::Pick};
use crate::{film::compose::Shot, vision::Frame};

/// How an animated `WebP` looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WebpLook {
    /// Frames per second; those of the film if it has fewer.
    pub rate: u32,
    /// From 0 to 100.
    pub quality: u8,
}

impl Default for WebpLook {
    fn default() -> Self {
        Self {
            rate: 15,
            quality: 80,
        }
    }
}

/// A `WebP` that is being encoded.
pub struct Webp {
    ffmpeg: Process,
    to: Scratch,
    pick: Pick,
    last: Option<Frame>,
}

impl Webp {
    /// Starts ffmpeg.
    ///
    /// # Errors
    ///
    /// That ffmpeg is not installed, or that nothing can be written to the disk.
    pub fn start(desk: &Desk, stream: Stream, look: WebpLook) -> Result<Self, Fault> {
        let to = desk.scratch()?;
        let (size, quality) = (stream.size.to_string(), look.quality.to_string());
        let rate = look.rate.min(stream.rate).to_string();
        let args = [
            ["-nostdin", "-hide_banner"],
            ["-loglevel", "error"],
            ["-y", "-f"],
            ["rawvideo", "-pix_fmt"],
            ["rgb24", "-s"],
            [&size, "-r"],
            [&rate, "-i"],
            ["pipe:0", "-c:v"],
            ["libwebp_anim", "-quality"],
            [&quality, "-compression_level"],
            ["2", "-loop"],
            ["0", "-fflags"],
            ["+bitexact", "-f"],
        ];
        let mut args: Vec<OsString> = args.concat().iter().map(OsString::from).collect();
        args.extend(["webp".into(), to.path().into()]);
        Ok(Self {
            ffmpeg: Process::fed("ffmpeg", &args, &desk.stop)?,
            to,
            pick: Pick::new(stream.rate, look.rate),
            last: None,
        })
    }
}

impl Encoder for Webp {
    fn take(&mut self, shot: &Shot) -> Result<(), Fault> {
        let Some(shot) = self.pick.of(shot) else {
            return Ok(());
        };
        if let Shot::New(frame) = shot {
            self.last = Some(frame);
        }
        match &self.last {
            Some(frame) => self.ffmpeg.feed(frame.bytes()),
            None => Ok(()),
        }
    }

    fn finish(self: Box<Self>) -> Result<Scratch, Fault> {
        self.ffmpeg.end()?;
        Ok(self.to)
    }
}
