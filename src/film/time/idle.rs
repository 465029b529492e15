//! How fast each part of a recording plays, before time is added for what has to be seen.

use super::{
    action::{Action, Deed},
    spans::{self, length},
};
use crate::{
    film::{source::Drawing, style::Idle},
    timeline::{Span, Timeline, reading_time},
};

/// A part of the recording that plays at an even speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    /// The part.
    pub(super) source: Span,
    /// How long it lasts in the film.
    pub(super) seconds: f64,
}

/// How long a letter of a typed text lasts in the film at least, in seconds.
const LETTER: f64 = 0.045;

/// How long typing a text lasts in the film at least, however short the text is, and the time that
/// is always enough, in seconds.
const TEXT: (f64, f64) = (0.4, 2.5);

/// How long a drag lasts at least, in seconds.
const DRAG: f64 = 0.7;

/// How long after the last key a program still draws what was typed, in seconds.
const SETTLES: f64 = 0.15;

/// A change that takes only a few bytes more than the smallest one of the recording is a blinking
/// caret or a ticking clock: it does not make a part busy.
fn small(drawn: &[Drawing]) -> u64 {
    let least = drawn.iter().map(|drawing| drawing.bytes).min().unwrap_or(0);
    least.saturating_add(least / 4).saturating_add(400)
}

/// Cuts the visible parts into pieces.
pub(super) fn pieces(visible: &[Span], busy: &[Span], slow: &[Piece], idle: &Idle) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for whole in visible {
        for gap in spans::without(*whole, busy) {
            pieces.extend(idle_pieces(gap, idle));
        }
        let mut evenly: Vec<Span> = busy
            .iter()
            .filter_map(|busy| common(*busy, *whole))
            .collect();
        for slow in slow {
            if let Some(source) = common(slow.source, *whole).filter(|part| length(*part) > 0.0) {
                evenly = evenly
                    .iter()
                    .flat_map(|part| spans::without(*part, &[source]))
                    .collect();
                pieces.push(Piece {
                    source,
                    seconds: slow.seconds,
                });
            }
        }
        pieces.extend(evenly.into_iter().map(as_it_was));
    }
    pieces.sort_by(|one, other| one.source.from.total_cmp(&other.source.from));
    pieces
}

fn common(one: Span, other: Span) -> Option<Span> {
    let from = one.from.max(other.from);
    let to = one.to.min(other.to);
    (to >= from).then_some(Span { from, to })
}

fn as_it_was(source: Span) -> Piece {
    Piece {
        source,
        seconds: length(source),
    }
}

/// The middle of a long gap plays faster, but not its ends, where viewers still look at what was
/// done, or already see what comes next.
fn idle_pieces(gap: Span, idle: &Idle) -> Vec<Piece> {
    let long = length(gap);
    if long <= idle.after {
        return vec![as_it_was(gap)];
    }
    let whole = idle.after + (long - idle.after) / idle.speed_up;
    let whole = whole.min(idle.longest_pause);
    let end = (idle.after / 2.0).min(whole / 3.0);
    let (first, last) = (gap.from + end, gap.to - end);
    let middle = Span {
        from: first,
        to: last,
    };
    vec![
        as_it_was(Span {
            from: gap.from,
            to: first,
        }),
        Piece {
            source: middle,
            seconds: whole - end * 2.0,
        },
        as_it_was(Span {
            from: last,
            to: gap.to,
        }),
    ]
}

/// When something is drawn, typed or moved, or a caption is read.
pub(super) fn busy(timeline: &Timeline, actions: &[Action], drawn: &[Drawing]) -> Vec<Span> {
    let around = |from: f64, to: f64| Span {
        from: (from - 0.05).max(0.0),
        to: to + 0.05,
    };
    let end = timeline.length;
    let acts = actions
        .iter()
        .map(|action| around(action.span.from, action.span.to + SETTLES));
    let small = small(drawn);
    let changes = drawn.iter().filter(|drawing| drawing.bytes > small);
    let changes = changes.map(|drawing| around(drawing.at, drawing.at));
    let captions = timeline.captions.iter().map(|caption| {
        let span = spans::sound_span(caption.span, end);
        Span {
            from: span.from,
            to: span.to.min(span.from + reading_time(&caption.text)),
        }
    });
    spans::joined(acts.chain(changes).chain(captions).collect())
}

/// The parts that have to be slower than they were, so that viewers can follow: text that a test
/// types in an instant, and what it drags in no time.
pub(super) fn slow(actions: &[Action]) -> Vec<Piece> {
    let mut slow: Vec<Piece> = Vec::new();
    let mut down = None;
    let mut is_dragged = false;
    for (index, action) in actions.iter().enumerate() {
        let next = actions
            .get(index + 1)
            .map_or(f64::MAX, |next| next.span.from);
        match &action.deed {
            Deed::Text(text) => {
                let to = (action.span.to + SETTLES).min(next);
                let source = Span {
                    from: action.span.from,
                    to,
                };
                let letters = f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
                let least = (letters * LETTER).clamp(TEXT.0, TEXT.1);
                slow.extend(slower(source, least));
            }
            Deed::Down => (down, is_dragged) = (Some(action.span.from), false),
            Deed::Follow => is_dragged = true,
            Deed::Up => {
                if let Some(from) = down.take().filter(|_| is_dragged) {
                    slow.extend(slower(
                        Span {
                            from,
                            to: action.span.from,
                        },
                        DRAG,
                    ));
                }
            }
            _ => {}
        }
    }
    slow
}

fn slower(source: Span, least: f64) -> Option<Piece> {
    let long = length(source);
    (long > 0.0 && long < least).then_some(Piece {
        source,
        seconds: least,
    })
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same sums give the same numbers")]
mod tests {
    use super::*;

    fn span(from: f64, to: f64) -> Span {
        Span { from, to }
    }

    fn seconds(pieces: &[Piece]) -> f64 {
        pieces.iter().map(|piece| piece.seconds).sum()
    }

    #[test]
    fn a_long_pause_passes_faster_in_its_middle() {
        let idle = Idle {
            speed_up: 4.0,
            after: 1.0,
            longest_pause: 3.0,
        };
        let pieces = |length| pieces(&[span(0.0, length)], &[], &[], &idle);
        assert_eq!(seconds(&pieces(0.9)), 0.9);
        assert_eq!(seconds(&pieces(5.0)), 2.0);
        assert_eq!(seconds(&pieces(1000.0)), 3.0);
        assert_eq!(pieces(5.0)[0], as_it_was(span(0.0, 0.5)));
        assert_eq!(pieces(5.0)[2], as_it_was(span(4.5, 5.0)));
    }

    #[test]
    fn every_moment_that_is_seen_is_in_one_piece() {
        let visible = [span(0.0, 4.0), span(6.0, 20.0)];
        let busy = [span(1.0, 2.0), span(3.5, 7.0), span(12.0, 13.0)];
        let slow = [Piece {
            source: span(1.2, 1.4),
            seconds: 1.0,
        }];
        let pieces = pieces(&visible, &busy, &slow, &Idle::default());
        let mut at = 0.0;
        for piece in &pieces {
            assert!(
                piece.source.from == at || (at == 4.0 && piece.source.from == 6.0),
                "{pieces:?}"
            );
            at = piece.source.to;
        }
        assert_eq!(at, 20.0);
    }

    #[test]
    fn a_caret_that_blinks_keeps_nothing_busy_and_a_window_that_opens_does() {
        let caret = Drawing {
            at: 1.0,
            bytes: 5000,
        };
        let with = |bytes| {
            let drawn = [caret, Drawing { at: 3.0, bytes }, caret];
            busy(&Timeline::default(), &[], &drawn).len()
        };
        assert_eq!([5100, 30_000].map(with), [0, 1]);
    }

    #[test]
    fn text_typed_at_once_is_slowed_down_until_the_next_action() {
        let action = |from: f64, to: f64, deed| Action {
            span: span(from, to),
            place: crate::geometry::Point::default(),
            deed,
        };
        let text = Deed::Text("twelve signs".to_owned());
        let actions = [action(1.0, 1.02, text), action(1.1, 1.1, Deed::Wheel)];
        let slow = slow(&actions);
        assert_eq!(slow.len(), 1);
        assert_eq!(slow[0].source, span(1.0, 1.1));
        assert!((slow[0].seconds - 12.0 * LETTER).abs() < 1e-9);
    }
}
