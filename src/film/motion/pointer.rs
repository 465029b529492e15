//! Where the pointer is at each moment of the film.

use super::ease::{between, minimum_jerk};
use crate::{
    film::{
        Place,
        time::{
            action::{Action, Deed, distance, middle},
            gaps::{LONGEST_GLIDE, glide},
        },
    },
    geometry::{Point, Size},
    timeline::Span,
};

/// The whole path of the pointer, and what its buttons do.
#[derive(Clone, Debug, Default)]
pub(in crate::film) struct Track {
    screen: Size,
    legs: Vec<Leg>,
    presses: Vec<Press>,
}

/// From when a button is pressed until it is released.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) struct Press {
    /// When it is down.
    pub(in crate::film) span: Span,
    /// Where it went down.
    pub(in crate::film) place: Point,
}

/// A part of the path.
#[derive(Clone, Debug)]
enum Leg {
    /// On a slight arc, as a hand moves.
    Glide { span: Span, from: Point, to: Point },
    /// Through the points of a path that was recorded, each at its time.
    Path(Vec<Knot>),
}

#[derive(Clone, Copy, Debug)]
struct Knot {
    at: f64,
    place: Point,
}

impl Track {
    /// The path through all actions, at the times that they have in the film.
    pub(in crate::film) fn new(screen: Size, actions: &[Action], times: &[Span]) -> Self {
        let mut track = Self {
            screen,
            ..Self::default()
        };
        let mut place = middle(screen);
        let mut free = 0.0;
        let mut down = None;
        for (action, time) in actions.iter().zip(times) {
            let at = time.from;
            let far = distance(place, action.place);
            if far > 0.0 {
                track.go(action, Knot { at: free, place }, at);
                place = action.place;
            }
            match action.deed {
                Deed::Down => down = Some((at, action.place)),
                Deed::Up => {
                    if let Some((from, place)) = down.take() {
                        track.presses.push(Press {
                            span: Span { from, to: at },
                            place,
                        });
                    }
                }
                _ => {}
            }
            free = at;
        }
        if let Some((from, place)) = down {
            track.presses.push(Press {
                span: Span { from, to: f64::MAX },
                place,
            });
        }
        track
    }

    fn go(&mut self, action: &Action, before: Knot, at: f64) {
        let to = Knot {
            at,
            place: action.place,
        };
        if action.deed == Deed::Follow {
            if let Some(Leg::Path(knots)) = self.legs.last_mut()
                && knots
                    .last()
                    .is_some_and(|last| at - last.at < LONGEST_GLIDE)
            {
                knots.push(to);
                return;
            }
            let from = before.at.max(at - LONGEST_GLIDE);
            self.legs
                .push(Leg::Path(vec![Knot { at: from, ..before }, to]));
            return;
        }
        let long = glide(distance(before.place, action.place));
        let span = Span {
            from: before.at.max(at - long),
            to: at,
        };
        self.legs.push(Leg::Glide {
            span,
            from: before.place,
            to: action.place,
        });
    }

    /// Where it is.
    pub(in crate::film) fn place(&self, time: f64) -> Place {
        let next = self.legs.partition_point(|leg| leg.begins() <= time);
        let Some(leg) = next.checked_sub(1).and_then(|last| self.legs.get(last)) else {
            let first = self.legs.first().map(Leg::start);
            return exact(first.unwrap_or_else(|| middle(self.screen)));
        };
        let place = match leg {
            Leg::Glide { span, from, to } => on_arc(*span, *from, *to, time),
            Leg::Path(knots) => on_path(knots, time),
        };
        let edge = |n: u32| f64::from(n.saturating_sub(1));
        Place {
            x: place.x.clamp(0.0, edge(self.screen.width)),
            y: place.y.clamp(0.0, edge(self.screen.height)),
        }
    }

    /// What its buttons do, in the order of the times.
    pub(in crate::film) fn presses(&self) -> &[Press] {
        &self.presses
    }

    /// How far it is pressed, from 0 to 1. Even a click that takes no time is visible.
    pub(in crate::film) fn pressed(&self, time: f64) -> f64 {
        const GOES_DOWN: f64 = 0.06;
        const STAYS: f64 = 0.1;
        const COMES_UP: f64 = 0.18;

        let of = |press: &Press| {
            let up = press.span.to.max(press.span.from + STAYS);
            if time < press.span.from {
                0.0
            } else if time <= up {
                minimum_jerk((time - press.span.from) / GOES_DOWN)
            } else {
                1.0 - minimum_jerk((time - up) / COMES_UP)
            }
        };
        let near = self
            .presses
            .partition_point(|press| press.span.from <= time);
        let near = &self.presses[near.saturating_sub(2)..near];
        near.iter().map(of).fold(0.0, f64::max)
    }
}

impl Leg {
    fn begins(&self) -> f64 {
        match self {
            Self::Glide { span, .. } => span.from,
            Self::Path(knots) => knots.first().map_or(0.0, |knot| knot.at),
        }
    }

    fn start(&self) -> Point {
        match self {
            Self::Glide { from, .. } => *from,
            Self::Path(knots) => knots.first().map(|knot| knot.place).unwrap_or_default(),
        }
    }
}

fn exact(point: Point) -> Place {
    Place {
        x: f64::from(point.x),
        y: f64::from(point.y),
    }
}

fn on_arc(span: Span, from: Point, to: Point, time: f64) -> Place {
    /// How far the arc leaves the straight line: a part of its length, and pixels.
    const BOW: (f64, f64) = (0.05, 28.0);

    let long = span.to - span.from;
    let part = if long > 0.0 {
        (time - span.from) / long
    } else {
        1.0
    };
    if part >= 1.0 {
        return exact(to);
    }
    let part = minimum_jerk(part);
    let far = distance(from, to).max(1.0);
    let bow = (far * BOW.0).min(BOW.1) * 4.0 * part * (1.0 - part) / far;
    let (from, to) = (exact(from), exact(to));
    // To the left when moving right, and the other way round: the elbow is below.
    let (x, y) = (to.x - from.x, to.y - from.y);
    let side = if x < 0.0 { -bow } else { bow };
    Place {
        x: between(from.x, to.x, part) + y * side,
        y: between(from.y, to.y, part) - x * side,
    }
}

fn on_path(knots: &[Knot], time: f64) -> Place {
    let next = knots.partition_point(|knot| knot.at <= time);
    let [Some(one), other] = [
        next.checked_sub(1).and_then(|last| knots.get(last)),
        knots.get(next),
    ] else {
        return knots
            .first()
            .map(|knot| exact(knot.place))
            .unwrap_or_default();
    };
    let Some(other) = other else {
        return exact(one.place);
    };
    if knots.len() == 2 {
        return on_arc(
            Span {
                from: one.at,
                to: other.at,
            },
            one.place,
            other.place,
            time,
        );
    }
    let before = next.checked_sub(2).and_then(|before| knots.get(before));
    let after = knots.get(next + 1);
    let long = other.at - one.at;
    let part = (time - one.at) / long;
    let axis = |of: fn(Place) -> f64| {
        let of = |knot: &Knot| of(exact(knot.place));
        // The speed at a knot is that between its neighbours.
        let speed = |from: Option<&Knot>, to: Option<&Knot>| match (from, to) {
            (Some(from), Some(to)) if to.at > from.at => (of(to) - of(from)) / (to.at - from.at),
            _ => 0.0,
        };
        let (first, last) = (
            speed(before, Some(other)) * long,
            speed(Some(one), after) * long,
        );
        let (from, to) = (of(one), of(other));
        let square = part * part;
        let cube = square * part;
        from * (2.0 * cube - 3.0 * square + 1.0)
            + first * (cube - 2.0 * square + part)
            + to * (3.0 * square - 2.0 * cube)
            + last * (cube - square)
    };
    Place {
        x: axis(|place| place.x),
        y: axis(|place| place.y),
    }
}
