//! Makes a video, a gif or a webp of the frames of a film.
//!
//! Each encoder takes all frames in their order, and writes to a file that nobody sees
//! before it is complete. With the same ffmpeg, the same frames become the same bytes: ffmpeg is
//! told how many threads to use, and not to write its version into files.

mod fault;
mod gif;
mod master;
mod palette;
mod pick;
mod process;
mod scratch;
mod video;
mod vtt;
mod webp;
mod yuv;

use std::path::PathBuf;

pub(crate) use self::process::Process;
pub use self::{
    fault::Fault,
    gif::{Gif, GifLook},
    master::{Keeping, Master, Part},
    process::Stop,
    scratch::Scratch,
    video::{Codec, Extras, Sound, Video},
    vtt::web_vtt,
    webp::{Webp, WebpLook},
};
use super::compose::Shot;
use crate::geometry::Size;

/// The rate and the size of frames.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stream {
    /// The size of every frame; both numbers are even.
    pub size: Size,
    /// Frames per second.
    pub rate: u32,
}

/// Where an encoder works.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The folder on whose disk it writes.
    pub folder: PathBuf,
    /// What ends its work.
    pub stop: Stop,
}

impl Desk {
    /// A new file for what an encoder writes.
    ///
    /// # Errors
    ///
    /// That the disk takes none.
    pub fn scratch(&self) -> Result<Scratch, Fault> {
        Scratch::within(&self.folder).map_err(|error| self.unwritten(error))
    }

    fn unwritten(&self, error: std::io::Error) -> Fault {
        let path = self.folder.clone();
        Fault::Write { path, error }
    }
}

/// Something that frames go to.
pub trait Encoder {
    /// Takes the next frame. The first is always new.
    ///
    /// # Errors
    ///
    /// Why it takes no more frames.
    fn take(&mut self, shot: &Shot) -> Result<(), Fault>;

    /// The file, after the last frame.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn finish(self: Box<Self>) -> Result<Scratch, Fault>;
}
