//! All frames of a film, kept without loss, to encode them more than once.

use std::ffi::OsString;

use super::{Desk, Fault, Process, Scratch, Stream};
use crate::{film::compose::Shot, geometry::Size, vision::Frame};

/// A part of a film, in whole frames.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Part {
    /// Its first frame.
    pub first: u32,
    /// How many it has.
    pub count: u32,
}

/// The frames that were kept.
pub struct Master {
    desk: Desk,
    file: Scratch,
    stream: Stream,
}

/// What keeps them.
pub struct Keeping {
    desk: Desk,
    ffmpeg: Process,
    file: Scratch,
    stream: Stream,
    last: Option<Frame>,
}

impl Master {
    /// Starts keeping frames.
    ///
    /// # Errors
    ///
    /// That ffmpeg is not installed, or that nothing can be written to the disk.
    pub fn keep(desk: &Desk, stream: Stream) -> Result<Keeping, Fault> {
        let file = desk.scratch()?;
        let (size, rate) = (stream.size.to_string(), stream.rate.to_string());
        // With a key frame every second, parts are found without decoding what comes before them.
        let args = [
            ["-nostdin", "-hide_banner"],
            ["-loglevel", "error"],
            ["-y", "-f"],
            ["rawvideo", "-pix_fmt"],
            ["rgb24", "-s"],
            [&size, "-r"],
            [&rate, "-i"],
            ["pipe:0", "-c:v"],
            ["libx264rgb", "-preset"],
            ["ultrafast", "-qp"],
            ["0", "-g"],
            [&rate, "-f"],
        ];
        let mut args: Vec<OsString> = args.concat().iter().map(OsString::from).collect();
        args.extend(["matroska".into(), file.path().into()]);
        Ok(Keeping {
            desk: desk.clone(),
            ffmpeg: Process::fed("ffmpeg", &args, &desk.stop)?,
            file,
            stream,
            last: None,
        })
    }

    /// The rate and size of its frames.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        self.stream
    }

    /// Gives the frames of a part, made as small as `size`, to somebody.
    ///
    /// # Errors
    ///
    /// That the frames cannot be read any more, and those of `to`.
    pub fn play(
        &self,
        part: Part,
        size: Size,
        mut to: impl FnMut(&Shot) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let rate = f64::from(self.stream.rate);
        // Half a frame early, so that rounding leaves out none.
        let from = (f64::from(part.first) - 0.5).max(0.0) / rate;
        let (from, count) = (format!("{from:.6}"), part.count.to_string());
        let mut args: Vec<OsString> = ["-nostdin", "-hide_banner", "-loglevel", "error"]
            .map(OsString::from)
            .to_vec();
        args.extend([
            "-ss".into(),
            from.into(),
            "-i".into(),
            self.file.path().into(),
        ]);
        let rest = ["-frames:v", &count, "-f", "rawvideo", "-pix_fmt", "rgb24"];
        args.extend(rest.map(OsString::from));
        args.push("pipe:1".into());
        let mut ffmpeg = Process::read("ffmpeg", &args, &self.desk.stop)?;
        let length = usize::try_from(self.stream.size.area() * 3).unwrap_or(usize::MAX);
        let mut last: Option<Vec<u8>> = None;
        loop {
            let mut bytes = vec![0; length];
            if !ffmpeg.fill(&mut bytes)? {
                return ffmpeg.end();
            }
            if last.as_ref() == Some(&bytes) {
                to(&Shot::Same)?;
                continue;
            }
            last = Some(bytes.clone());
            let Ok(frame) = Frame::new(self.stream.size, bytes) else {
                continue;
            };
            let frame = if size == self.stream.size {
                frame
            } else {
                frame.reduced(size)
            };
            to(&Shot::New(frame))?;
        }
    }
}

impl Keeping {
    /// Keeps the next frame.
    ///
    /// # Errors
    ///
    /// Why it takes no more frames.
    pub fn take(&mut self, shot: &Shot) -> Result<(), Fault> {
        if let Shot::New(frame) = shot {
            self.last = Some(frame.clone());
        }
        match &self.last {
            Some(frame) => self.ffmpeg.feed(frame.bytes()),
            None => Ok(()),
        }
    }

    /// All frames, once the last one was given.
    ///
    /// # Errors
    ///
    /// Why they could not be kept.
    pub fn finish(self) -> Result<Master, Fault> {
        self.ffmpeg.end()?;
        Ok(Master {
            desk: self.desk,
            file: self.file,
            stream: self.stream,
        })
    }
}
