//! The needles of the tests and of the bench: pieces cut from screenshots of
//! real programs, and how piece or screen were disturbed.
//!
//! A table has a row for each needle; all pixels follow from it, so that two
//! programs that are given the same row look for the same on the same screen.

use std::{collections::HashMap, fmt, fs, path::PathBuf, str::FromStr};

use deskhand::{
    geometry::{Point, Rect, Size},
    vision::Frame,
};
use image::{
    RgbImage,
    imageops::{self, FilterType},
};

/// What was done to a picture.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Change {
    /// Nothing.
    None,
    /// Each channel is up to so many levels lighter or darker, by chance.
    Noise(u8),
    /// It was a JPEG of this quality.
    Jpeg(u8),
    /// All channels are so many levels lighter.
    Brightness(i16),
    /// All channels are so many hundredths as far from the middle.
    Contrast(u8),
    /// Left is right.
    Mirrored,
    /// Red is blue and blue is red.
    Recoloured,
    /// Every colour is half the colour of the corner, as of a button that
    /// cannot be pressed.
    Greyed,
    /// What is inside an edge of three pixels moved three to the right and two
    /// down; what left there came in again opposite.
    Shifted,
    /// It lies so many hundredths of a pixel further to the left and up, each
    /// pixel being mixed from those that it lies on.
    Moved(u8),
    /// It was made so many hundredths as wide and high, and then as large as before.
    Rescaled(u16),
    /// The colour of its corner is so many levels lighter, and what is smoothed into
    /// that goes with it.
    Background(i16),
    /// Where the needle was, there is a copy of what is at this place.
    Covered(Point),
}

/// One needle.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// The name of the screen that it was cut from.
    pub(crate) cut_from: String,
    /// The part that was cut.
    pub(crate) rect: Rect,
    /// What was done to it.
    pub(crate) needle_is: Change,
    /// The name of the screen to look for it on.
    pub(crate) sought_on: String,
    /// What was done to that.
    pub(crate) screen_is: Change,
    /// Where `OpenCV` has it, by the greatest `TM_CCOEFF_NORMED` in gray.
    pub(crate) opencv: Point,
    /// That coefficient, at most 1.
    pub(crate) score: f32,
}

/// A table, and the screens that it speaks of.
pub(crate) struct Set {
    /// Its rows.
    pub(crate) rows: Vec<Row>,
    screens: HashMap<String, Frame>,
    changed: HashMap<(String, Change), Frame>,
}

/// The first line of a table.
pub(crate) const COLUMNS: &str = "cut from\tx\ty\twidth\theight\tneedle is\tsought on\tscreen is\topencv x\topencv y\topencv score";

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/frames/needles")
}

impl Set {
    /// The table with this name.
    pub(crate) fn read(name: &str) -> Self {
        let text = fs::read_to_string(folder().join(name)).unwrap();
        let rows = text.lines().skip(1).map(|line| line.parse().unwrap());
        Self {
            rows: rows.collect(),
            screens: HashMap::new(),
            changed: HashMap::new(),
        }
    }

    /// The screen and the needle of a row, as they are after what was done to
    /// them.
    pub(crate) fn pictures(&mut self, row: &Row) -> (Frame, Frame) {
        let needle = self.screen(&row.cut_from).crop(row.rect).unwrap();
        let needle = row.needle_is.done_to(&needle, row.rect);
        if let Change::Covered(_) = row.screen_is {
            let screen = self.screen(&row.sought_on);
            return (row.screen_is.done_to(&screen, row.rect), needle);
        }
        let key = (row.sought_on.clone(), row.screen_is);
        if !self.changed.contains_key(&key) {
            let screen = self.screen(&row.sought_on);
            let changed = row.screen_is.done_to(&screen, row.rect);
            self.changed.insert(key.clone(), changed);
        }
        (self.changed[&key].clone(), needle)
    }

    /// A screen as it was.
    pub(crate) fn screen(&mut self, name: &str) -> Frame {
        let read = || {
            let file = folder().join("screens").join(name).with_extension("png");
            Frame::decode_png(&fs::read(file).unwrap()).unwrap()
        };
        self.screens
            .entry(name.to_owned())
            .or_insert_with(read)
            .clone()
    }
}

impl FromStr for Row {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let cells: Vec<&str> = line.split('\t').collect();
        let &[
            cut_from,
            x,
            y,
            width,
            height,
            needle_is,
            sought_on,
            screen_is,
            place_x,
            place_y,
            score,
        ] = &cells[..]
        else {
            return Err(format!("{} cells: {line}", cells.len()));
        };
        Ok(Self {
            cut_from: cut_from.to_owned(),
            rect: Rect::new(number(x)?, number(y)?, number(width)?, number(height)?),
            needle_is: needle_is.parse()?,
            sought_on: sought_on.to_owned(),
            screen_is: screen_is.parse()?,
            opencv: Point::new(number(place_x)?, number(place_y)?),
            score: number(score)?,
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rect, place) = (self.rect, self.opencv);
        write!(
            f,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{:.4}",
            self.cut_from,
            rect.x,
            rect.y,
            rect.width,
            rect.height,
            self.needle_is,
            self.sought_on,
            self.screen_is,
            place.x,
            place.y,
            self.score
        )
    }
}

fn number<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not the number that belongs here"))
}

impl FromStr for Change {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split(' ').collect();
        Ok(match words[..] {
            ["as", "it", "is"] => Self::None,
            ["noise", most] => Self::Noise(number(most)?),
            ["jpeg", quality] => Self::Jpeg(number(quality)?),
            ["brightness", levels] => Self::Brightness(number(levels)?),
            ["contrast", hundredths] => Self::Contrast(number(hundredths)?),
            ["moved", hundredths] => Self::Moved(number(hundredths)?),
            ["rescaled", hundredths] => Self::Rescaled(number(hundredths)?),
            ["background", levels] => Self::Background(number(levels)?),
            ["mirrored"] => Self::Mirrored,
            ["recoloured"] => Self::Recoloured,
            ["greyed"] => Self::Greyed,
            ["shifted"] => Self::Shifted,
            ["covered", x, y] => Self::Covered(Point::new(number(x)?, number(y)?)),
            _ => return Err(format!("`{text}` is no change")),
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => write!(f, "as it is"),
            Self::Noise(most) => write!(f, "noise {most}"),
            Self::Jpeg(quality) => write!(f, "jpeg {quality}"),
            Self::Brightness(levels) => write!(f, "brightness {levels}"),
            Self::Contrast(hundredths) => write!(f, "contrast {hundredths}"),
            Self::Moved(hundredths) => write!(f, "moved {hundredths}"),
            Self::Rescaled(hundredths) => write!(f, "rescaled {hundredths}"),
            Self::Background(levels) => write!(f, "background {levels}"),
            Self::Mirrored => write!(f, "mirrored"),
            Self::Recoloured => write!(f, "recoloured"),
            Self::Greyed => write!(f, "greyed"),
            Self::Shifted => write!(f, "shifted"),
            Self::Covered(place) => write!(f, "covered {} {}", place.x, place.y),
        }
    }
}

impl Change {
    /// The picture after the change; `part` is where the needle was.
    pub(crate) fn done_to(self, picture: &Frame, part: Rect) -> Frame {
        let colour = |x: i32, y: i32| picture.pixel(Point::new(x, y)).unwrap();
        let Size { width, height } = picture.size();
        let (wide, high) = (width.cast_signed(), height.cast_signed());
        match self {
            Self::None => picture.clone(),
            Self::Noise(most) => noisy(picture, i16::from(most)),
            Self::Jpeg(quality) => {
                let file = picture.encode_jpeg(quality);
                let pixels = image::load_from_memory(&file).unwrap().to_rgb8();
                Frame::new(picture.size(), pixels.into_raw()).unwrap()
            }
            Self::Brightness(levels) => each_channel(picture, |channel| channel + levels),
            Self::Contrast(hundredths) => each_channel(picture, |channel| {
                (channel - 128) * i16::from(hundredths) / 100 + 128
            }),
            Self::Moved(hundredths) => {
                let at = |x: i32, y: i32| colour(x.min(wide - 1), y.min(high - 1));
                let shares = [100 - u32::from(hundredths), hundredths.into()];
                drawn(picture, |x, y| {
                    let mut sums = [0; 3];
                    for (down, share_down) in (0..).zip(shares) {
                        for (across, share) in (0..).zip(shares) {
                            let seen = at(x + across, y + down);
                            for (sum, channel) in sums.iter_mut().zip(seen) {
                                *sum += share * share_down * u32::from(channel);
                            }
                        }
                    }
                    sums.map(|sum| u8::try_from((sum + 5000) / 10_000).unwrap())
                })
            }
            Self::Rescaled(hundredths) => {
                let scaled = |side: u32| (side * u32::from(hundredths) + 50) / 100;
                let whole = RgbImage::from_raw(width, height, picture.bytes().to_vec()).unwrap();
                let other =
                    imageops::resize(&whole, scaled(width), scaled(height), FilterType::Triangle);
                let back = imageops::resize(&other, width, height, FilterType::CatmullRom);
                Frame::new(picture.size(), back.into_raw()).unwrap()
            }
            Self::Background(levels) => on_other_ground(picture, levels),
            Self::Mirrored => drawn(picture, |x, y| colour(wide - 1 - x, y)),
            Self::Recoloured => drawn(picture, |x, y| {
                let [red, green, blue] = colour(x, y);
                [blue, green, red]
            }),
            Self::Greyed => {
                let corner = colour(0, 0);
                drawn(picture, |x, y| {
                    let seen = colour(x, y);
                    [0, 1, 2].map(|c| seen[c].midpoint(corner[c]))
                })
            }
            Self::Shifted => {
                let around = |n: i32, by: i32, all: i32| (n - 3 - by).rem_euclid(all - 6) + 3;
                let inside = |n: i32, all: i32| (3..all - 3).contains(&n);
                drawn(picture, |x, y| {
                    if inside(x, wide) && inside(y, high) {
                        colour(around(x, 3, wide), around(y, 2, high))
                    } else {
                        colour(x, y)
                    }
                })
            }
            Self::Covered(place) => drawn(picture, |x, y| {
                if part.contains(Point::new(x, y)) {
                    colour(x - part.x + place.x, y - part.y + place.y)
                } else {
                    colour(x, y)
                }
            }),
        }
    }
}

/// The picture on a background that is so many levels lighter: the nearer a pixel is
/// to the colour of the corner, the more of that it gets.
fn on_other_ground(picture: &Frame, levels: i16) -> Frame {
    let ground = picture.pixel(Point::default()).unwrap();
    let off = |colour: [u8; 3]| {
        let channels = colour.iter().zip(ground);
        i32::from(
            channels
                .map(|(one, other)| one.abs_diff(other))
                .max()
                .unwrap(),
        )
    };
    let (colours, _) = picture.bytes().as_chunks::<3>();
    // What is further away than this is none of the ground.
    let most = colours.iter().map(|colour| off(*colour)).max().unwrap() * 3 / 5;
    drawn(picture, |x, y| {
        let seen = picture.pixel(Point::new(x, y)).unwrap();
        let share = (most - off(seen)).max(0);
        let by = i32::from(levels) * share / most.max(1);
        seen.map(|channel| u8::try_from((i32::from(channel) + by).clamp(0, 255)).unwrap())
    })
}

fn drawn(picture: &Frame, colour: impl Fn(i32, i32) -> [u8; 3]) -> Frame {
    let Size { width, height } = picture.size();
    let places =
        (0..height.cast_signed()).flat_map(|y| (0..width.cast_signed()).map(move |x| (x, y)));
    let pixels = places.flat_map(|(x, y)| colour(x, y)).collect();
    Frame::new(picture.size(), pixels).unwrap()
}

fn each_channel(picture: &Frame, mut change: impl FnMut(i16) -> i16) -> Frame {
    let channels = picture.bytes().iter();
    let changed = channels.map(|channel| {
        let within = change(i16::from(*channel)).clamp(0, 255);
        u8::try_from(within).unwrap()
    });
    Frame::new(picture.size(), changed.collect()).unwrap()
}

/// Noise that is the same each time: a linear congruential generator with the
/// numbers of Numerical Recipes.
fn noisy(picture: &Frame, most: i16) -> Frame {
    let mut state = 2_463_534_242_u32;
    each_channel(picture, |channel| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let chance = i16::try_from(state >> 17).unwrap();
        channel + chance % (2 * most + 1) - most
    })
}
