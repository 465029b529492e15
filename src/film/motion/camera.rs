//! What part of the screen is visible at each moment of the film.
//!
//! Things that are done close together, in time and place, share one view: the camera goes
//! there before the first is done and stays until after the last.

use super::ease::{settling, view_between};
use crate::{
    film::{View, style::ZoomStyle},
    geometry::{Rect, Size},
    timeline::Span,
};

/// Something that should be seen well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) struct Interest {
    /// When, in seconds of the film.
    pub(in crate::film) span: Span,
    /// How.
    pub(in crate::film) wanted: Wanted,
}

/// What the camera should show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::film) enum Wanted {
    /// The whole screen.
    Whole,
    /// A place at which something is done, with what is around it.
    Around(Rect),
    /// A part of the screen, and no more around it than its shape requires.
    Exactly(Rect),
}

/// All movements of the camera.
#[derive(Clone, Debug, Default)]
pub(in crate::film) struct Camera {
    screen: Size,
    moves: Vec<Move>,
}

#[derive(Clone, Copy, Debug)]
struct Move {
    span: Span,
    from: View,
    to: View,
}

/// One view and how long it is needed.
#[derive(Clone, Copy, Debug)]
struct Scene {
    span: Span,
    /// What is in it.
    area: Rect,
    view: View,
    is_exact: bool,
}

/// Between two scenes that are further apart in time than this, the film goes back to the
/// whole screen; in seconds.
const APART: f64 = 4.0;

/// How long a view stays after its scene, in seconds.
const STAYS: f64 = 1.0;

/// Zooming in by less than this is not worth it.
const LITTLE: f64 = 1.12;

impl Camera {
    /// The movements through everything of interest, in order of time, in a film of some length.
    pub(in crate::film) fn new(
        screen: Size,
        interests: &[Interest],
        style: &ZoomStyle,
        length: f64,
    ) -> Self {
        let lens = Lens {
            screen,
            factor: style.factor,
        };
        let mut scenes: Vec<Scene> = Vec::new();
        for interest in interests {
            let scene = lens.scene(*interest);
            match scenes.last_mut() {
                Some(last) if lens.are_one(last, &scene, style.seconds) => {
                    *last = lens.both(last, &scene);
                }
                _ => scenes.push(scene),
            }
        }
        let mut camera = Self {
            screen,
            moves: Vec::new(),
        };
        camera.go(
            &lens,
            &with_returns(&scenes, &lens, style, length),
            style.seconds,
        );
        camera
    }

    fn go(&mut self, lens: &Lens, scenes: &[Scene], seconds: f64) {
        let mut view = lens.whole();
        let mut free = 0.0;
        for scene in scenes {
            if scene.view != view {
                let to = scene.span.from.max(free + seconds / 2.0);
                let from = (to - seconds).max(free);
                let span = Span { from, to };
                self.moves.push(Move {
                    span,
                    from: view,
                    to: scene.view,
                });
                view = scene.view;
                free = to;
            }
            free = f64::max(free, scene.span.to);
        }
    }

    /// What is seen.
    pub(in crate::film) fn view(&self, time: f64) -> View {
        let next = self.moves.partition_point(|way| way.span.from <= time);
        let Some(way) = next.checked_sub(1).and_then(|last| self.moves.get(last)) else {
            return whole(self.screen);
        };
        let part = (time - way.span.from) / (way.span.to - way.span.from);
        if part >= 1.0 {
            way.to
        } else {
            view_between(way.from, way.to, settling(part))
        }
    }
}

/// The whole screen as a view.
pub(in crate::film) fn whole(screen: Size) -> View {
    View {
        x: 0.0,
        y: 0.0,
        width: f64::from(screen.width),
        height: f64::from(screen.height),
    }
}

/// Adds the whole screen where nothing is done for long, and at the end.
fn with_returns(scenes: &[Scene], lens: &Lens, style: &ZoomStyle, length: f64) -> Vec<Scene> {
    let mut all = Vec::new();
    for (index, scene) in scenes.iter().enumerate() {
        all.push(*scene);
        let next = scenes
            .get(index + 1)
            .map_or(length, |next| next.span.from - style.seconds);
        let is_last = index + 1 == scenes.len();
        let back = scene.span.to + STAYS + style.seconds;
        let enough = if is_last {
            0.3
        } else {
            APART - STAYS - style.seconds * 2.0
        };
        if next - back >= enough.max(0.0) {
            let span = Span {
                from: back,
                to: back,
            };
            all.push(Scene {
                span,
                view: lens.whole(),
                ..*scene
            });
        }
    }
    all
}

struct Lens {
    screen: Size,
    factor: f64,
}

impl Lens {
    fn whole(&self) -> View {
        whole(self.screen)
    }

    fn scene(&self, interest: Interest) -> Scene {
        let (area, is_exact) = match interest.wanted {
            Wanted::Whole => (self.screen.to_rect(), true),
            Wanted::Around(area) => (area, false),
            Wanted::Exactly(area) => (area, true),
        };
        let area = area
            .intersection(self.screen.to_rect())
            .unwrap_or(self.screen.to_rect());
        let view = if is_exact {
            self.around(area, 1.0, f64::MAX)
        } else {
            self.near(area)
        };
        Scene {
            span: interest.span,
            area,
            view,
            is_exact,
        }
    }

    /// A view of a place, with room around it, no nearer than the style allows.
    fn near(&self, area: Rect) -> View {
        const ROOM: f64 = 1.25;
        self.around(area, ROOM, self.factor)
    }

    /// The view of the screen's shape around an area, within the screen.
    fn around(&self, area: Rect, room: f64, nearest: f64) -> View {
        let Size { width, height } = self.screen;
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let wide = f64::from(area.width.max(1)) * room;
        let high = f64::from(area.height.max(1)) * room;
        let scale = (width / wide).min(height / high).min(nearest);
        if scale < LITTLE {
            return self.whole();
        }
        // Closer than this, only squares can be seen.
        let scale = scale.min(8.0);
        let (wide, high) = (width / scale, height / scale);
        let x = f64::from(area.x) + f64::from(area.width) / 2.0 - wide / 2.0;
        let y = f64::from(area.y) + f64::from(area.height) / 2.0 - high / 2.0;
        View {
            x: x.clamp(0.0, width - wide),
            y: y.clamp(0.0, height - high),
            width: wide,
            height: high,
        }
    }

    /// Whether two scenes share a view: they are close in time and place, or so close in
    /// time that nobody could follow a camera from one to the other.
    fn are_one(&self, one: &Scene, next: &Scene, seconds: f64) -> bool {
        let pause = next.span.from - one.span.to;
        if one.is_exact || next.is_exact {
            return one.is_exact && next.is_exact && one.area == next.area && pause < APART;
        }
        let both = self.near(one.area.union(next.area));
        let is_near = both.width <= one.view.width.max(next.view.width) * 1.01;
        pause < APART && is_near || pause < seconds * 0.8
    }

    fn both(&self, one: &Scene, next: &Scene) -> Scene {
        let span = Span {
            from: one.span.from,
            to: one.span.to.max(next.span.to),
        };
        let area = one.area.union(next.area);
        let view = if one.is_exact {
            one.view
        } else {
            self.near(area)
        };
        Scene {
            span,
            area,
            view,
            is_exact: one.is_exact,
        }
    }
}
