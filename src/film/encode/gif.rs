//! Gif, with palettes of its own.
//!
//! A gif has at most 256 colours in a picture, but each picture may bring a palette for
//! the part that it changes. So a palette is kept as long as it is good enough for what
//! changes, and a part that needs other colours brings its own: still areas keep the
//! colours that they were drawn with, and nothing flickers.

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
};

use gif::{DisposalMethod, EncodingError, Repeat};

use super::{
    Desk, Encoder, Fault, Scratch, Stream,
    palette::{Census, Nearest, Palette, number},
    pick::Pick,
};
use crate::{
    film::compose::Shot,
    geometry::{Rect, Size},
    vision::Frame,
};

/// How far a colour may be, on average, from the one that stands for it before a new palette is
/// made: in squares of differences as [`Nearest::distance`] counts them, about one and a half of
/// 255.
const GOOD_ENOUGH: u64 = 18;

/// From which distance on a colour visibly differs from another: about twelve of 255.
const SEEN: u32 = 9 * 12 * 12;

/// One pixel in this many may have a colour that visibly differs.
const ONE_OF: usize = 400;

/// How a gif looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct GifLook {
    /// Frames per second; those of the film if it has fewer. Players show no more than 50.
    pub rate: u32,
    /// The maximum number of colours of a palette, 2 to 256.
    pub colours: usize,
}

impl Default for GifLook {
    fn default() -> Self {
        Self {
            rate: 15,
            colours: 256,
        }
    }
}

/// A gif that is being encoded.
pub struct Gif {
    desk: Desk,
    to: Scratch,
    encoder: gif::Encoder<BufWriter<File>>,
    pick: Pick,
    rate: u64,
    colours: usize,
    /// How many frames were picked.
    count: u64,
    shown: Option<Frame>,
    palette: Option<Palette>,
    /// What is written once it is known how long it is shown.
    waiting: Option<Waiting>,
}

struct Waiting {
    picture: gif::Frame<'static>,
    since: u64,
}

impl Gif {
    /// Begins a gif.
    ///
    /// # Errors
    ///
    /// That nothing can be written to the disk, or that a side is longer than a gif allows: 65 535
    /// pixels.
    pub fn start(desk: &Desk, stream: Stream, look: GifLook) -> Result<Self, Fault> {
        let to = desk.scratch()?;
        let unwritten = |error| desk.unwritten(error);
        let file = to.file().try_clone().map_err(unwritten)?;
        let [width, height] = sides(stream.size).map_err(unwritten)?;
        let out = BufWriter::with_capacity(1 << 16, file);
        let mut encoder =
            gif::Encoder::new(out, width, height, &[]).map_err(|error| unwritten(io(error)))?;
        encoder
            .set_repeat(Repeat::Infinite)
            .map_err(|error| unwritten(io(error)))?;
        Ok(Self {
            desk: desk.clone(),
            to,
            encoder,
            pick: Pick::new(stream.rate, look.rate),
            rate: look.rate.min(stream.rate).max(1).into(),
            colours: look.colours.clamp(2, 256),
            count: 0,
            shown: None,
            palette: None,
            waiting: None,
        })
    }

    /// Puts a picture over what is shown.
    fn show(&mut self, frame: Frame) -> Result<(), Fault> {
        let Some(area) = changed(self.shown.as_ref(), &frame) else {
            return Ok(());
        };
        let (indices, palette) = self.indices(&frame, area);
        self.write()?;
        let place = |number: i32| u16::try_from(number).unwrap_or_default();
        let [width, height] = sides(area.size()).map_err(|error| self.desk.unwritten(error))?;
        let picture = gif::Frame {
            left: place(area.x),
            top: place(area.y),
            width,
            height,
            dispose: DisposalMethod::Keep,
            transparent: self.shown.is_some().then_some(transparent(&palette)),
            palette: Some(palette),
            buffer: indices.into(),
            ..gif::Frame::default()
        };
        self.waiting = Some(Waiting {
            picture,
            since: self.count - 1,
        });
        self.shown = Some(frame);
        Ok(())
    }

    /// The numbers of the colours in an area, and the palette that they belong to.
    fn indices(&mut self, frame: &Frame, area: Rect) -> (Vec<u8>, Vec<u8>) {
        let part = Part {
            now: frame,
            before: self.shown.as_ref(),
            area,
        };
        if let Some(palette) = &mut self.palette
            && let Some(indices) = part.indices(palette, true)
        {
            return (indices, table(palette));
        }
        let mut palette = part.census().palette(self.colours - 1);
        let indices = part.indices(&mut palette, false).unwrap_or_default();
        let table = table(&palette);
        self.palette = Some(palette);
        (indices, table)
    }

    /// Writes the waiting picture, which is shown until now.
    fn write(&mut self) -> Result<(), Fault> {
        let Some(Waiting { mut picture, since }) = self.waiting.take() else {
            return Ok(());
        };
        // Hundredths of a second, rounded so that their sum stays right.
        let time = |count: u64| (count * 200 + self.rate) / (self.rate * 2);
        let now = self.count.max(since + 2) - 1;
        let delay = time(now) - time(since);
        picture.delay = u16::try_from(delay).unwrap_or(u16::MAX).max(2);
        let written = self.encoder.write_frame(&picture);
        written.map_err(|error| self.desk.unwritten(io(error)))
    }
}

impl Encoder for Gif {
    fn take(&mut self, shot: &Shot) -> Result<(), Fault> {
        if self.desk.stop.is_asked() {
            return Err(Fault::Stopped);
        }
        let Some(shot) = self.pick.of(shot) else {
            return Ok(());
        };
        self.count += 1;
        match shot {
            Shot::New(frame) => self.show(frame),
            Shot::Same => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>) -> Result<Scratch, Fault> {
        self.count += 1;
        self.write()?;
        let Self {
            desk, to, encoder, ..
        } = *self;
        let out = encoder.into_inner().map_err(io);
        let ended = out.and_then(|mut out| out.flush());
        ended.map_err(|error| desk.unwritten(error))?;
        Ok(to)
    }
}

/// The part of a picture that has changed.
struct Part<'a> {
    now: &'a Frame,
    before: Option<&'a Frame>,
    area: Rect,
}

impl Part<'_> {
    /// Each row of the part as it is now and as it was.
    fn rows(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        let stride = self.now.size().width as usize * 3;
        let [left, top] = [self.area.x, self.area.y].map(|at| usize::try_from(at).unwrap_or(0));
        let (width, height) = (self.area.width as usize * 3, self.area.height as usize);
        (top..top + height).map(move |row| {
            let of = |frame: &'_ Frame| row * stride + left * 3..frame.bytes().len();
            let now = &self.now.bytes()[of(self.now)][..width];
            let before = self
                .before
                .map(|before| &before.bytes()[of(before)][..width]);
            (now, before)
        })
    }

    fn census(&self) -> Census {
        let mut census = Census::new();
        for (now, before) in self.rows() {
            let (mut last, mut times) = (number(now), 0);
            for (at, pixel) in now.chunks_exact(3).enumerate() {
                if before.is_some_and(|before| &before[at * 3..][..3] == pixel) {
                    continue;
                }
                let colour = number(pixel);
                if colour != last && times > 0 {
                    census.count(last, times);
                    times = 0;
                }
                last = colour;
                times += 1;
            }
            if times > 0 {
                census.count(last, times);
            }
        }
        census
    }

    /// The number of the nearest colour for each pixel; none if the palette has to be good enough
    /// and is not.
    fn indices(&self, palette: &mut Palette, has_to_be_good: bool) -> Option<Vec<u8>> {
        let unchanged = u8::try_from(palette.len()).unwrap_or(u8::MAX);
        let mut indices = Vec::with_capacity(self.area.width as usize * self.area.height as usize);
        let (mut count, mut wrong, mut seen) = (0_usize, 0_u64, 0_usize);
        for (now, before) in self.rows() {
            let mut last = (number(now), palette.nearest(number(now)));
            for (at, pixel) in now.chunks_exact(3).enumerate() {
                if before.is_some_and(|before| &before[at * 3..][..3] == pixel) {
                    indices.push(unchanged);
                    continue;
                }
                let colour = number(pixel);
                if colour != last.0 {
                    last = (colour, palette.nearest(colour));
                }
                let Nearest { index, distance } = last.1;
                indices.push(index);
                count += 1;
                wrong += u64::from(distance);
                seen += usize::from(distance > SEEN);
            }
        }
        let is_good = wrong <= GOOD_ENOUGH * count as u64 && seen * ONE_OF <= count;
        (is_good || !has_to_be_good).then_some(indices)
    }
}

/// The smallest area that contains everything that changed; none if nothing did.
fn changed(before: Option<&Frame>, now: &Frame) -> Option<Rect> {
    let size = now.size();
    let Some(before) = before.filter(|before| before.size() == size) else {
        return Some(size.to_rect());
    };
    let stride = size.width as usize * 3;
    let rows = || {
        let rows = before.bytes().chunks_exact(stride);
        rows.zip(now.bytes().chunks_exact(stride))
    };
    let top = rows().position(|(before, now)| before != now)?;
    let bottom = rows().rposition(|(before, now)| before != now)?;
    let (mut left, mut right) = (stride, 0);
    for (before, now) in rows().take(bottom + 1).skip(top) {
        let differs = |(before, now): (&u8, &u8)| before != now;
        let pairs = || before.iter().zip(now);
        if let Some(first) = pairs().take(left).position(differs) {
            left = left.min(first);
        }
        if let Some(last) = pairs().skip(right).rposition(differs) {
            right += last;
        }
    }
    let (left, right) = (left / 3, right / 3);
    let number = |number: usize| u32::try_from(number).unwrap_or_default();
    Some(Rect::new(
        number(left).cast_signed(),
        number(top).cast_signed(),
        number(right - left + 1),
        number(bottom - top + 1),
    ))
}

/// The palette with one more colour, which stands for what does not change.
fn table(palette: &Palette) -> Vec<u8> {
    let mut bytes = palette.bytes();
    bytes.extend([0; 3]);
    bytes
}

/// The number of that colour.
fn transparent(table: &[u8]) -> u8 {
    u8::try_from(table.len() / 3 - 1).unwrap_or(u8::MAX)
}

fn sides(size: Size) -> io::Result<[u16; 2]> {
    let fits = |pixels: u32| {
        let large = || io::Error::other("a gif has at most 65535 pixels at each side");
        u16::try_from(pixels).map_err(|_| large())
    };
    Ok([fits(size.width)?, fits(size.height)?])
}

fn io(error: EncodingError) -> io::Error {
    match error {
        EncodingError::Io(error) => error,
        other => io::Error::other(other.to_string()),
    }
}
