//! What is shown over a film, and when: chapters, captions, keys, cards.

use super::{
    Chapter, Style,
    paint::{
        board::{Board, Drawing, Fade},
        cap::Caps,
        letters::Letters,
        shape::short,
        words::{Colours, Panel},
    },
    style::{Colour, ShownKeys},
    time::{
        action::{Action, Deed},
        pacing::Pacing,
    },
};
use crate::{
    geometry::Size,
    timeline::{Caption, CaptionPosition, Span, Timeline, reading_time},
};

/// How long keys are shown, in seconds.
const KEYS_STAY: f64 = 1.4;

/// How many seconds longer than it takes to read them words may stay, however long their step was.
const STAYS: f64 = 6.0;

/// What all boards are made of.
pub(super) struct Setting<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) style: &'a Style,
    pub(super) actions: &'a [Action],
    pub(super) pacing: &'a Pacing,
    pub(super) film: Size,
}

impl Setting<'_> {
    /// All boards, from the lowest to the topmost.
    pub(super) fn boards(&self, chapters: &[Chapter]) -> Vec<Board> {
        let captions = self.captions();
        let mut others = self.keys();
        if self.style.chapters.titles {
            others.extend(chapters.iter().map(|chapter| self.title(chapter)));
        }
        for board in &mut others {
            for caption in &captions {
                board.avoid(caption, self.film);
            }
        }
        let cards = self.cards();
        others.into_iter().chain(captions).chain(cards).collect()
    }

    /// The height of letters that is given as 1; the film's height decides.
    fn letters(&self, times: f32) -> f32 {
        let least = self.film.height.min(self.film.width * 3 / 4);
        let usual = (short(least as usize) / 30.0).max(13.0);
        self.style
            .captions
            .font_size
            .map_or(usual, |size| short(size as usize))
            * times
    }

    fn captions(&self) -> Vec<Board> {
        let captions = self.timeline.captions.iter().zip(&self.pacing.captions);
        let seen = captions.filter(|(_, span)| span.to > span.from);
        let board = |(caption, span): (&Caption, &Span)| {
            let style = &self.style.captions;
            let colours = Colours {
                ink: style.colour,
                paper: style.background,
                bar: None,
            };
            let letters = Letters {
                size: self.letters(1.0),
                bold: false,
            };
            let words = Panel::new(&caption.text, letters, self.film, colours);
            let place = match caption.position {
                CaptionPosition::Bottom => style.position,
                place => place,
            };
            Board::new(
                Drawing::Words(words),
                shown(*span, &caption.text),
                place,
                self.film,
            )
        };
        seen.map(board).collect()
    }

    fn title(&self, chapter: &Chapter) -> Board {
        let style = &self.style.captions;
        let bar = self
            .style
            .clicks
            .ring
            .unwrap_or(Colour::new(0x2f, 0x7d, 0xf6));
        let colours = Colours {
            ink: style.colour,
            paper: style.background,
            bar: Some(bar),
        };
        let letters = Letters {
            size: self.letters(1.15),
            bold: true,
        };
        let words = Panel::new(&chapter.title, letters, self.film, colours);
        let from = chapter.from.max(self.pacing.title);
        let to = (from + self.style.chapters.seconds).min(chapter.to);
        Board::new(
            Drawing::Words(words),
            Span { from, to },
            CaptionPosition::TopLeft,
            self.film,
        )
    }

    /// Keys replace those before them; the same keys pressed again are counted.
    fn keys(&self) -> Vec<Board> {
        let mut groups: Vec<Pressed> = Vec::new();
        for (action, time) in self.actions.iter().zip(&self.pacing.actions) {
            let Some(what) = self.shown_of(action) else {
                continue;
            };
            let until = time.to + KEYS_STAY;
            match groups.last_mut() {
                Some(last) if last.what == what && what.is_key() && time.from < last.span.to => {
                    last.times.push(time.from);
                    last.span.to = until;
                }
                Some(last) if time.from < last.span.to => {
                    last.span.to = time.from;
                    groups.push(Pressed::new(what, time.from, until));
                }
                _ => groups.push(Pressed::new(what, time.from, until)),
            }
        }
        let boards = groups.iter().flat_map(|group| self.pressed(group));
        boards.collect()
    }

    fn shown_of(&self, action: &Action) -> Option<Shown> {
        match (&action.deed, self.style.keys.show) {
            (_, ShownKeys::None) => None,
            (Deed::Keys(keys), _) if !keys.is_empty() => Some(Shown::Keys(keys.clone())),
            (Deed::Text(text), ShownKeys::All) if !text.is_empty() => {
                Some(Shown::Text(text.clone()))
            }
            _ => None,
        }
    }

    /// One board for each count.
    fn pressed(&self, group: &Pressed) -> Vec<Board> {
        let size = self.letters(0.95);
        let ends = group.times.iter().skip(1).copied().chain([group.span.to]);
        let last = group.times.len() - 1;
        let spans = group.times.iter().zip(ends).enumerate();
        spans
            .map(|(index, (from, to))| {
                let caps = match &group.what {
                    Shown::Keys(keys) => Caps::keys(keys, index + 1, size),
                    Shown::Text(text) => {
                        Caps::text(text, size, short(self.film.width as usize) * 0.35)
                    }
                };
                let span = Span { from: *from, to };
                let place = self.style.keys.position;
                let mut board = Board::new(Drawing::Caps(caps), span, place, self.film);
                let comes = if index == 0 { 0.08 } else { 0.0 };
                let goes = if index == last { 0.25 } else { 0.0 };
                board.fade = Fade { comes, goes };
                board
            })
            .collect()
    }

    /// The title card is there from the start and fades out; the end card appears and stays.
    fn cards(&self) -> Vec<Board> {
        const FADES: f64 = 0.45;
        let end = self.pacing.clock.length();
        let cards = [
            (
                &self.style.title_card,
                Span {
                    from: 0.0,
                    to: self.pacing.title,
                },
                (0.0, FADES),
            ),
            (
                &self.style.end_card,
                Span {
                    from: self.pacing.end,
                    to: end + 1.0,
                },
                (FADES, 0.0),
            ),
        ];
        let written = cards.into_iter().filter(|(card, ..)| card.text.is_some());
        written
            .map(|(card, span, (comes, goes))| {
                let drawing = Drawing::Card(card.clone(), self.style.background.colour);
                let mut board = Board::new(drawing, span, CaptionPosition::Center, self.film);
                board.fade = Fade { comes, goes };
                board
            })
            .collect()
    }
}

/// When the words of a step are shown, given the span of the step in the film.
pub(super) fn shown(span: Span, text: &str) -> Span {
    let longest = reading_time(text) + STAYS;
    Span {
        from: span.from,
        to: span.to.min(span.from + longest),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Keys(Vec<String>),
    Text(String),
}

impl Shown {
    const fn is_key(&self) -> bool {
        matches!(self, Self::Keys(_))
    }
}

/// The same keys once or several times.
struct Pressed {
    what: Shown,
    times: Vec<f64>,
    span: Span,
}

impl Pressed {
    fn new(what: Shown, from: f64, to: f64) -> Self {
        Self {
            what,
            times: vec![from],
            span: Span { from, to },
        }
    }
}
