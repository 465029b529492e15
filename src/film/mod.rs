//! Films: a recording and its timeline become a film, without a desktop.
//!
//! [`Film::plan`] makes a storyboard of a [`Timeline`] and a [`Style`]: which moment of the
//! recording each frame of the film shows, where the pointer is, what part of the screen is
//! visible, and what is shown over it. That is a pure function. [`compose::play`] then draws the
//! frames one by one.
//!
//! Rendering one recording twice gives identical frames, on every machine: nothing here depends on
//! the clock or on chance, and drawing uses only sums, products and square roots, which are the
//! same everywhere.

mod boards;
pub mod compose;
pub mod encode;
mod interest;
mod motion;
mod number;
pub mod output;
mod paint;
mod recipe;
pub mod source;
mod style;
#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same sums give the same numbers")]
mod tests;
mod time;

pub use self::style::{
    Audio, AutoZoom, Background, Captions, Card, Chapters, Clicks, Colour, CoverLook, Ground, Hold,
    Idle, Keys, NoColour, Pointer, ShownKeys, Style, ZoomStyle,
};
use self::{
    motion::{camera::Camera, pointer::Track},
    paint::board::Board,
    style::Layout,
    time::{action, clock::Clock, pacing, pacing::Pacing, spans},
};
use crate::{
    geometry::{Rect, Size},
    timeline::{Cover, Span, Timeline},
};

/// The storyboard of a film.
#[derive(Debug)]
pub struct Film {
    style: Style,
    layout: Layout,
    screen: Size,
    pacing: Pacing,
    track: Track,
    has_pointer: bool,
    camera: Camera,
    boards: Vec<Board>,
    chapters: Vec<Chapter>,
    captions: Vec<Words>,
    covers: Vec<Cover>,
    /// The hidden parts that the frames leave out; the times of later frames are earlier than those
    /// of the timeline by as much.
    cut: Vec<Span>,
    notes: Vec<String>,
}

/// A chapter of a film.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// Its title.
    pub title: String,
    /// When it begins, in seconds of the film.
    pub from: f64,
    /// When it ends: when the next begins, or the film ends.
    pub to: f64,
}

/// Words over a film.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// When they appear, in seconds of the film.
    pub from: f64,
    /// When they are gone.
    pub to: f64,
    /// The words; they may have several lines.
    pub text: String,
}

/// A point on the screen, which may lie between pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// Pixels from the left edge.
    pub x: f64,
    /// Pixels from the top edge.
    pub y: f64,
}

/// A part of the screen, which may begin and end between its pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    /// Pixels left of it.
    pub x: f64,
    /// Pixels above it.
    pub y: f64,
    /// Its width in pixels.
    pub width: f64,
    /// Its height in pixels.
    pub height: f64,
}

impl Film {
    /// Makes a storyboard from a timeline.
    #[must_use]
    pub fn plan(timeline: &Timeline, style: &Style) -> Self {
        Self::plan_drawn(timeline, &[], style)
    }

    /// The same, if it is known when something was drawn: a part of the recording is idle only if
    /// nothing was drawn in it.
    #[must_use]
    pub fn plan_drawn(timeline: &Timeline, drawn: &[source::Drawing], style: &Style) -> Self {
        let timeline = &sound(timeline);
        let layout = style.layout(timeline.size);
        let (screen, end) = (timeline.size, timeline.length);
        let hidden = timeline
            .hidden
            .iter()
            .map(|span| spans::sound_span(*span, end));
        let hidden = spans::joined(hidden.collect());
        let visible = spans::without(Span { from: 0.0, to: end }, &hidden);
        let cut = if timeline.clean.is_some() {
            Vec::new()
        } else {
            hidden.clone()
        };
        let drawn: Vec<source::Drawing> = drawn
            .iter()
            .map(|drawing| source::Drawing {
                at: uncut(&cut, drawing.at),
                ..*drawing
            })
            .collect();

        let actions = action::actions(timeline, &hidden);
        let pacing = pacing::pace(timeline, &visible, &actions, &drawn, style);
        let interests = interest::interests(
            timeline,
            &actions,
            &pacing.actions,
            &pacing.clock,
            &style.zoom,
        );
        let camera = Camera::new(screen, &interests, &style.zoom, pacing.end);
        let track = Track::new(screen, &actions, &pacing.actions);
        let chapters = chapters(timeline, &visible, &pacing);
        let setting = boards::Setting {
            timeline,
            style,
            actions: &actions,
            pacing: &pacing,
            film: layout.film,
        };
        let has_pointer =
            timeline.clean.is_some() && style.pointer.theme.as_deref() != Some("none");
        Self {
            boards: setting.boards(&chapters),
            captions: captions(timeline, &pacing),
            covers: timeline.covers.clone(),
            notes: notes(timeline, &drawn, style),
            style: style.clone(),
            layout,
            screen,
            pacing,
            track,
            has_pointer,
            camera,
            chapters,
            cut,
        }
    }

    /// The places of words and keys that are shown within about a second before or after a frame,
    /// in pixels of the film.
    pub(crate) fn laid_over(&self, frame: u32) -> Vec<Rect> {
        const ABOUT: f64 = 1.0;
        let time = self.time_of(frame);
        let is_near = |board: &&Board| {
            !board.hides_all() && board.span.from - ABOUT < time && time < board.span.to + ABOUT
        };
        let boards = self.boards.iter().filter(is_near);
        boards.map(|board| board.area).collect()
    }

    const fn clock(&self) -> &Clock {
        &self.pacing.clock
    }

    /// When a frame is shown, in seconds of the film.
    fn time_of(&self, frame: u32) -> f64 {
        f64::from(frame) / f64::from(self.style.frame_rate)
    }

    /// The moment of the timeline at which a frame of the video was drawn.
    fn moment(&self, video: f64) -> f64 {
        uncut(&self.cut, video)
    }

    /// The size of its frames; both numbers are even.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.layout.film
    }

    /// Frames per second.
    #[must_use]
    pub const fn frame_rate(&self) -> u32 {
        self.style.frame_rate
    }

    /// How many frames it has, at least one.
    #[must_use]
    pub fn frames(&self) -> u32 {
        let frames = self.clock().length() * f64::from(self.style.frame_rate);
        number::rounded(frames.ceil()).max(1)
    }

    /// Its chapters; together they cover all of it. None if the scenario has no groups.
    #[must_use]
    pub fn chapters(&self) -> Vec<Chapter> {
        self.chapters.clone()
    }

    /// Its captions, in the order in which they appear.
    #[must_use]
    pub fn captions(&self) -> Vec<Words> {
        self.captions.clone()
    }

    /// The moment of the recording that a frame shows, in seconds of the timeline.
    #[must_use]
    pub fn source_time(&self, frame: u32) -> f64 {
        self.clock().source(self.time_of(frame))
    }

    /// When the film shows a moment of the recording, in seconds of the film: the end, if it shows
    /// it for a while, and the moment after the gap, if it never shows it.
    #[must_use]
    pub fn film_time(&self, source: f64) -> f64 {
        self.clock().film(source)
    }

    /// What is left out of the film and why, in sentences for people.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Where the pointer is at a frame; `None` if none is drawn.
    #[must_use]
    pub fn pointer_at(&self, frame: u32) -> Option<Place> {
        let place = self.track.place(self.time_of(frame));
        self.has_pointer.then_some(place)
    }

    /// What part of the screen a frame shows.
    #[must_use]
    pub fn camera_at(&self, frame: u32) -> View {
        self.camera.view(self.time_of(frame))
    }
}

/// A timeline whose size and length are such that a film can be made of it.
fn sound(timeline: &Timeline) -> Timeline {
    /// No recording is longer, in seconds: a day.
    const LONGEST: f64 = 86_400.0;
    /// No screen has longer sides, in pixels.
    const LARGEST: u32 = 8192;

    let Size { width, height } = timeline.size;
    let size = Size::new(width.clamp(1, LARGEST), height.clamp(1, LARGEST));
    let length = spans::sound(timeline.length, LONGEST);
    Timeline {
        size,
        length,
        ..timeline.clone()
    }
}

/// The moment of the timeline for a time of a video from which some spans are cut out.
fn uncut(cut: &[Span], video: f64) -> f64 {
    let mut moment = video;
    for hidden in cut {
        if moment < hidden.from {
            break;
        }
        moment += spans::length(*hidden);
    }
    moment
}

fn captions(timeline: &Timeline, pacing: &Pacing) -> Vec<Words> {
    let captions = timeline.captions.iter().zip(&pacing.captions);
    let seen = captions.filter(|(_, span)| span.to > span.from);
    let words = seen.map(|(caption, span)| {
        let Span { from, to } = boards::shown(*span, &caption.text);
        Words {
            from,
            to,
            text: caption.text.trim().to_owned(),
        }
    });
    let mut words: Vec<Words> = words.collect();
    words.sort_by(|one, other| one.from.total_cmp(&other.from));
    words
}

/// The outermost groups that are not completely hidden. What comes before the first is a chapter of
/// its own, if it is long enough to be noticed.
fn chapters(timeline: &Timeline, visible: &[Span], pacing: &Pacing) -> Vec<Chapter> {
    /// In seconds; what is shorter belongs to the next chapter.
    const SHORT: f64 = 1.0;

    let length = pacing.clock.length();
    let groups = timeline
        .steps
        .iter()
        .filter(|step| step.verb == "group" && step.parent.is_none());
    let seen = groups.filter(|step| {
        let span = spans::sound_span(step.span, timeline.length);
        visible
            .iter()
            .any(|part| part.from <= span.to && span.from < part.to)
    });
    let mut starts: Vec<(f64, String)> = seen
        .map(|step| {
            let from = spans::sound(step.span.from, timeline.length);
            (pacing.start_of(from), step.title.clone())
        })
        .collect();
    starts.sort_by(|one, other| one.0.total_cmp(&other.0));
    match starts.first_mut() {
        None => return Vec::new(),
        Some(first) if first.0 <= pacing.title + SHORT => first.0 = 0.0,
        Some(_) => starts.insert(0, (0.0, timeline.scenario.clone())),
    }
    let ends = starts.iter().skip(1).map(|next| next.0).chain([length]);
    let ends: Vec<f64> = ends.collect();
    let chapters = starts.into_iter().zip(ends);
    let chapters = chapters.map(|((from, title), to)| Chapter { title, from, to });
    chapters
        .filter(|chapter| chapter.to > chapter.from)
        .collect()
}

fn notes(timeline: &Timeline, drawn: &[source::Drawing], style: &Style) -> Vec<String> {
    /// The last frame of a whole recording is at its end, or nearly.
    const NEARLY: f64 = 1.0;

    let mut notes = Vec::new();
    if let Some(last) = drawn.last()
        && last.at + NEARLY < timeline.length
    {
        notes.push(format!(
            "the recording breaks off after {:.1} of {:.1} s: the film shows its last picture \
             from there on",
            last.at, timeline.length
        ));
    }
    match &timeline.clean {
        None => notes.push(
            "the desktop recorded no frames without the pointer, so the film shows the \
             pointer as it was recorded; `pointer` in the style has no effect"
                .to_owned(),
        ),
        Some(clean) if clean.dropped > 0 => notes.push(format!(
            "the recording lacks {} of {} frames, because the machine was too busy",
            clean.dropped,
            clean.dropped.saturating_add(clean.frames)
        )),
        Some(_) => {}
    }
    if style.covers == CoverLook::None && !timeline.covers.is_empty() {
        let count = timeline.covers.len();
        notes.push(format!(
            "`covers: none` shows {count} places that the scenario masks or types secrets into"
        ));
    }
    notes
}
