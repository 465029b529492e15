//! Pictures of a film that was kept, by the times at which its steps end.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::BufReader,
    path::Path,
    time::Duration,
};

use image::{
    AnimationDecoder, DynamicImage, ImageDecoder, Limits,
    codecs::{gif::GifDecoder, webp::WebPDecoder},
};

use super::Kind;
use crate::{
    film::encode::{Fault, Process, Stop},
    geometry::Size,
    vision::Frame,
};

/// How many pictures one ffmpeg process is asked for.
const AT_ONCE: usize = 60;

/// The longest side of a film, in pixels, and the most bytes that reading one may take.
const LONGEST_SIDE: u32 = 16_384;
const MOST_BYTES: u64 = 1 << 30;

/// The fault of an answer without a picture.
const NO_PICTURE: &str = "ffmpeg returned no picture";

/// A film that was kept.
pub(super) struct Kept<'a> {
    pub(super) path: &'a Path,
    pub(super) kind: Kind,
    /// Frames per second of the film that it was made from.
    pub(super) rate: u32,
}

impl Kept<'_> {
    /// The pictures of these frames, which must be in ascending order. A shorter film gives fewer.
    pub(super) fn pictures(&self, frames: &[u32], stop: &Stop) -> Result<Vec<Frame>, Fault> {
        match self.kind {
            Kind::Gif => self.animation(GifDecoder::new, frames, stop),
            Kind::Webp => self.animation(WebPDecoder::new, frames, stop),
            _ => {
                let mut pictures = Vec::new();
                for some in frames.chunks(AT_ONCE) {
                    pictures.extend(self.video(some, stop)?);
                }
                Ok(pictures)
            }
        }
    }

    fn unreadable(&self, why: &dyn ToString) -> Fault {
        Fault::Read {
            path: self.path.to_owned(),
            error: std::io::Error::other(why.to_string()),
        }
    }

    /// Frames by their numbers, as ffmpeg decodes them.
    fn video(&self, frames: &[u32], stop: &Stop) -> Result<Vec<Frame>, Fault> {
        let mut wanted: Vec<String> = frames.iter().map(|at| format!("eq(n\\,{at})")).collect();
        wanted.dedup();
        let select = format!("select={}", wanted.join("+"));
        let mut args: Vec<OsString> = ["-nostdin", "-hide_banner", "-loglevel", "error", "-i"]
            .map(OsString::from)
            .to_vec();
        args.push(file_argument(self.path));
        let count = wanted.len().to_string();
        let rest = [
            "-map",
            "0:v:0",
            "-vf",
            &select,
            "-vsync",
            "0",
            "-frames:v",
            &count,
        ];
        args.extend(rest.map(OsString::from));
        args.extend(["-f", "image2pipe", "-c:v", "ppm", "pipe:1"].map(OsString::from));
        let mut ffmpeg = Process::read("ffmpeg", &args, stop)?;
        let mut pictures: Vec<Frame> = Vec::new();
        while let Some(size) = self.ppm_size(&mut ffmpeg)? {
            let mut bytes = vec![0; usize::try_from(size.area() * 3).unwrap_or(0)];
            if !ffmpeg.fill(&mut bytes)? {
                break;
            }
            let picture = Frame::new(size, bytes).map_err(|error| self.unreadable(&error))?;
            pictures.push(picture);
        }
        ffmpeg.end()?;
        // A frame that is wanted twice is decoded once.
        let mut numbers = frames.to_vec();
        numbers.dedup();
        let of = |frame: &u32| {
            let at = numbers.binary_search(frame).ok()?;
            pictures.get(at).cloned()
        };
        Ok(frames.iter().map_while(of).collect())
    }

    /// The size in the header of a picture; none after the last.
    fn ppm_size(&self, ffmpeg: &mut Process) -> Result<Option<Size>, Fault> {
        let (mut head, mut lines) = (Vec::new(), 0);
        let mut byte = [0];
        while lines < 3 {
            if head.len() > 64 || !ffmpeg.fill(&mut byte)? {
                return if head.is_empty() {
                    Ok(None)
                } else {
                    Err(self.unreadable(&NO_PICTURE))
                };
            }
            head.push(byte[0]);
            lines += u32::from(byte == *b"\n");
        }
        let head = String::from_utf8_lossy(&head);
        let mut words = head.split_whitespace().skip(1).map(str::parse);
        match (words.next(), words.next()) {
            (Some(Ok(width)), Some(Ok(height)))
                if (1..=LONGEST_SIDE).contains(&width) && (1..=LONGEST_SIDE).contains(&height) =>
            {
                Ok(Some(Size::new(width, height)))
            }
            _ => Err(self.unreadable(&NO_PICTURE)),
        }
    }

    /// Frames by their times, for formats that have a time for each picture.
    fn animation<D: for<'a> AnimationDecoder<'a> + ImageDecoder>(
        &self,
        decoder: impl FnOnce(BufReader<File>) -> image::ImageResult<D>,
        frames: &[u32],
        stop: &Stop,
    ) -> Result<Vec<Frame>, Fault> {
        let file = File::open(self.path).map_err(|error| Fault::Read {
            path: self.path.to_owned(),
            error,
        })?;
        let mut decoder = decoder(BufReader::new(file)).map_err(|error| self.unreadable(&error))?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(LONGEST_SIDE);
        limits.max_image_height = Some(LONGEST_SIDE);
        limits.max_alloc = Some(MOST_BYTES);
        decoder
            .set_limits(limits)
            .map_err(|error| self.unreadable(&error))?;
        let mut wanted = frames.iter().peekable();
        let (mut pictures, mut until) = (Vec::new(), Duration::ZERO);
        for picture in decoder.into_frames() {
            if stop.is_asked() {
                return Err(Fault::Stopped);
            }
            let picture = picture.map_err(|error| self.unreadable(&error))?;
            until += Duration::from(picture.delay());
            let mut shown = None;
            while let Some(frame) = wanted.next_if(|frame| self.middle(**frame) < until) {
                let _ = frame;
                let shown = shown.get_or_insert_with(|| {
                    let rgba = DynamicImage::ImageRgba8(picture.buffer().clone());
                    Frame::from(rgba.into_rgb8())
                });
                pictures.push(shown.clone());
            }
            if wanted.peek().is_none() {
                break;
            }
        }
        Ok(pictures)
    }

    /// The middle of the time during which a frame is shown.
    fn middle(&self, frame: u32) -> Duration {
        Duration::from_secs_f64((f64::from(frame) + 0.5) / f64::from(self.rate.max(1)))
    }
}

/// A path that ffmpeg treats as a file, whatever its name is.
fn file_argument(path: &Path) -> OsString {
    let mut argument = OsString::from("file:");
    argument.push(path);
    argument
}

/// A picture that was kept as a file.
pub(super) fn picture(path: &Path) -> Result<Frame, Fault> {
    let unreadable = |error| Fault::Read {
        path: path.to_owned(),
        error,
    };
    let there = fs::metadata(path).map_err(unreadable)?;
    if there.len() > MOST_BYTES {
        return Err(unreadable(std::io::Error::other("it is too large")));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    Frame::decode_png(&bytes)
        .map_err(|error| unreadable(std::io::Error::other(format!("a picture that {error}"))))
}
