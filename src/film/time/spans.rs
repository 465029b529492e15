//! Parts of a time, in order and not overlapping.

use crate::timeline::Span;

/// A time within bounds: no less than 0, no more than `end`, and never NaN.
pub(in crate::film) fn sound(time: f64, end: f64) -> f64 {
    if time.is_nan() {
        0.0
    } else {
        time.clamp(0.0, end)
    }
}

/// A span within 0 and `end`, and not before its own start.
pub(in crate::film) fn sound_span(span: Span, end: f64) -> Span {
    let from = sound(span.from, end);
    let to = sound(span.to, end).max(from);
    Span { from, to }
}

/// Joins spans that overlap or touch, in the order of their starts.
pub(in crate::film) fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|one, other| one.from.total_cmp(&other.from));
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => joined.push(span),
        }
    }
    joined
}

/// What is left of `whole` without some spans, which must be joined.
pub(in crate::film) fn without(whole: Span, holes: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut from = whole.from;
    for hole in holes {
        if hole.from > from {
            let to = hole.from.min(whole.to);
            if to > from {
                left.push(Span { from, to });
            }
        }
        from = from.max(hole.to);
    }
    if whole.to > from {
        left.push(Span { from, to: whole.to });
    }
    left
}

/// How long a span is.
pub(in crate::film) fn length(span: Span) -> f64 {
    span.to - span.from
}

/// Whether a moment is in a span, its end excluded.
pub(in crate::film) fn holds(span: Span, time: f64) -> bool {
    span.from <= time && time < span.to
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: f64, to: f64) -> Span {
        Span { from, to }
    }

    #[test]
    fn what_is_left_is_outside_of_every_hole() {
        let holes = joined(vec![span(6.0, 8.0), span(1.0, 2.0), span(1.5, 3.0)]);
        assert_eq!(holes, [span(1.0, 3.0), span(6.0, 8.0)]);
        let left = without(span(0.0, 7.0), &holes);
        assert_eq!(left, [span(0.0, 1.0), span(3.0, 6.0)]);
        assert_eq!(without(span(1.0, 3.0), &holes), []);
    }

    #[test]
    fn what_is_no_time_becomes_one() {
        let broken = span(f64::NAN, f64::NEG_INFINITY);
        assert_eq!(sound_span(broken, 9.0), span(0.0, 0.0));
        assert_eq!(sound_span(span(5.0, f64::INFINITY), 9.0), span(5.0, 9.0));
    }
}
