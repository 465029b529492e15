//! Which window of the X server a window of the accessibility tree is.

use super::{Origin, Toolkit};
use crate::{
    desktop::wire::{Layer, Stack, Window},
    geometry::{Point, Rect, Size},
};

/// No window draws a wider border around itself, in pixels; one that seems to is just
/// being resized.
const WIDEST_BORDER: i32 = 20;

/// What the X server knows of the windows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Windows {
    /// The window manager's list.
    pub(crate) listed: Vec<Window>,
    /// What lies on what.
    pub(crate) stack: Stack,
    /// How wide the shadow is that a listed window draws around itself, at the left and
    /// at the top, in pixels; in the order of the list.
    pub(crate) shadows: Vec<Point>,
}

/// A window of the accessibility tree, as its program reports it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) pid: u32,
    pub(crate) name: &'a str,
    /// Where it is on the screen; `None` if the program does not know.
    pub(crate) area: Option<Rect>,
    /// How large it is, without a shadow and a border.
    pub(crate) size: Option<Size>,
}

/// A window of the X server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// Its id, as in the list of windows or in the stack.
    pub(crate) id: String,
    /// The upper left corner of what it draws, without a shadow.
    pub(crate) corner: Point,
}

impl<'a> Told<'a> {
    /// A window of this process and this title, which says that it is there: on the
    /// screen, or in itself, where only its size says anything.
    pub(crate) fn new(pid: u32, name: &'a str, area: Option<Rect>, in_window: bool) -> Self {
        Self {
            pid,
            name,
            area: area.filter(|_| !in_window),
            size: area.map(Rect::size),
        }
    }
}

impl Windows {
    /// Where the widgets of a window are seen from, and which window it is.
    pub(crate) fn origin(&self, toolkit: Toolkit, told: Told<'_>) -> (Origin, Option<String>) {
        let place = self.of(told);
        let (id, corner) = place.map(|place| (place.id, place.corner)).unzip();
        let popups = id.as_ref().map(|id| self.popups_of(id));
        let origin = Origin {
            toolkit,
            corner: corner.unwrap_or_default(),
            popups: popups.unwrap_or_default(),
        };
        (origin, id)
    }

    /// The window that is meant: the one of the process with this title, else the one
    /// that is where the program says it is.
    pub(crate) fn of(&self, told: Told<'_>) -> Option<Place> {
        let mut best: Option<(u64, usize)> = None;
        for (at, window) in self.listed.iter().enumerate() {
            if window.pid != i64::from(told.pid) && window.pid != 0 {
                continue;
            }
            let same_title = !told.name.is_empty() && window.title == told.name;
            let likeness = told.area.map_or(0, |area| likeness(area, window.rect()));
            // Of several with one title, the place decides.
            let score = likeness + if same_title { 1 << 40 } else { 0 };
            let is_only = told.area.is_none() && window.pid != 0;
            if (score > 0 || is_only) && best.is_none_or(|(most, _)| score > most) {
                best = Some((score, at));
            }
        }
        let listed = best.map(|(score, at)| (score, at, &self.listed[at]));
        // A popup is in no list, and lies in front of the window that it belongs to. So is
        // a window that its program keeps from the window manager.
        if let Some(area) = told.area
            && listed.is_none_or(|(score, ..)| score < 1 << 40)
            && let Some(layer) = self.popup_at(area, told.pid)
        {
            let corner = layer.shape.first().map(|rect| rect.corner());
            return Some(Place {
                id: layer.id.clone(),
                corner: corner.unwrap_or_default(),
            });
        }
        listed.map(|(_, at, window)| {
            let shadow = self.shadows.get(at).copied().unwrap_or_default();
            let shadow = if shadow == Point::default() {
                border(window.rect().size(), told)
            } else {
                shadow
            };
            let corner = window.rect().corner();
            Place {
                id: window.id.clone(),
                corner: Point::new(corner.x + shadow.x, corner.y + shadow.y),
            }
        })
    }

    /// Whether a window, or a popup, may be of this process.
    pub(crate) fn may_be_of(&self, id: &str, pid: u32) -> bool {
        let layer = self.stack.layer(id);
        let is_of = |window: &Window| window.pid == 0 || window.pid == i64::from(pid);
        let is_meant = |window: &&Window| {
            window.id == id || layer.is_some_and(|layer| layer.belongs_to(&window.id))
        };
        let mut meant = self.listed.iter().filter(is_meant).peekable();
        meant.peek().is_none() || meant.any(is_of)
    }

    /// Where the popups of a window are.
    pub(crate) fn popups_of(&self, window: &str) -> Vec<Rect> {
        let popups = self.stack.layers.iter().filter(|layer| !layer.listed);
        let popups = popups.filter(|layer| layer.belongs_to(window));
        popups
            .filter_map(|layer| layer.shape.first().copied())
            .collect()
    }

    /// The popup of a process, or else one of nobody, that has about this place.
    fn popup_at(&self, area: Rect, pid: u32) -> Option<&Layer> {
        let owners = |layer: &Layer| {
            let listed = self.listed.iter();
            let owners = listed.filter(|window| layer.belongs_to(&window.id));
            owners.map(|window| window.pid).collect::<Vec<_>>()
        };
        let owns = |layer: &&Layer| owners(layer).contains(&i64::from(pid));
        let is_alone = |layer: &&Layer| owners(layer).is_empty();
        let fits = |layer: &&Layer| {
            layer.shape.iter().any(|shape| {
                let common = overlap(*shape, area);
                common * 2 > shape.size().area() && common * 2 > area.size().area()
            })
        };
        let popups = self.stack.layers.iter().filter(|layer| !layer.listed);
        let mut fitting = popups.filter(fits);
        let alone = fitting.clone().find(is_alone);
        fitting.find(owns).or(alone)
    }

    /// The popup in front of a window in which a point is, for what is shown in one.
    pub(crate) fn popup_over(&self, window: &str, point: Point) -> Option<&Layer> {
        let popups = self.stack.layers.iter().filter(|layer| !layer.listed);
        popups
            .filter(|layer| layer.belongs_to(window))
            .find(|layer| layer.shape.iter().any(|shape| shape.contains(point)))
    }

    /// Whether a window is this one, or a popup of it.
    pub(crate) fn is_part_of(&self, window: &str, whole: &str) -> bool {
        window == whole
            || self
                .stack
                .layer(window)
                .is_some_and(|layer| layer.belongs_to(whole))
    }
}

/// How wide the border is that a window of GTK 4 draws around itself where no compositor
/// lets it draw a shadow.
fn border(window: Size, told: Told<'_>) -> Point {
    let Some(size) = told.size.filter(|_| told.area.is_none()) else {
        return Point::default();
    };
    let half = |outer: u32, inner: u32| {
        let half = outer.saturating_sub(inner) / 2;
        i32::try_from(half)
            .ok()
            .filter(|half| *half <= WIDEST_BORDER)
    };
    let (x, y) = (
        half(window.width, size.width),
        half(window.height, size.height),
    );
    Point::new(x.unwrap_or_default(), y.unwrap_or_default())
}

/// How similar two places are, in thousandths: the area that they have in common, relative to the
/// area of both together. A dialog in front of its window lies in both of them, but is similar to
/// only one.
fn likeness(one: Rect, two: Rect) -> u64 {
    let common = overlap(one, two);
    let both = one.size().area() + two.size().area() - common;
    (common * 1000).div_ceil(both.max(1))
}

/// How many pixels two places have in common.
fn overlap(one: Rect, two: Rect) -> u64 {
    one.intersection(two).map_or(0, |both| both.size().area())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(id: &str, pid: i64, title: &str, rect: Rect) -> Window {
        Window {
            id: id.to_owned(),
            pid,
            title: title.to_owned(),
            x: rect.x,
            y: rect.y,
            width: rect.width,
            height: rect.height,
            ..Window::default()
        }
    }

    const LEFT: Rect = Rect::new(0, 0, 100, 100);
    const RIGHT: Rect = Rect::new(200, 0, 100, 100);
    const POPUP: Rect = Rect::new(20, 90, 60, 80);

    fn windows() -> Windows {
        Windows {
            listed: vec![
                window("0x1", 7, "Note", LEFT),
                window("0x2", 7, "Note", RIGHT),
                window("0x3", 8, "Other", LEFT),
            ],
            stack: Stack {
                layers: vec![Layer {
                    id: "0x9".to_owned(),
                    owners: vec!["0x1".to_owned()],
                    shape: vec![POPUP],
                    ..Layer::default()
                }],
                ..Stack::default()
            },
            shadows: vec![Point::new(0, 0), Point::new(24, 20), Point::new(0, 0)],
        }
    }

    fn of(pid: u32, name: &str, area: Option<Rect>) -> Option<String> {
        windows()
            .of(Told {
                pid,
                name,
                area,
                size: None,
            })
            .map(|place| place.id)
    }

    #[test]
    fn a_window_is_known_by_its_process_its_title_and_its_place() {
        assert_eq!(of(8, "Other", None).as_deref(), Some("0x3"));
        assert_eq!(of(7, "Note", Some(RIGHT)).as_deref(), Some("0x2"));
        assert_eq!(of(7, "Another title", Some(LEFT)).as_deref(), Some("0x1"));
        assert_eq!(of(9, "Note", Some(LEFT)), None);
    }

    #[test]
    fn a_dialog_is_not_taken_for_the_window_behind_it() {
        let mut windows = windows();
        let dialog = Rect::new(20, 20, 50, 50);
        windows
            .listed
            .push(window("0x4", 8, "Save - Other", dialog));
        let told = Told::new(8, "Save", Some(dialog), false);
        assert_eq!(windows.of(told).unwrap().id, "0x4");
    }

    #[test]
    fn a_popup_is_known_by_its_place() {
        assert_eq!(of(7, "", Some(POPUP)).as_deref(), Some("0x9"));
        assert_eq!(of(8, "", Some(POPUP)).as_deref(), Some("0x3"));
        // One that belongs to no window may be anybody's.
        let alone = Rect::new(400, 400, 60, 80);
        assert_eq!(of(9, "", Some(alone)), None);
        let mut windows = windows();
        windows.stack.layers.push(Layer {
            id: "0xa".to_owned(),
            shape: vec![alone],
            ..Layer::default()
        });
        let told = Told::new(9, "", Some(alone), false);
        assert_eq!(windows.of(told).unwrap().id, "0xa");
    }

    #[test]
    fn a_shadow_is_no_part_of_what_a_window_shows() {
        let told = Told {
            pid: 7,
            name: "Note",
            area: Some(RIGHT),
            size: None,
        };
        let place = windows().of(told).unwrap();
        assert_eq!(place.corner, Point::new(224, 20));
    }
}
