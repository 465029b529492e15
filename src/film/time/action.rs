//! What the pointer and the keyboard did, as a film needs it: without what is hidden, in order, and
//! with the place of each action.

use super::spans;
use crate::{
    geometry::{Point, Size},
    timeline::{Input, Pace, Span, Timeline},
};

/// Something visible that the pointer or the keyboard did.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::film) struct Action {
    /// When, in the recording.
    pub(in crate::film) span: Span,
    /// Where the pointer is then.
    pub(in crate::film) place: Point,
    /// What.
    pub(in crate::film) deed: Deed,
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::film) enum Deed {
    /// The pointer jumped to another place: it glides there.
    Glide,
    /// The pointer moved to the next point of a recorded path: it follows the path.
    Follow,
    /// A button went down.
    Down,
    /// A button went up.
    Up,
    /// The wheel was turned.
    Wheel,
    /// Keys were pressed together.
    Keys(Vec<String>),
    /// A text was typed.
    Text(String),
}

/// The longest time between two points of a path, in seconds.
const OFTEN: f64 = 0.1;

/// The longest distance between two points of a path, in pixels.
const STEP: f64 = 160.0;

/// What was done, in order.
pub(in crate::film) fn actions(timeline: &Timeline, hidden: &[Span]) -> Vec<Action> {
    let end = spans::sound(timeline.length, f64::MAX);
    let mut input: Vec<&Input> = timeline.input.iter().collect();
    input.sort_by(|one, other| {
        spans::sound(one.at(), end).total_cmp(&spans::sound(other.at(), end))
    });
    let mut told = Told {
        screen: timeline.size,
        pace: timeline.pace,
        place: middle(timeline.size),
        moved: f64::NEG_INFINITY,
        is_down: false,
    };
    let mut actions = Vec::new();
    for input in input {
        let span = spans::sound_span(span_of(input), end);
        let deed = told.deed(input, span.from);
        if hidden.iter().any(|hidden| spans::holds(*hidden, span.from)) {
            continue;
        }
        let place = told.place;
        actions.extend(deed.map(|deed| Action { span, place, deed }));
    }
    actions
}

/// Where the pointer of a desktop is before anybody moves it.
pub(in crate::film) fn middle(screen: Size) -> Point {
    screen.to_rect().middle()
}

fn span_of(input: &Input) -> Span {
    let from = input.at();
    let to = match input {
        Input::Keys { until, .. } | Input::Text { until, .. } => *until,
        _ => from,
    };
    Span { from, to }
}

/// The pointer so far.
struct Told {
    screen: Size,
    pace: Pace,
    place: Point,
    /// When it was moved last.
    moved: f64,
    is_down: bool,
}

impl Told {
    fn deed(&mut self, input: &Input, at: f64) -> Option<Deed> {
        match input {
            Input::Move { to, .. } => self.moved_to(*to, at),
            Input::Down { .. } => {
                self.is_down = true;
                Some(Deed::Down)
            }
            Input::Up { .. } => {
                self.is_down = false;
                Some(Deed::Up)
            }
            Input::Wheel { .. } => Some(Deed::Wheel),
            Input::Keys { keys, .. } => Some(Deed::Keys(keys.clone())),
            Input::Text { text, .. } => Some(Deed::Text(text.clone())),
        }
    }

    fn moved_to(&mut self, to: Point, at: f64) -> Option<Deed> {
        let edge = |n: u32| i32::try_from(n.saturating_sub(1)).unwrap_or(i32::MAX);
        let to = Point::new(
            to.x.clamp(0, edge(self.screen.width)),
            to.y.clamp(0, edge(self.screen.height)),
        );
        let far = distance(self.place, to);
        let soon = at - self.moved < OFTEN;
        self.moved = at;
        self.place = to;
        if far == 0.0 {
            return None;
        }
        let is_path = self.pace == Pace::Demo && soon && far < STEP;
        Some(if self.is_down || is_path || far < 2.0 {
            Deed::Follow
        } else {
            Deed::Glide
        })
    }
}

/// The distance between two points, in pixels.
pub(in crate::film) fn distance(one: Point, other: Point) -> f64 {
    let x = f64::from(one.x) - f64::from(other.x);
    let y = f64::from(one.y) - f64::from(other.y);
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deeds(pace: Pace, input: Vec<Input>) -> Vec<Deed> {
        let timeline = Timeline {
            size: Size::new(640, 400),
            length: 60.0,
            pace,
            input,
            ..Timeline::default()
        };
        let hidden = [Span {
            from: 9.0,
            to: 10.0,
        }];
        actions(&timeline, &hidden)
            .into_iter()
            .map(|action| action.deed)
            .collect()
    }

    fn moved(at: f64, x: i32) -> Input {
        let to = Point::new(x, 200);
        Input::Move { at, to }
    }

    fn button(at: f64, down: bool) -> Input {
        let button = "left".to_owned();
        if down {
            Input::Down { at, button }
        } else {
            Input::Up { at, button }
        }
    }

    #[test]
    fn a_path_is_followed_and_a_jump_becomes_a_glide() {
        let path = vec![
            moved(1.0, 300),
            moved(1.02, 280),
            moved(1.04, 270),
            moved(3.0, 260),
        ];
        let glides = [Deed::Glide, Deed::Follow, Deed::Follow, Deed::Glide];
        assert_eq!(deeds(Pace::Demo, path.clone()), glides);
        assert!(
            deeds(Pace::Test, path)
                .iter()
                .all(|deed| *deed == Deed::Glide)
        );
    }

    #[test]
    fn what_is_dragged_is_followed() {
        let drag = vec![
            moved(1.0, 10),
            button(1.1, true),
            moved(1.2, 500),
            button(1.3, false),
        ];
        let expected = [Deed::Glide, Deed::Down, Deed::Follow, Deed::Up];
        assert_eq!(deeds(Pace::Test, drag), expected);
    }

    #[test]
    fn what_is_hidden_is_left_out_but_leaves_the_pointer_where_it_was_put() {
        let timeline = vec![
            moved(9.5, 77),
            button(9.6, true),
            button(9.7, false),
            moved(11.0, 77),
        ];
        assert_eq!(deeds(Pace::Test, timeline), []);
    }

    #[test]
    fn places_are_on_the_screen() {
        let timeline = Timeline {
            size: Size::new(640, 400),
            length: 5.0,
            input: vec![moved(f64::NAN, i32::MAX)],
            ..Timeline::default()
        };
        let actions = actions(&timeline, &[]);
        assert_eq!(actions[0].place, Point::new(639, 200));
        assert_eq!(actions[0].span, Span::default());
    }
}
