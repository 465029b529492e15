//! Videos: H.264 in MP4, and VP9 in `WebM`.

use std::{ffi::OsString, fmt::Write as _, path::PathBuf};

use super::{Desk, Encoder, Fault, Process, Scratch, Stream, yuv};
use crate::film::{Chapter, Words, compose::Shot};

/// How many threads encode. What x264 writes depends on it, so it is the same on every
/// machine.
const THREADS: &str = "4";

/// The longest time between two frames that a player can jump to, in seconds.
const KEY_EVERY: u32 = 5;

/// How a video is encoded.
#[derive(Clone, Copy, Debug, Eq, PartialEq, strum::Display)]
pub enum Codec {
    /// H.264 in MP4, with AAC.
    #[strum(to_string = "mp4")]
    H264,
    /// VP9 in `WebM`, with Opus.
    #[strum(to_string = "webm")]
    Vp9,
}

impl Codec {
    /// The quality at which screens are sharp: the constant rate factor, smaller is better.
    #[must_use]
    pub const fn usual_quality(self) -> u8 {
        match self {
            Self::H264 => 20,
            Self::Vp9 => 28,
        }
    }
}

/// What is heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// A file that ffmpeg reads. It begins again where it is shorter than the film.
    pub file: PathBuf,
    /// How loud it is, 1 for as loud as in the file.
    pub volume: f64,
    /// How long it takes to fade in and out, in seconds.
    pub fade: f64,
}

/// What a video contains in addition to its frames.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extras {
    /// Its title.
    pub title: String,
    /// Its chapters.
    pub chapters: Vec<Chapter>,
    /// Its subtitles.
    pub captions: Vec<Words>,
    /// What is heard.
    pub sound: Option<Sound>,
    /// How many frames it has.
    pub frames: u32,
}

/// A video that is being encoded.
pub struct Video {
    ffmpeg: Process,
    to: Scratch,
    stream: Stream,
    planes: Vec<u8>,
    /// What ffmpeg reads while it works.
    _read: [Scratch; 2],
}

impl Video {
    /// Starts ffmpeg; `quality` is the constant rate factor.
    ///
    /// # Errors
    ///
    /// That ffmpeg is not installed, or that nothing can be written to the disk.
    pub fn start(
        desk: &Desk,
        stream: Stream,
        (codec, quality): (Codec, u8),
        extras: &Extras,
    ) -> Result<Self, Fault> {
        let scratch = |text: String| {
            let written = Scratch::with(&desk.folder, text.as_bytes());
            written.map_err(|error| desk.unwritten(error))
        };
        let read = [
            scratch(metadata(extras))?,
            scratch(super::vtt::web_vtt(&extras.captions))?,
        ];
        let to = desk.scratch()?;
        let mut args = words(&["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]);
        args.extend(inputs(stream, &read, extras));
        args.extend(outputs(stream, (codec, quality), extras));
        args.push(to.path().into());
        Ok(Self {
            ffmpeg: Process::fed("ffmpeg", &args, &desk.stop)?,
            to,
            stream,
            planes: Vec::new(),
            _read: read,
        })
    }
}

impl Encoder for Video {
    fn take(&mut self, shot: &Shot) -> Result<(), Fault> {
        if let Shot::New(frame) = shot {
            yuv::convert(frame.bytes(), self.stream.size, &mut self.planes);
        }
        self.ffmpeg.feed(&self.planes)
    }

    fn finish(self: Box<Self>) -> Result<Scratch, Fault> {
        self.ffmpeg.end()?;
        Ok(self.to)
    }
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

/// The frames, the chapters, the subtitles and the sound.
fn inputs(stream: Stream, [metadata, subtitles]: &[Scratch; 2], extras: &Extras) -> Vec<OsString> {
    let (size, rate) = (stream.size.to_string(), stream.rate.to_string());
    let mut args = words(&["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", &size]);
    args.extend(words(&[
        "-r",
        &rate,
        "-i",
        "pipe:0",
        "-f",
        "ffmetadata",
        "-i",
    ]));
    args.push(metadata.path().into());
    if !extras.captions.is_empty() {
        args.extend(words(&["-f", "webvtt", "-i"]));
        args.push(subtitles.path().into());
    }
    if let Some(sound) = &extras.sound {
        args.extend(words(&["-stream_loop", "-1", "-i"]));
        args.push(sound.file.clone().into());
    }
    args
}

fn outputs(stream: Stream, (codec, quality): (Codec, u8), extras: &Extras) -> Vec<OsString> {
    let quality = quality.to_string();
    let keys = (stream.rate * KEY_EVERY).to_string();
    let mut args = words(&["-map", "0:v", "-map_metadata", "1", "-map_chapters", "1"]);
    if !extras.captions.is_empty() {
        let format = match codec {
            Codec::H264 => "mov_text",
            Codec::Vp9 => "webvtt",
        };
        // Subtitles that are on by default would repeat the captions that the film shows.
        args.extend(words(&[
            "-map",
            "2:s",
            "-c:s",
            format,
            "-disposition:s:0",
            "0",
        ]));
    }
    if let Some(sound) = &extras.sound {
        let input = if extras.captions.is_empty() {
            "2:a:0"
        } else {
            "3:a:0"
        };
        args.extend(words(&["-map", input, "-af"]));
        args.push(filter(sound, length(stream, extras)).into());
        args.extend(words(match codec {
            Codec::H264 => &["-c:a", "aac", "-b:a", "160k"],
            Codec::Vp9 => &["-c:a", "libopus", "-b:a", "128k"],
        }));
    }
    args.extend(words(match codec {
        Codec::H264 => &["-c:v", "libx264", "-preset", "veryfast"],
        // Without a bit rate, only the quality counts.
        Codec::Vp9 => &["-c:v", "libvpx-vp9", "-b:v", "0"],
    }));
    if codec == Codec::Vp9 {
        args.extend(words(&["-deadline", "realtime", "-cpu-used", "6"]));
        args.extend(words(&["-row-mt", "1", "-tile-columns", "2"]));
    }
    args.extend(words(&["-crf", &quality, "-pix_fmt", "yuv420p"]));
    args.extend(words(&["-threads", THREADS, "-g", &keys]));
    if !extras.chapters.is_empty() {
        args.extend(words(&["-force_key_frames", "chapters"]));
    }
    for (key, value) in [
        ("-color_range", "tv"),
        ("-colorspace", "bt709"),
        ("-color_primaries", "bt709"),
        ("-color_trc", "bt709"),
        ("-fflags", "+bitexact"),
        ("-flags:v", "+bitexact"),
        ("-flags:a", "+bitexact"),
    ] {
        args.extend(words(&[key, value]));
    }
    let length = format!("{:.6}", length(stream, extras));
    args.extend(words(&["-t", &length]));
    args.extend(words(match codec {
        Codec::H264 => &["-movflags", "+faststart", "-f", "mp4"],
        Codec::Vp9 => &["-f", "webm"],
    }));
    args
}

fn length(stream: Stream, extras: &Extras) -> f64 {
    f64::from(extras.frames) / f64::from(stream.rate)
}

/// ffmpeg's filters for the sound.
fn filter(sound: &Sound, length: f64) -> String {
    let fade = sound.fade.min(length / 2.0);
    let mut filter = format!("volume={:.4}", sound.volume);
    if fade > 0.0 {
        let end = length - fade;
        let _ = write!(
            filter,
            ",afade=t=in:d={fade:.4},afade=t=out:st={end:.4}:d={fade:.4}"
        );
    }
    filter
}

/// Title and chapters as ffmpeg reads them.
fn metadata(extras: &Extras) -> String {
    let mut text = format!(";FFMETADATA1\ntitle={}\n", escaped(&extras.title));
    for chapter in &extras.chapters {
        let [from, to] = [chapter.from, chapter.to].map(|time| (time * 1000.0).round());
        let title = escaped(&chapter.title);
        let _ = write!(
            text,
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART={from:.0}\nEND={to:.0}\ntitle={title}\n"
        );
    }
    text
}

/// A value of ffmpeg's metadata in one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '=' | ';' | '#' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_add_lines_to_the_metadata() {
        let chapter = Chapter {
            title: "a=b;\n[CHAPTER]#\\".to_owned(),
            from: 0.0,
            to: 1.2345,
        };
        let extras = Extras {
            title: "T".to_owned(),
            chapters: vec![chapter],
            ..Extras::default()
        };
        assert_eq!(
            metadata(&extras),
            ";FFMETADATA1\ntitle=T\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1235\n\
             title=a\\=b\\; [CHAPTER]\\#\\\\\n"
        );
    }

    #[test]
    fn a_short_film_fades_in_and_out_in_its_halves() {
        let sound = Sound {
            file: PathBuf::new(),
            volume: 0.5,
            fade: 3.0,
        };
        let expected = "volume=0.5000,afade=t=in:d=1.0000,afade=t=out:st=1.0000:d=1.0000";
        assert_eq!(filter(&sound, 2.0), expected);
        assert_eq!(filter(&Sound { fade: 0.0, ..sound }, 2.0), "volume=0.5000");
    }
}
