//! Whether a film that was kept still shows what its scenario does.
//!
//! Words are compared exactly; pictures are compared at the ends of the steps, with a tolerance
//! that codecs stay within. A step may end a little earlier or later than in the kept film, so its
//! picture is compared with several around it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    Kind, Show, Story, Target,
    alike::{Ignored, difference},
    beside,
    kept::{Kept, picture},
    manual::manual,
    saying::{cues, lists, words},
    stills::{Still, for_file, for_folder},
    story::{VERSION, pointer},
};
use crate::{
    film::{
        compose::{self, PlayError, Shot},
        encode::{Fault, Stop, web_vtt},
        source::Source,
    },
    geometry::{Point, Rect},
    vision::Frame,
};

/// The maximum size of a story or of a kept text, in bytes.
const LONGEST_TEXT: u64 = 16 << 20;

/// How far words and keys reach beyond their boxes, with their shadows, in pixels.
const EDGE: i32 = 12;

/// How far from the end of a step its picture may be, in parts of a second.
const AROUND: [i32; 5] = [0, -1, 1, -2, 2];
const PART: u32 = 8;

/// How far around the pointer pictures may differ, in hundredths of its height: that is the size of
/// the pointer and the ring of a click.
const POINTER: u32 = 125;

/// The film as it was kept, and as it would be now.
pub struct Checked<'a> {
    /// The new film.
    pub show: Show<'a>,
    /// The kept one.
    pub target: &'a Target,
    /// What ends the work.
    pub stop: Stop,
}

/// Something that has changed.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What, in a sentence.
    pub words: String,
    /// The kept picture and the new one, if they differ, and where.
    pub pictures: Option<Box<Differing>>,
}

/// Two pictures of one moment.
#[derive(Clone, Debug)]
pub struct Differing {
    /// As it was kept.
    pub kept: Frame,
    /// As it is now.
    pub now: Frame,
    /// A part in which they differ.
    pub area: Rect,
}

impl Finding {
    pub(super) fn words(words: String) -> Self {
        let pictures = None;
        Self { words, pictures }
    }
}

/// A picture that was kept, and the frames of the new film that it may match.
struct Look {
    what: String,
    kept: Frame,
    /// The frame of the new film.
    frame: u32,
    /// Where the pointer is in the kept picture, in the pixels of the film.
    pointer: Option<[i32; 2]>,
}

/// Compares a kept film with the new one; nothing is found if it still shows the same.
///
/// # Errors
///
/// That the kept film, its story or the recording cannot be read.
pub fn check(checked: &Checked<'_>, source: impl Source + Send) -> Result<Vec<Finding>, Fault> {
    let Target { path, kind } = checked.target;
    let show = checked.show;
    match kind {
        Kind::Mp4 | Kind::Webm | Kind::Gif | Kind::Webp => checked.film(source),
        Kind::Vtt => {
            let now = cues(&web_vtt(&show.film.captions()));
            let kept = cues(&text(path)?);
            Ok(lists("caption", &kept, &now).into_iter().collect())
        }
        Kind::Png => checked.stills(&for_file(show, path), source),
        Kind::Folder => checked.stills(&for_folder(show, path), source),
        Kind::Md => {
            let manual = manual(show, path);
            let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
            let words = lists("line", &lines(&text(path)?), &lines(&manual.text));
            match words {
                Some(words) => Ok(vec![words]),
                None => checked.stills(&manual.stills, source),
            }
        }
    }
}

impl Checked<'_> {
    fn film(&self, source: impl Source + Send) -> Result<Vec<Finding>, Fault> {
        let Target { path, kind } = self.target;
        let kept = story(path)?;
        let now = Story::of(self.show);
        let mut findings = words(&kept, &now);
        let is_same = |(kept, now): (&super::story::StoryStep, &super::story::StoryStep)| {
            kept.title == now.title && kept.types == now.types
        };
        let pairs: Vec<_> = kept
            .steps
            .iter()
            .zip(&now.steps)
            .take_while(|(kept, now)| is_same((kept, now)))
            .filter(|(kept, now)| !kept.unsettled && !now.unsettled)
            .collect();
        if kept.size != now.size || pairs.is_empty() {
            return Ok(findings);
        }
        let slots = Slots::of(&kept);
        let frames: Vec<u32> = pairs
            .iter()
            .map(|(kept, _)| slots.seen(kept.frame))
            .collect();
        if !frames.is_sorted() {
            return Err(unreadable(
                &beside(path, ".story.json"),
                &"its frames are not in order",
            ));
        }
        let film = Kept {
            path,
            kind: *kind,
            rate: kept.frame_rate,
        };
        let pictures = film.pictures(&frames, &self.stop)?;
        if let Some((_, missing)) = pairs.get(pictures.len()) {
            let words = format!(
                "the film ends before the step “{}”: it is not the film that its story describes",
                missing.title
            );
            findings.push(Finding::words(words));
        }
        let looks = pairs
            .iter()
            .zip(pictures)
            .map(|((kept, now), picture)| Look {
                what: format!("after the step “{}”", now.title),
                kept: picture,
                frame: slots.drawn(now.frame),
                pointer: kept.pointer,
            });
        findings.extend(self.pictures(looks.collect(), source)?);
        Ok(findings)
    }

    fn stills(&self, stills: &[Still], source: impl Source + Send) -> Result<Vec<Finding>, Fault> {
        let looks = stills.iter().map(|still| {
            Ok(Look {
                what: format!("in {}", still.path.display()),
                kept: picture(&still.path)?,
                frame: still.frame,
                pointer: pointer(self.show, still.frame),
            })
        });
        let looks: Result<Vec<Look>, Fault> = looks.collect();
        self.pictures(looks?, source)
    }

    /// The pictures that match none of those around the same moment.
    fn pictures(
        &self,
        looks: Vec<Look>,
        source: impl Source + Send,
    ) -> Result<Vec<Finding>, Fault> {
        let film = self.show.film;
        let part = (film.frame_rate() / PART).max(1).cast_signed();
        let last = film.frames() - 1;
        let around =
            |frame: u32| AROUND.map(|parts| frame.saturating_add_signed(parts * part).min(last));
        let mut frames: Vec<u32> = looks.iter().flat_map(|look| around(look.frame)).collect();
        frames.sort_unstable();
        frames.dedup();
        let mut open: Vec<Open> = looks.into_iter().map(Open::new).collect();
        let (mut count, mut drawn) = (0, None);
        let sink = |shot: Shot| {
            if self.stop.is_asked() {
                return Err(Fault::Stopped);
            }
            if let Shot::New(frame) = shot {
                drawn = Some(frame);
            }
            let number = frames.get(count).copied().unwrap_or_default();
            count += 1;
            let Some(drawn) = &drawn else { return Ok(()) };
            for open in &mut open {
                if !open.is_alike && around(open.look.frame).contains(&number) {
                    open.compare(self.show, number, drawn);
                }
            }
            Ok(())
        };
        let played = compose::stills(film, source, &frames, sink);
        played.map_err(|error| match error {
            PlayError::Source(error) => Fault::Source(error),
            PlayError::Sink(fault) => fault,
        })?;
        Ok(open.into_iter().filter_map(Open::finding).collect())
    }
}

/// The frames of a film of which only some were kept. A step that ends between two of them is
/// visible in the second.
struct Slots {
    film: u64,
    kept: u64,
}

impl Slots {
    fn of(story: &Story) -> Self {
        let film = story.frame_rate.max(1);
        let kept = story.kept_rate.unwrap_or(film).clamp(1, film);
        Self {
            film: film.into(),
            kept: kept.into(),
        }
    }

    /// When the end of a step is visible, as a frame of the film.
    fn seen(&self, frame: u32) -> u32 {
        number((self.number(frame) * self.film).div_ceil(self.kept))
    }

    /// The frame that is shown then.
    fn drawn(&self, frame: u32) -> u32 {
        number(self.number(frame) * self.film / self.kept)
    }

    fn number(&self, frame: u32) -> u64 {
        (u64::from(frame) * self.kept).div_ceil(self.film)
    }
}

fn number(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A picture that has matched none so far.
struct Open {
    look: Look,
    is_alike: bool,
    /// The picture of the same moment.
    now: Option<(Frame, Rect)>,
}

impl Open {
    const fn new(look: Look) -> Self {
        Self {
            look,
            is_alike: false,
            now: None,
        }
    }

    fn compare(&mut self, show: Show<'_>, number: u32, drawn: &Frame) {
        let (kept, film) = (self.look.kept.size(), show.film.size());
        let now = if kept.width < film.width && kept.height < film.height {
            drawn.reduced(kept)
        } else {
            drawn.clone()
        };
        let scale = f64::from(kept.width) / f64::from(film.width.max(1));
        let pointers = [self.look.pointer, pointer(show, number)];
        let pointers: Vec<Point> = pointers
            .into_iter()
            .flatten()
            .map(|[x, y]| Point::new(scaled(x, scale), scaled(y, scale)))
            .collect();
        let height = show.style.pointer.size * POINTER / 100;
        let zoom = f64::from(film.width) / show.film.camera_at(number).width.max(1.0);
        let around = scaled(height.cast_signed(), scale * zoom).cast_unsigned();
        let boards = show.film.laid_over(number);
        let boards = boards.into_iter().map(|board| {
            let [x, y] = [board.x, board.y].map(|n| scaled(n, scale) - EDGE);
            let [width, height] = [board.width, board.height]
                .map(|n| scaled(n.cast_signed(), scale).cast_unsigned() + 2 * EDGE.cast_unsigned());
            Rect::new(x, y, width, height)
        });
        let ignored = Ignored {
            pointers,
            around,
            boards: boards.collect(),
        };
        match difference(&self.look.kept, &now, &ignored) {
            None => self.is_alike = true,
            Some(area) if number == self.look.frame || self.now.is_none() => {
                self.now = Some((now, area));
            }
            Some(_) => {}
        }
    }

    fn finding(self) -> Option<Finding> {
        let (now, area) = self.now.filter(|_| !self.is_alike)?;
        let Rect {
            x,
            y,
            width,
            height,
        } = area;
        let words = format!(
            "{}, the picture differs: {width}x{height} pixels at {x},{y}",
            self.look.what
        );
        let kept = self.look.kept;
        let pictures = Some(Box::new(Differing { kept, now, area }));
        Some(Finding { words, pictures })
    }
}

fn scaled(pixels: i32, scale: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast ends at the bounds of its type"
    )]
    let whole = (f64::from(pixels) * scale).round() as i32;
    whole
}

/// The story of a kept film.
fn story(film: &Path) -> Result<Story, Fault> {
    let path = beside(film, ".story.json");
    let story: Story =
        serde_json::from_str(&text(&path)?).map_err(|error| unreadable(&path, &error))?;
    if story.version != VERSION {
        let words = format!(
            "it has version {}, but this program reads version {VERSION}: render the film again",
            story.version
        );
        return Err(unreadable(&path, &words));
    }
    Ok(story)
}

/// A kept text.
fn text(path: &Path) -> Result<String, Fault> {
    let read = |path: &PathBuf| {
        if fs::metadata(path)?.len() > LONGEST_TEXT {
            return Err(std::io::Error::other("it is too large"));
        }
        fs::read_to_string(path)
    };
    let path = path.to_owned();
    read(&path).map_err(|error| Fault::Read { path, error })
}

fn unreadable(path: &Path, why: &dyn ToString) -> Fault {
    Fault::Read {
        path: path.to_owned(),
        error: std::io::Error::other(why.to_string()),
    }
}
