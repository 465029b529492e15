//! The stacking order of the windows, and who has the keyboard.

use serde::{Deserialize, Serialize};

use crate::geometry::{Point, Rect};

/// `GET /api/display/stack`: what the screen shows, from top to bottom.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// Everything that is shown or receives clicks, the topmost first.
    pub layers: Vec<Layer>,
    /// The listed windows that are not shown.
    pub hidden: Vec<Hidden>,
    /// The id of the focused layer; null if none is focused.
    pub focus: Option<String>,
    /// For how many milliseconds nothing has been drawn in the region that was
    /// asked about; the real time may be longer, because the desktop does not remember
    /// more.
    pub still: u64,
}

/// `GET /api/display/calm`: whether it is safe to click somewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Calm {
    /// For how many milliseconds nothing has been drawn in the region that was
    /// asked about, as in [`Stack::still`].
    pub still: u64,
    /// Whether every window has painted itself since it was mapped; where one has
    /// not, [`Layer::painted`] tells which.
    pub painted: bool,
}

/// One window on the screen, its frame included: a listed window, or a popup that is not
/// listed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// X11's number of the window; the same as in the list of windows.
    pub id: String,
    /// Its title, which popups rarely have.
    pub title: String,
    /// Whether the window manager lists it; popups and menus are not listed.
    pub listed: bool,
    /// The windows that it is a part of, by their ids: those for which it is
    /// transient, or all of its program where a popup does not say.
    pub owners: Vec<String>,
    /// The rectangles that it covers.
    pub shape: Vec<Rect>,
    /// The rectangles in which it receives clicks, if they differ from those that it
    /// covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Vec<Rect>>,
    /// Whether it has painted itself since it was mapped. A window that has been mapped
    /// for 3 s without painting counts as painted.
    pub painted: bool,
}

/// A window of the window manager's list that the screen does not show.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Hidden {
    /// X11's number of the window, as in the list of windows.
    pub id: String,
    /// Why it is not shown.
    pub why: HiddenBy,
}

/// Why a window is not shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HiddenBy {
    /// It is minimized.
    Minimized,
    /// It is on another workspace.
    Workspace,
    /// Only its title bar is shown.
    Shaded,
    /// Its program or the window manager has unmapped it.
    Unmapped,
}

impl HiddenBy {
    /// The reason for people: "it is minimized".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Minimized => "it is minimized",
            Self::Workspace => "it is on another workspace",
            Self::Shaded => "it is rolled up to its title bar",
            Self::Unmapped => "it is not mapped",
        }
    }
}

impl Layer {
    /// Whether it is the window `id` or a part of it.
    #[must_use]
    pub fn belongs_to(&self, id: &str) -> bool {
        self.id == id || self.owners.iter().any(|owner| owner == id)
    }

    /// Whether a click at `point` would go to it if nothing lay above.
    #[must_use]
    pub fn takes(&self, point: Point) -> bool {
        let within = |rects: &[Rect]| rects.iter().any(|rect| rect.contains(point));
        // One that covers nothing is made for input alone.
        let covers = self.shape.is_empty() || within(&self.shape);
        covers && within(self.input.as_ref().unwrap_or(&self.shape))
    }
}

impl Stack {
    /// The layer that a click at `point` goes to; `None` is the background.
    #[must_use]
    pub fn at(&self, point: Point) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.takes(point))
    }

    /// The layer of the window `id`.
    #[must_use]
    pub fn layer(&self, id: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.id == id)
    }

    /// What can be seen of the window `id` within `area`: the rectangles that
    /// no layer above covers, other than those that are parts of it.
    #[must_use]
    pub fn seen_of(&self, id: &str, area: Rect) -> Vec<Rect> {
        let mut above = Vec::new();
        for layer in &self.layers {
            if layer.id == id {
                let shown = layer.shape.iter();
                let shown = shown.filter_map(|rect| rect.intersection(area));
                return above.iter().fold(shown.collect(), without);
            }
            if !layer.belongs_to(id) {
                above.extend(layer.shape.iter().copied());
            }
        }
        Vec::new()
    }

    /// The layers that cover a part of the window `id`, the topmost first.
    pub fn covering<'s>(&'s self, id: &'s str) -> impl Iterator<Item = &'s Layer> {
        let above = self.layers.iter().take_while(move |layer| layer.id != id);
        let own = self.layer(id).map_or(&[][..], |layer| &layer.shape);
        let meets = move |layer: &&Layer| {
            let mut pairs = layer
                .shape
                .iter()
                .flat_map(|one| own.iter().map(move |two| (one, two)));
            !layer.belongs_to(id) && pairs.any(|(one, two)| one.intersection(*two).is_some())
        };
        above.filter(meets)
    }

    /// Why the window `id` is not shown, if it is one that is not.
    #[must_use]
    pub fn hidden(&self, id: &str) -> Option<HiddenBy> {
        let hidden = self.hidden.iter().find(|hidden| hidden.id == id);
        hidden.map(|hidden| hidden.why)
    }
}

/// The parts of rectangles that another one does not cover.
fn without(rects: Vec<Rect>, cover: &Rect) -> Vec<Rect> {
    rects
        .into_iter()
        .flat_map(|rect| rect.without(*cover))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(id: &str, shape: Rect) -> Layer {
        Layer {
            id: id.to_owned(),
            shape: vec![shape],
            painted: true,
            listed: true,
            ..Layer::default()
        }
    }

    const SCREEN: Rect = Rect::new(0, 0, 800, 600);

    #[test]
    fn a_click_goes_to_the_topmost_layer_that_takes_it() {
        let click_through = Layer {
            input: Some(Vec::new()),
            ..layer("clock", SCREEN)
        };
        let stack = Stack {
            layers: vec![
                click_through,
                layer("top", Rect::new(0, 0, 100, 100)),
                layer("below", Rect::new(50, 50, 100, 100)),
            ],
            ..Stack::default()
        };
        let at = |x, y| stack.at(Point::new(x, y)).map(|layer| layer.id.as_str());
        assert_eq!(at(60, 60), Some("top"));
        assert_eq!(at(120, 60), Some("below"));
        assert_eq!(at(200, 200), None);
    }

    #[test]
    fn a_click_falls_through_the_hole_of_a_shaped_window() {
        let ring = Layer {
            shape: vec![Rect::new(0, 0, 100, 10), Rect::new(0, 90, 100, 10)],
            input: Some(vec![Rect::new(0, 0, 100, 100)]),
            ..layer("ring", SCREEN)
        };
        assert!(ring.takes(Point::new(50, 5)));
        assert!(!ring.takes(Point::new(50, 50)));
        let for_input_alone = Layer {
            shape: Vec::new(),
            ..ring
        };
        assert!(for_input_alone.takes(Point::new(50, 50)));
    }

    #[test]
    fn a_window_is_seen_where_nothing_foreign_covers_it() {
        let menu = Layer {
            owners: vec!["below".to_owned()],
            listed: false,
            ..layer("menu", Rect::new(60, 60, 40, 80))
        };
        let stack = Stack {
            layers: vec![
                menu,
                layer("left", Rect::new(0, 0, 100, 600)),
                layer("below", Rect::new(50, 50, 100, 100)),
            ],
            ..Stack::default()
        };
        assert_eq!(
            stack.seen_of("below", SCREEN),
            [Rect::new(100, 50, 50, 100)]
        );
        let covering: Vec<&str> = stack.covering("below").map(|l| l.id.as_str()).collect();
        assert_eq!(covering, ["left"]);
        assert!(stack.seen_of("below", Rect::new(0, 0, 100, 600)).is_empty());
        assert!(stack.seen_of("gone", SCREEN).is_empty());
    }
}
