//! What the camera should show: what the steps of a scenario ask for, and where something is done.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    motion::camera::{Interest, Wanted},
    style::{AutoZoom, ZoomStyle},
    time::{
        action::{Action, Deed},
        clock::Clock,
        spans,
    },
};
use crate::{
    geometry::{Point, Rect, Size},
    timeline::{Span, Step, Timeline, Zoom},
};

/// How many pixels around the pointer belong to what it does.
const AROUND: Size = Size::new(160, 110);

/// How deep blocks are nested at most: no scenario has more.
const DEEPEST: usize = 64;

/// What is of interest, in order of time in the film.
pub(super) fn interests(
    timeline: &Timeline,
    actions: &[Action],
    times: &[Span],
    clock: &Clock,
    style: &ZoomStyle,
) -> Vec<Interest> {
    let steps = Steps::new(timeline);
    let usual = match style.auto {
        AutoZoom::Action => Some(Zoom::Action),
        AutoZoom::Off => None,
    };
    let mut interests = Vec::new();
    for index in &steps.leaves {
        let step = &timeline.steps[*index];
        let wanted = match steps.zoom(step) {
            Some(Zoom::Area(area)) => Wanted::Exactly(area),
            Some(Zoom::Off) => Wanted::Whole,
            _ => continue,
        };
        let span = spans::sound_span(step.span, timeline.length);
        let span = Span {
            from: clock.film(span.from),
            to: clock.film(span.to),
        };
        interests.push(Interest { span, wanted });
    }
    let mut last = None;
    for (action, time) in actions.iter().zip(times) {
        let step = steps.at(action.span.from);
        if step.map_or(usual, |step| steps.zoom(step).or(usual)) != Some(Zoom::Action) {
            continue;
        }
        let target = step.and_then(|step| step.target);
        let area = match action.deed {
            Deed::Follow | Deed::Up => continue,
            Deed::Keys(_) | Deed::Text(_) => {
                let typed_into = || focused(timeline, action.span.from);
                target.or_else(typed_into).or(last)
            }
            Deed::Glide | Deed::Down | Deed::Wheel => {
                Some(target.into_iter().fold(around(action.place), Rect::union))
            }
        };
        let Some(area) = area else { continue };
        last = Some(area);
        interests.push(Interest {
            span: *time,
            wanted: Wanted::Around(area),
        });
    }
    interests.sort_by(|one, other| one.span.from.total_cmp(&other.span.from));
    interests
}

/// The window that has the keyboard.
fn focused(timeline: &Timeline, time: f64) -> Option<Rect> {
    let seen = timeline.windows.iter().rev().find(|seen| seen.at <= time)?;
    let window = seen.windows.iter().find(|window| window.focused)?;
    window.area.intersection(timeline.size.to_rect())
}

fn around(place: Point) -> Rect {
    let Size { width, height } = AROUND;
    let half = |n: u32| i32::try_from(n / 2).unwrap_or(0);
    Rect::new(place.x - half(width), place.y - half(height), width, height)
}

/// The steps of a timeline, by number and by time.
struct Steps<'a> {
    timeline: &'a Timeline,
    by_number: BTreeMap<usize, usize>,
    /// Those that are not blocks, in the order of their starts.
    leaves: Vec<usize>,
}

impl<'a> Steps<'a> {
    fn new(timeline: &'a Timeline) -> Self {
        let numbered = timeline.steps.iter().enumerate();
        let by_number = numbered.map(|(index, step)| (step.step, index)).collect();
        let blocks: BTreeSet<usize> = timeline
            .steps
            .iter()
            .filter_map(|step| step.parent)
            .collect();
        let mut leaves: Vec<usize> = (0..timeline.steps.len())
            .filter(|index| !blocks.contains(&timeline.steps[*index].step))
            .collect();
        leaves.sort_by(|one, other| {
            let from = |index: usize| timeline.steps[index].span.from;
            from(*one).total_cmp(&from(*other))
        });
        Self {
            timeline,
            by_number,
            leaves,
        }
    }

    /// The zoom of a step, or of the nearest block around it that has one.
    fn zoom(&self, step: &Step) -> Option<Zoom> {
        let mut step = step;
        for _ in 0..DEEPEST {
            if step.zoom.is_some() {
                return step.zoom;
            }
            let index = self.by_number.get(&step.parent?)?;
            step = &self.timeline.steps[*index];
        }
        None
    }

    /// The step that is played at a moment.
    fn at(&self, time: f64) -> Option<&'a Step> {
        let next = self
            .leaves
            .partition_point(|index| self.timeline.steps[*index].span.from <= time);
        let index = next.checked_sub(1).map(|last| self.leaves[last])?;
        let step = &self.timeline.steps[index];
        // What a step does may be reported a little after its end.
        (time <= step.span.to + 0.1).then_some(step)
    }
}
