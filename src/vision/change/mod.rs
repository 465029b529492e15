//! A difference in words: what a person who sees both pictures would say.
//!
//! A count of pixels does not distinguish a button that moved by a pixel from one that is gone.
//! Each kind of change is reported only if the pixels prove it; everything else is "changed".

mod caret;
mod ground;
mod moved;
mod part;
mod recoloured;
mod scene;
mod smoothed;
mod standing;
mod written;

use std::{cmp::Reverse, fmt};

use serde::{Deserialize, Serialize};

use self::{
    caret::is_caret,
    moved::moves,
    part::Part,
    recoloured::is_recoloured,
    scene::Scene,
    smoothed::{Smoothed, smoothed},
    standing::{is_alone, standing},
};
use super::{
    area::Area,
    compare::{Difference, Limits},
    frame::Frame,
    text::Word,
};
use crate::geometry::{Point, Rect};

/// Reads the words in an area of a frame, counted from the corner of the area, as a
/// [`Recognizer`](super::Recognizer) does; none where nothing can be read.
pub(crate) type Reader<'r> = &'r (dyn Fn(&Frame, Rect) -> Vec<Word> + Sync);

/// This many areas are read, the largest ones: each takes two processes some tenths of a
/// second.
const MOST_READ: usize = 4;

/// Strokes that may only be smoothed differently count as such if there are some in this many
/// areas.
const EVERYWHERE: usize = 4;

/// What happened to the expected content of a part of a picture.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// The same is elsewhere.
    Moved {
        /// How many pixels to the right and down.
        by: Point,
    },
    /// The same shapes have other colours.
    Recoloured,
    /// Only what surrounded it is there.
    Gone,
    /// It stands where only what surrounds it was expected.
    New,
    /// Other words are written there.
    Text {
        /// The expected words.
        from: String,
        /// The actual ones.
        to: String,
    },
    /// A text cursor is there, or is not.
    Caret,
    /// The same shapes have other soft edges.
    Smoothing,
    /// Something else, or it cannot be determined.
    Changed,
}

impl ChangeKind {
    /// The word for it: `moved`, `recoloured`, `gone`, `new`, `text`, `caret`,
    /// `smoothing`, `changed`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Moved { .. } => "moved",
            Self::Recoloured => "recoloured",
            Self::Gone => "gone",
            Self::New => "new",
            Self::Text { .. } => "text",
            Self::Caret => "caret",
            Self::Smoothing => "smoothing",
            Self::Changed => "changed",
        }
    }
}

impl fmt::Display for ChangeKind {
    /// In a few words: "moved by (0, 3)".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moved { by } => write!(f, "moved by ({}, {})", by.x, by.y),
            Self::Text { from, to } => write!(f, "text changed from `{from}` to `{to}`"),
            Self::Smoothing => f.write_str("smoothing only"),
            Self::Recoloured | Self::Gone | Self::New | Self::Caret | Self::Changed => {
                f.write_str(self.word())
            }
        }
    }
}

/// A change, and where it is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The numbers of its boxes in the diff picture, from 1; at least one.
    pub boxes: Vec<usize>,
    /// What it is.
    #[serde(flatten)]
    pub kind: ChangeKind,
    /// The smallest rectangle around its differing pixels.
    pub area: Rect,
    /// How many pixels differ.
    pub pixels: u64,
    /// Which limit they exceed: "by tolerance (9 %)".
    pub decided: String,
}

impl Change {
    /// The numbers of its boxes, for people: `1, 3 and 4`.
    #[must_use]
    pub fn numbers(&self) -> String {
        let numbers: Vec<String> = self.boxes.iter().map(usize::to_string).collect();
        match &numbers[..] {
            [others @ .., last] if !others.is_empty() => {
                format!("{} and {last}", others.join(", "))
            }
            _ => numbers.concat(),
        }
    }
}

impl fmt::Display for Change {
    /// "moved by (0, 3): 120x32 at 40,60, 312 pixels, by tolerance (9 %)".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, area) = (&self.kind, self.area);
        let plural = if self.pixels == 1 { "" } else { "s" };
        write!(f, "{kind}: {area}, {} pixel{plural}", self.pixels)?;
        write!(f, ", {}", self.decided)
    }
}

/// What differs between two frames, in words.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// The changes, in the order of the boxes in the diff picture.
    pub told: Vec<Change>,
    /// How many further areas differ, which have fewer pixels and no box.
    #[serde(default)]
    pub more: usize,
    /// From where places are counted: where the upper left corner of the two pictures is.
    #[serde(default)]
    pub origin: Point,
}

impl Changes {
    /// Whether there is nothing to report.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// The same with places in a larger picture, in which the upper left corner of the two
    /// is at `origin`.
    #[must_use]
    pub fn within(mut self, origin: Point) -> Self {
        for change in &mut self.told {
            change.area = change.area.shifted(origin);
        }
        self.origin = Point::new(self.origin.x + origin.x, self.origin.y + origin.y);
        self
    }

    /// Where a change is in the two pictures.
    #[must_use]
    pub const fn in_picture(&self, change: &Change) -> Rect {
        change
            .area
            .shifted(Point::new(-self.origin.x, -self.origin.y))
    }

    /// What is not listed, in words; `None` if everything is.
    #[must_use]
    pub fn rest(&self) -> Option<String> {
        match self.more {
            0 => None,
            1 => Some("and one smaller area".to_owned()),
            more => Some(format!("and {more} smaller areas")),
        }
    }
}

impl fmt::Display for Changes {
    /// A line for each, without a line break at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, change) in self.told.iter().enumerate() {
            let line_end = if at > 0 { "\n" } else { "" };
            write!(f, "{line_end}{}. {change}", change.numbers())?;
        }
        match self.rest() {
            None => Ok(()),
            Some(rest) => write!(f, "\n{rest}"),
        }
    }
}

/// What the `difference` between an expected and an actual frame is, which was found with these
/// `limits`. Without a reader, no text changes are reported.
///
/// At most twelve areas are looked at. Some thousands of pixels of each rule out most of
/// what can be said, and all of them prove what is, so it takes some tens of milliseconds,
/// without what the reader takes.
#[must_use]
pub(crate) fn changes(
    frames: [&Frame; 2],
    difference: &Difference,
    limits: &Limits,
    reader: Option<Reader<'_>>,
) -> Changes {
    let scene = Scene::new(frames);
    let (areas, more) = difference.areas_and_more();
    let parts = part::parts(difference, &areas);
    let mut kinds: Vec<Option<ChangeKind>> = parts.iter().map(|part| plain(&scene, part)).collect();
    let open = |kinds: &[Option<ChangeKind>]| -> Vec<usize> {
        (0..parts.len()).filter(|at| kinds[*at].is_none()).collect()
    };
    let moves = moves(&scene, &parts, &open(&kinds));
    for (members, by) in &moves {
        for member in members {
            kinds[*member] = Some(ChangeKind::Moved { by: *by });
        }
    }
    let mut open = open(&kinds);
    open.sort_by_key(|at| Reverse(areas[*at].pixels));
    let smoothed: Vec<Smoothed> = parts.iter().map(|part| smoothed(&scene, part)).collect();
    let all_smoothed = open.iter().filter(|at| smoothed[**at] != Smoothed::No);
    let is_everywhere = all_smoothed.count() >= EVERYWHERE;
    let mut left = reader.map_or(0, |_| MOST_READ);
    for at in open {
        let part = &parts[at];
        let is_smoothed = match smoothed[at] {
            Smoothed::Yes => true,
            Smoothed::Perhaps => is_everywhere,
            Smoothed::No => false,
        };
        kinds[at] = Some(if is_recoloured(&scene, part) {
            ChangeKind::Recoloured
        } else if is_smoothed {
            ChangeKind::Smoothing
        } else {
            let one = standing(&scene, part);
            let may_be_text = one.is_none() || !is_alone(&scene, part);
            let reader = reader.filter(|_| left > 0 && may_be_text);
            left = left.saturating_sub(usize::from(reader.is_some()));
            let text = reader.and_then(|read| written::changed(frames, part.area.bounds, read));
            text.or(one).unwrap_or(ChangeKind::Changed)
        });
    }
    let kinds = kinds
        .into_iter()
        .map(|kind| kind.unwrap_or(ChangeKind::Changed));
    Changes {
        told: gathered(areas.into_iter().zip(kinds), limits),
        more,
        origin: Point::default(),
    }
}

/// What can be said with certainty about a single part.
fn plain(scene: &Scene<'_>, part: &Part) -> Option<ChangeKind> {
    if let Some(kind) = scene.beyond(part.area.bounds) {
        return Some(kind);
    }
    is_caret(scene, part).then_some(ChangeKind::Caret)
}

/// The changes of areas, those together that moved together, that are
/// parts of one text, and all that only differ by their smoothing.
fn gathered(areas: impl Iterator<Item = (Area, ChangeKind)>, limits: &Limits) -> Vec<Change> {
    let mut found: Vec<(Vec<usize>, Area, ChangeKind)> = Vec::new();
    for (number, (area, kind)) in (1..).zip(areas) {
        let same = found.iter_mut().find(|(.., other)| {
            let is_one = matches!(
                kind,
                ChangeKind::Moved { .. } | ChangeKind::Text { .. } | ChangeKind::Smoothing
            );
            is_one && *other == kind
        });
        if let Some((boxes, all, _)) = same {
            boxes.push(number);
            all.bounds = all.bounds.union(area.bounds);
            all.pixels += area.pixels;
            all.by_area += area.by_area;
        } else {
            found.push((vec![number], area, kind));
        }
    }
    let change = |(boxes, area, kind): (Vec<usize>, Area, ChangeKind)| Change {
        boxes,
        kind,
        area: area.bounds,
        pixels: area.pixels,
        decided: area.decided_by(limits),
    };
    found.into_iter().map(change).collect()
}

#[cfg(test)]
mod tests;
