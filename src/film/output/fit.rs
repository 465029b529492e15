//! A film of a limited number of bytes.
//!
//! For each kind of film there is a ladder of what is given up, beginning with what is missed
//! least. The size at a rung is estimated from a few seconds of the film, so most films are encoded
//! only once.

use std::fmt;

use super::{Kind, Progress};
use crate::{
    film::encode::{
        Codec, Desk, Encoder, Extras, Fault, Gif, GifLook, Master, Part, Scratch, Stream, Video,
        Webp, WebpLook,
    },
    geometry::Size,
};

/// How many parts of a film are tried, each of a second.
const PARTS: u32 = 6;

/// A film that is no longer than this, in seconds, is tried as a whole.
const SHORT: u32 = 10;

/// How often a film whose estimates were too small is encoded at most.
const TRIES: usize = 4;

/// The share of the allowed size that an estimate may reach, in hundredths.
const SURE: u64 = 92;

/// Bytes of sound per second of a video.
const SOUND: u64 = 20_000;

/// How large a film may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) kind: Kind,
    pub(super) bytes: u64,
}

/// How a film is encoded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Choice {
    look: Look,
    /// The size of its frames relative to that of the film, in hundredths.
    scale: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Look {
    Video(Codec, u8),
    Gif(GifLook),
    Webp(WebpLook),
}

impl Choice {
    /// How a film without a limit is encoded.
    pub(super) fn usual(kind: Kind) -> Self {
        let look = match kind {
            Kind::Webm => Look::Video(Codec::Vp9, Codec::Vp9.usual_quality()),
            Kind::Gif => Look::Gif(GifLook::default()),
            Kind::Webp => Look::Webp(WebpLook::default()),
            _ => Look::Video(Codec::H264, Codec::H264.usual_quality()),
        };
        Self { look, scale: 100 }
    }

    /// Its frames per second, if the film does not decide that.
    pub(super) const fn rate(self) -> Option<u32> {
        match self.look {
            Look::Video(..) => None,
            Look::Gif(look) => Some(look.rate),
            Look::Webp(look) => Some(look.rate),
        }
    }

    /// Starts to encode.
    pub(super) fn encoder(
        self,
        desk: &Desk,
        stream: Stream,
        extras: &Extras,
    ) -> Result<Box<dyn Encoder>, Fault> {
        let size = self.size(stream.size);
        let stream = Stream { size, ..stream };
        Ok(match self.look {
            Look::Video(codec, quality) => {
                Box::new(Video::start(desk, stream, (codec, quality), extras)?)
            }
            Look::Gif(look) => Box::new(Gif::start(desk, stream, look)?),
            Look::Webp(look) => Box::new(Webp::start(desk, stream, look)?),
        })
    }

    /// The size of its frames, even and at least 2 by 2.
    fn size(self, film: Size) -> Size {
        let side = |pixels: u32| {
            let scaled = u64::from(pixels) * u64::from(self.scale) / 200;
            u32::try_from(scaled).unwrap_or(u32::MAX / 2).max(1) * 2
        };
        if self.scale == 100 {
            film
        } else {
            Size::new(side(film.width), side(film.height))
        }
    }

    /// The ways to encode a film, the best-looking first.
    fn ladder(kind: Kind) -> Vec<Self> {
        let usual = Self::usual(kind);
        match usual.look {
            Look::Video(codec, _) => videos(codec),
            Look::Gif(_) => gifs(),
            Look::Webp(_) => webps(),
        }
    }
}

fn videos(codec: Codec) -> Vec<Choice> {
    let rung = |(worse, scale)| Choice {
        look: Look::Video(codec, codec.usual_quality() + worse),
        scale,
    };
    let full = (0..=18).step_by(3).map(|worse| (worse, 100));
    let less = [
        (12, 75),
        (16, 75),
        (12, 60),
        (16, 60),
        (12, 45),
        (16, 45),
        (16, 30),
        (20, 30),
    ];
    full.chain(less).map(rung).collect()
}

fn gifs() -> Vec<Choice> {
    let rung = |(rate, scale, colours)| Choice {
        look: Look::Gif(GifLook { rate, colours }),
        scale,
    };
    [
        (15, 100, 256),
        (12, 100, 256),
        (10, 100, 256),
        (10, 100, 128),
        (8, 100, 128),
        (10, 80, 256),
        (8, 80, 128),
        (8, 65, 256),
        (8, 65, 128),
        (6, 65, 128),
        (8, 50, 256),
        (6, 50, 128),
        (5, 50, 64),
        (5, 40, 64),
        (4, 30, 64),
        (3, 25, 32),
    ]
    .map(rung)
    .to_vec()
}

fn webps() -> Vec<Choice> {
    let rung = |(rate, scale, quality)| Choice {
        look: Look::Webp(WebpLook { rate, quality }),
        scale,
    };
    [
        (15, 100, 80),
        (15, 100, 65),
        (12, 100, 55),
        (10, 100, 45),
        (10, 80, 60),
        (10, 80, 45),
        (8, 65, 55),
        (8, 65, 40),
        (6, 50, 50),
        (6, 50, 30),
        (5, 40, 30),
        (4, 30, 25),
        (3, 25, 15),
    ]
    .map(rung)
    .to_vec()
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.look {
            Look::Video(_, quality) => write!(f, "quality {quality} (constant rate factor)")?,
            Look::Gif(look) => {
                write!(f, "{} frames a second, {} colours", look.rate, look.colours)?;
            }
            Look::Webp(look) => {
                write!(f, "{} frames a second, quality {}", look.rate, look.quality)?;
            }
        }
        match self.scale {
            100 => Ok(()),
            scale => write!(f, ", {scale} % of the size"),
        }
    }
}

/// What the work needs: what else a video contains, and who is told about the progress.
type For<'a> = (&'a Extras, &'a dyn Fn(Progress));

/// Encodes a film as well as possible with no more bytes than allowed.
///
/// # Errors
///
/// [`Fault::TooLarge`] if even the last way to encode it is too large, and all errors of encoding.
pub(super) fn fit(
    master: &Master,
    desk: &Desk,
    limit: Limit,
    (extras, progress): For<'_>,
) -> Result<(Scratch, Choice), Fault> {
    let ladder = Choice::ladder(limit.kind);
    let trial = Trial {
        master,
        desk,
        extras,
        progress,
    };
    let is_short = extras.frames <= SHORT * master.stream().rate;
    let allowed = if is_short {
        limit.bytes
    } else {
        limit.bytes / 100 * SURE
    };
    // The first rung that is small enough; each one below is smaller, though not always by much.
    let (mut low, mut high) = (0, ladder.len() - 1);
    while low < high {
        let middle = usize::midpoint(low, high);
        if trial.estimate(ladder[middle], is_short)? <= allowed {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let last = ladder.len() - 1;
    let mut smallest = u64::MAX;
    let mut rungs: Vec<usize> = (low..=last).take(TRIES).collect();
    if rungs.last() != Some(&last) {
        rungs.push(last);
    }
    for rung in rungs {
        let film = trial.whole(ladder[rung], extras)?;
        let bytes = film.size().map_err(|error| Fault::Write {
            path: desk.folder.clone(),
            error,
        })?;
        if bytes <= limit.bytes {
            return Ok((film, ladder[rung]));
        }
        smallest = smallest.min(bytes);
    }
    Err(Fault::TooLarge(format!(
        "it cannot be reduced to {} bytes: the smallest possible size is {smallest} bytes \
         ({}); allow more with `--max-size`, or record less",
        limit.bytes, ladder[last]
    )))
}

/// Encodes a film, or some of it, in several ways.
struct Trial<'a> {
    master: &'a Master,
    desk: &'a Desk,
    extras: &'a Extras,
    progress: &'a dyn Fn(Progress),
}

impl Trial<'_> {
    /// How many bytes the film would have.
    fn estimate(&self, choice: Choice, is_short: bool) -> Result<u64, Fault> {
        let (frames, rate) = (self.extras.frames, self.master.stream().rate);
        let sound = u64::from(self.extras.sound.is_some()) * SOUND * u64::from(frames / rate);
        if is_short {
            let whole = [Part {
                first: 0,
                count: frames,
            }];
            return Ok(self.encode(choice, &whole, &Extras::default())? + sound);
        }
        let parts: Vec<Part> = (0..PARTS)
            .map(|part| Part {
                first: frames / PARTS * part + frames / PARTS / 2 - rate / 2,
                count: rate,
            })
            .collect();
        let firsts: Vec<Part> = parts
            .iter()
            .map(|part| Part { count: 1, ..*part })
            .collect();
        // A film has few key frames, but each part here begins with one.
        let alone = self.encode(choice, &firsts, &Extras::default())? / u64::from(PARTS);
        let all = self.encode(choice, &parts, &Extras::default())?;
        let others = all.saturating_sub(alone * u64::from(PARTS));
        let alone_in_film = match choice.look {
            Look::Video(..) => {
                let chapters = u64::try_from(self.extras.chapters.len()).unwrap_or(u64::MAX);
                u64::from(frames / (rate * 5)) + chapters + 1
            }
            Look::Gif(_) | Look::Webp(_) => 1,
        };
        let others = others * u64::from(frames) / u64::from(PARTS * (rate - 1).max(1));
        Ok(alone * alone_in_film + others + sound)
    }

    fn encode(&self, choice: Choice, parts: &[Part], extras: &Extras) -> Result<u64, Fault> {
        let frames = parts.iter().map(|part| part.count).sum();
        let extras = Extras {
            frames,
            ..extras.clone()
        };
        let film = self.encoded(choice, parts, &extras, "trying")?;
        film.size().map_err(|error| Fault::Write {
            path: self.desk.folder.clone(),
            error,
        })
    }

    fn whole(&self, choice: Choice, extras: &Extras) -> Result<Scratch, Fault> {
        let all = Part {
            first: 0,
            count: extras.frames,
        };
        self.encoded(choice, &[all], extras, "encoding")
    }

    fn encoded(
        &self,
        choice: Choice,
        parts: &[Part],
        extras: &Extras,
        doing: &'static str,
    ) -> Result<Scratch, Fault> {
        let stream = self.master.stream();
        let mut encoder = choice.encoder(self.desk, stream, extras)?;
        let size = choice.size(stream.size);
        let (mut done, all) = (0, extras.frames);
        for part in parts {
            self.master.play(*part, size, |shot| {
                done += 1;
                (self.progress)(Progress { doing, done, all });
                encoder.take(shot)
            })?;
        }
        encoder.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hurts_least_is_given_up_first() {
        let gifs = Choice::ladder(Kind::Gif);
        assert_eq!(gifs[0], Choice::usual(Kind::Gif));
        assert_eq!(gifs[1].to_string(), "12 frames a second, 256 colours");
        let last = gifs.last().map(Choice::to_string);
        let smallest = "3 frames a second, 32 colours, 25 % of the size";
        assert_eq!(last.as_deref(), Some(smallest));
        for kind in [Kind::Mp4, Kind::Webm, Kind::Webp] {
            let ladder = Choice::ladder(kind);
            assert_eq!(ladder[0], Choice::usual(kind));
            let scales: Vec<u32> = ladder.iter().map(|choice| choice.scale).collect();
            assert!(scales.is_sorted_by(|a, b| a >= b), "{kind}");
        }
    }

    #[test]
    fn a_smaller_film_keeps_even_sides() {
        let choice = |scale| Choice {
            scale,
            ..Choice::usual(Kind::Mp4)
        };
        let film = Size::new(1442, 902);
        assert_eq!(choice(75).size(film), Size::new(1080, 676));
        assert_eq!(choice(25).size(Size::new(2, 2)), Size::new(2, 2));
    }
}
