//! Makes time in the film for what has to be seen: the path of the pointer, the ring around a
//! click, the words of a caption.
//!
//! A test does things as fast as the desktop can follow. If one action would come before the last
//! one could be seen, the film shows the picture before it for a little longer.

use super::{
    action::{Action, Deed, distance, middle},
    clock::Clock,
    gaps,
    idle::{self, Piece},
    spans,
};
use crate::{
    film::{source::Drawing, style::Style},
    timeline::{Span, Timeline, reading_time},
};

/// How many seconds before the next action the picture is from at which the film stands still: the
/// times of frames are not more exact than that.
const BEFORE: f64 = 0.006;

/// How long words are shown at most before what they announce is done, in seconds.
const ANNOUNCED: f64 = 0.8;

/// When everything is in the film.
#[derive(Clone, Debug, Default)]
pub(in crate::film) struct Pacing {
    /// Which moment each moment of the film shows.
    pub(in crate::film) clock: Clock,
    /// The time of each action, in seconds of the film, in the order of the actions.
    pub(in crate::film) actions: Vec<Span>,
    /// The time of each caption of the timeline; empty for captions that are never shown.
    pub(in crate::film) captions: Vec<Span>,
    /// When the title card has disappeared.
    pub(in crate::film) title: f64,
    /// When the end card appears.
    pub(in crate::film) end: f64,
}

impl Pacing {
    /// When a moment of the recording is shown for the first time, in seconds of the film.
    pub(in crate::film) fn start_of(&self, source: f64) -> f64 {
        // If the film stands still there, the time just before is that of the start.
        let before = self.clock.film((source - BEFORE).max(0.0));
        let after = self.clock.film(source);
        if after - before > BEFORE * 2.0 {
            before
        } else {
            after
        }
    }
}

/// Something that needs time; the order is that of things at the same moment.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Mark {
    Ends(usize),
    Begins(usize),
    Acts(usize),
}

/// Paces the visible parts of a timeline.
pub(in crate::film) fn pace(
    timeline: &Timeline,
    visible: &[Span],
    actions: &[Action],
    drawn: &[Drawing],
    style: &Style,
) -> Pacing {
    let busy = idle::busy(timeline, actions, drawn);
    let slow = idle::slow(actions);
    let pieces = idle::pieces(visible, &busy, &slow, &style.idle);
    let spans = timeline.captions.iter();
    let spans: Vec<Span> = spans
        .map(|caption| spans::sound_span(caption.span, timeline.length))
        .collect();
    let mut marks: Vec<(f64, Mark)> = Vec::new();
    for (index, span) in spans.iter().enumerate() {
        let seen = visible
            .iter()
            .any(|part| part.from < span.to && span.from < part.to);
        let at_once =
            span.from >= span.to && visible.iter().any(|part| spans::holds(*part, span.from));
        if (seen || at_once) && !timeline.captions[index].text.trim().is_empty() {
            marks.push((span.from, Mark::Begins(index)));
            // Of an instant, words begin before they end.
            marks.push((span.to.max(span.from + 1e-6), Mark::Ends(index)));
        }
    }
    let acts = actions.iter().enumerate();
    marks.extend(acts.map(|(index, action)| (action.span.from, Mark::Acts(index))));
    marks.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));

    let start = visible.first().map_or(0.0, |first| first.from);
    let natural = natural(&pieces);
    let mut walk = Walk {
        timeline,
        actions,
        pieces: &pieces,
        natural: &natural,
        spans: &spans,
        pacing: Pacing {
            actions: vec![Span::default(); actions.len()],
            captions: vec![Span::default(); spans.len()],
            ..Pacing::default()
        },
        piece: 0,
        at: start,
        last: None,
        pointer: Pointer {
            free: 0.0,
            place: middle(timeline.size),
        },
    };
    if style.title_card.text.is_some() {
        walk.pacing.clock.hold(start, style.title_card.seconds);
        walk.pacing.title = style.title_card.seconds;
        walk.pointer.free = style.title_card.seconds;
    }
    for (at, mark) in marks {
        walk.meet(at, mark);
    }
    walk.finish(style)
}

/// The pieces as a film without any holds.
fn natural(pieces: &[Piece]) -> Clock {
    let mut clock = Clock::default();
    for piece in pieces {
        clock.pass(piece.source, piece.seconds);
    }
    clock
}

struct Pointer {
    /// When its next movement may begin, in seconds of the film.
    free: f64,
    place: crate::geometry::Point,
}

/// Goes through the recording from its start to its end.
struct Walk<'a> {
    timeline: &'a Timeline,
    actions: &'a [Action],
    pieces: &'a [Piece],
    natural: &'a Clock,
    spans: &'a [Span],
    pacing: Pacing,
    /// The next piece, or the one that contains `at`.
    piece: usize,
    /// How far the recording has been shown.
    at: f64,
    /// The previous action.
    last: Option<usize>,
    pointer: Pointer,
}

impl Walk<'_> {
    /// Shows the recording up to a moment.
    fn go(&mut self, to: f64) {
        while let Some(piece) = self.pieces.get(self.piece) {
            let from = self.at.max(piece.source.from);
            let until = to.min(piece.source.to);
            if until > from {
                let part = (until - from) / spans::length(piece.source);
                let source = Span { from, to: until };
                self.pacing.clock.pass(source, piece.seconds * part);
                self.at = until;
            }
            if piece.source.to > to {
                break;
            }
            self.piece += 1;
        }
    }

    fn now(&self) -> f64 {
        self.pacing.clock.length()
    }

    /// Stands still until a time of the film.
    fn wait(&mut self, until: f64) {
        self.pacing.clock.hold(self.at, until - self.now());
    }

    fn meet(&mut self, at: f64, mark: Mark) {
        match mark {
            Mark::Begins(index) => {
                self.go(at - BEFORE);
                let from = self.now();
                self.pacing.captions[index].from = from;
                let span = self.spans[index];
                let long = self.natural.film(span.to) - self.natural.film(span.from);
                let missing = reading_time(&self.timeline.captions[index].text) - long;
                self.wait(from + missing.clamp(0.0, ANNOUNCED));
            }
            Mark::Ends(index) => {
                self.go(at);
                let from = self.pacing.captions[index].from;
                self.wait(from + reading_time(&self.timeline.captions[index].text));
                self.pacing.captions[index].to = self.now();
            }
            Mark::Acts(index) => self.act(index),
        }
    }

    fn act(&mut self, index: usize) {
        let action = &self.actions[index];
        self.go(action.span.from - BEFORE);
        let mut ready = 0.0_f64;
        if let Some(last) = self.last {
            let seen = self.pacing.actions[last].to;
            ready = seen + gaps::gap(&self.actions[last], action);
        }
        let is_pointed = !matches!(action.deed, Deed::Keys(_) | Deed::Text(_));
        if is_pointed && action.deed != Deed::Follow {
            let way = gaps::glide(distance(self.pointer.place, action.place));
            ready = ready.max(self.pointer.free.max(0.0) + way);
        }
        self.wait(ready - (action.span.from - self.at).clamp(0.0, BEFORE));
        self.go(action.span.from);
        let from = self.now().max(ready);
        self.wait(from);
        self.pacing.actions[index].from = from;
        self.pacing.actions[index].to = from + self.lasting(action);
        if is_pointed {
            self.pointer.place = action.place;
            self.pointer.free = from + if action.deed == Deed::Up { 0.15 } else { 0.0 };
        }
        self.last = Some(index);
    }

    /// How long an action takes in a film that has no more holds.
    fn lasting(&self, action: &Action) -> f64 {
        let Span { from, to } = action.span;
        self.natural.film(to) - self.natural.film(from)
    }

    fn finish(mut self, style: &Style) -> Pacing {
        self.go(f64::MAX);
        let shown = self.pacing.actions.last().map_or(0.0, |last| last.to);
        self.wait(shown);
        self.pacing.clock.hold(self.at, style.hold.seconds);
        self.pacing.end = self.now();
        if style.end_card.text.is_some() {
            self.pacing.clock.hold(self.at, style.end_card.seconds);
        }
        if self.now() <= 0.0 {
            self.pacing.clock.hold(self.at, 0.1);
        }
        self.pacing
    }
}
