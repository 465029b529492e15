//! Where to point and what to look for, with every name looked up.

use std::{fmt, path::Path};

use super::{
    Need, Output, Relations, WidgetLook, Wording,
    notation::{self, Value, list, literal, map, percent, shown},
};
use crate::{
    geometry::{Point, Rect, Size},
    vision::Needle,
};

/// Something on the screen that can be pointed at.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As people know it: its name, or what it is known by and where.
    pub title: String,
    /// What to look for.
    pub look: Look,
    /// Where to look; the whole screen otherwise. A position counts from its
    /// top left corner.
    pub within: Option<Within>,
    /// Where it lies, seen from other targets.
    pub relations: Relations,
    /// Which one of several, from 1 in reading order. Otherwise the best one
    /// is meant; of equally good ones the first. Seen from another target, the
    /// nearest one is the first, and meant.
    pub nth: Option<u32>,
    /// Added to the middle of what is found, in pixels.
    pub offset: Point,
}

/// What a target is known by.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Look {
    /// A position.
    Spot(Spot),
    /// One of some pictures, the first that is found.
    Pictures {
        /// At least one.
        pictures: Vec<Picture>,
        /// From which score on a place counts, 0 to 1.
        threshold: f32,
        /// Whether the pictures were read without their backgrounds.
        ignore_background: bool,
    },
    /// A word or a phrase that is written on the screen.
    Text(Wording),
    /// A window.
    Window(WindowLook),
    /// A widget.
    Widget(WidgetLook),
    /// One of several targets, the first that is found.
    Any(Vec<Target>),
    /// Several targets at once: the rectangle around them.
    All(Vec<Target>),
}

/// A picture to look for.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its path, from the folder that the program was started in.
    pub name: String,
    /// Its pixels.
    pub needle: Needle,
}

/// What a window is known by; at least one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowLook {
    /// Its title.
    pub title: Option<Wording>,
    /// Its instance and class, or one of the two: `Mousepad`.
    pub class: Option<Wording>,
}

/// Where to look for a target.
#[derive(Clone, Debug, PartialEq)]
pub enum Within {
    /// In a part of the screen.
    Area(Rect),
    /// In what another target finds.
    Target(Box<Target>),
}

/// A place to point at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spot {
    /// A pixel.
    At(Point),
    /// A share of the width and height of the screen, or of what a target is
    /// looked for in, each 0 to 1.
    Share {
        /// From the left edge.
        x: f64,
        /// From the top edge.
        y: f64,
    },
}

impl WindowLook {
    fn notation(&self) -> Value {
        let parts = [("title", &self.title), ("class", &self.class)];
        let parts = parts.into_iter();
        map(parts.filter_map(|(key, wording)| Some((key, notation::wording(wording.as_ref()?)))))
    }
}

impl Spot {
    fn notation(self) -> Value {
        match self {
            Self::At(point) => notation::point(point),
            Self::Share { x, y } => literal(&format!("{},{}", percent(x), percent(y))),
        }
    }

    /// The pixel that it is in an area of this size; a share of 1 is the last
    /// column or row.
    #[must_use]
    pub fn resolve(self, area: Size) -> Point {
        match self {
            Self::At(point) => point,
            Self::Share { x, y } => Point::new(share(x, area.width), share(y, area.height)),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float is cut to the range of i32, and the result to the screen"
)]
fn share(part: f64, pixels: u32) -> i32 {
    let last = pixels.saturating_sub(1);
    let pixel = (part * f64::from(pixels)).floor() as i32;
    pixel.clamp(0, i32::try_from(last).unwrap_or(i32::MAX))
}

impl Target {
    /// A target without a name of its own.
    #[must_use]
    pub fn new(
        look: Look,
        (within, relations): (Option<Within>, Relations),
        nth: Option<u32>,
        offset: Point,
    ) -> Self {
        let place = match &within {
            None => String::new(),
            Some(Within::Area(area)) => format!(" in {area}"),
            Some(Within::Target(target)) => format!(" in {target}"),
        };
        let number = nth.map_or_else(String::new, |nth| format!(", number {nth}"));
        Self {
            title: format!("{look}{relations}{place}{number}"),
            look,
            within,
            relations,
            nth,
            offset,
        }
    }

    /// As the language writes it, every name replaced; paths go from `folder`.
    #[must_use]
    pub fn notation(&self, folder: &Path) -> Value {
        let is_plain =
            self.within.is_none() && self.nth.is_none() && self.relations == Relations::default();
        if let Look::Spot(spot) = &self.look
            && is_plain
            && self.offset == Point::default()
        {
            return spot.notation();
        }
        let mut fields = match &self.look {
            Look::Spot(spot) => vec![("position", spot.notation())],
            Look::Pictures {
                pictures,
                threshold,
                ignore_background,
            } => {
                let path = |picture: &Picture| notation::path(Path::new(&picture.name), folder);
                vec![
                    ("image", list(pictures.iter().map(path))),
                    ("threshold", shown(&percent(f64::from(*threshold)))),
                    ("ignore-background", (*ignore_background).into()),
                ]
            }
            Look::Text(wording) => vec![("text", notation::wording(wording))],
            Look::Window(look) => vec![("window", look.notation())],
            Look::Widget(look) => look.notation(),
            Look::Any(targets) => {
                let targets = targets.iter().map(|target| target.notation(folder));
                vec![("any", list(targets))]
            }
            Look::All(targets) => {
                let targets = targets.iter().map(|target| target.notation(folder));
                vec![("all", list(targets))]
            }
        };
        fields.extend(self.within.as_ref().map(|within| {
            let place = match within {
                Within::Area(rect) => notation::rect(*rect),
                Within::Target(outer) => outer.notation(folder),
            };
            ("in", place)
        }));
        fields.extend(self.relations.notation(folder));
        fields.extend(self.nth.map(|nth| ("nth", nth.into())));
        if self.offset != Point::default() {
            fields.push(("offset", notation::point(self.offset)));
        }
        map(fields)
    }

    /// What has to be there to find it.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        let mut needs = match &self.look {
            Look::Text(_) => vec![Need::TextRecognition],
            Look::Widget(_) => vec![Need::Widgets],
            Look::Any(targets) | Look::All(targets) => {
                targets.iter().flat_map(Self::needs).collect()
            }
            Look::Spot(_) | Look::Pictures { .. } | Look::Window(_) => Vec::new(),
        };
        needs.extend(self.others().flat_map(Self::needs));
        needs
    }

    /// Whether it finds nothing but widgets.
    #[must_use]
    pub fn is_widget(&self) -> bool {
        match &self.look {
            Look::Widget(_) => true,
            Look::Any(targets) => targets.iter().all(Self::is_widget),
            _ => false,
        }
    }

    /// What of it can be captured, the usual first.
    #[must_use]
    pub fn outputs(&self) -> &'static [Output] {
        if self.is_widget() {
            &[Output::Text, Output::Name, Output::Value]
        } else {
            &[Output::Text]
        }
    }

    /// Whether text has to be read on the screen to find it.
    #[must_use]
    pub fn reads_text(&self) -> bool {
        self.needs().contains(&Need::TextRecognition)
    }
}

impl Target {
    /// The paths of the pictures in it, from the folder that the program was started in.
    #[must_use]
    pub fn pictures(&self) -> Vec<&str> {
        let mut paths = match &self.look {
            Look::Pictures { pictures, .. } => {
                pictures.iter().map(|picture| &*picture.name).collect()
            }
            Look::Any(targets) | Look::All(targets) => {
                targets.iter().flat_map(Self::pictures).collect()
            }
            Look::Spot(_) | Look::Text(_) | Look::Window(_) | Look::Widget(_) => Vec::new(),
        };
        paths.extend(self.others().flat_map(Self::pictures));
        paths
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

/// As it is written: `text: Save`.
impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spot(Spot::At(point)) => write!(f, "{},{}", point.x, point.y),
            Self::Spot(Spot::Share { x, y }) => {
                let percent = |share: f64| (share * 10_000.0).round() / 100.0;
                write!(f, "{}%,{}%", percent(*x), percent(*y))
            }
            Self::Pictures { pictures, .. } => {
                let names: Vec<&str> = pictures.iter().map(|p| p.name.as_str()).collect();
                write!(f, "image: {}", names.join(" or "))
            }
            Self::Text(wording) => write!(f, "text: {wording}"),
            Self::Window(WindowLook {
                title: Some(title), ..
            }) => write!(f, "window: {title}"),
            Self::Window(WindowLook { class, .. }) => {
                let class = class.as_ref().map_or_else(String::new, Wording::to_string);
                write!(f, "window of class {class}")
            }
            Self::Widget(look) => write!(f, "{look}"),
            Self::Any(targets) => {
                let titles: Vec<&str> = targets.iter().map(|t| t.title.as_str()).collect();
                f.write_str(&titles.join(" or "))
            }
            Self::All(targets) => {
                let titles: Vec<&str> = targets.iter().map(|t| t.title.as_str()).collect();
                f.write_str(&titles.join(" with "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_screen_is_always_a_pixel_of_it() {
        let screen = Size::new(1440, 900);
        let at = |x, y| Spot::Share { x, y }.resolve(screen);
        assert_eq!(at(0.0, 0.0), Point::new(0, 0));
        assert_eq!(at(0.5, 0.5), Point::new(720, 450));
        assert_eq!(at(1.0, 1.0), Point::new(1439, 899));
    }
}
