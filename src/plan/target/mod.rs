//! Where to point and what to look for, with every name looked up.
//!
//! Each kind of target has a file of its own, with the type of what such a target is
//! known by; where a target is looked for and where it lies is the same for all. A new
//! kind is one file and one line of the table.

mod all;
mod any;
mod image;
mod position;
mod text;
mod widget;
mod window;

use std::{fmt, path::Path};

pub use self::image::Picture;
use super::{
    Need, Output, Relations,
    notation::{self, Fields, Value, map},
    resolve::Resolver,
};
use crate::{
    geometry::{Point, Rect},
    scenario,
};

/// What everybody may ask of what a target is known by, whatever its kind.
pub trait Kind {
    /// As it stands in a title: `text: Save`.
    fn title(&self) -> String;

    /// The keys that it is written with; paths go from `folder`.
    fn notation(&self, folder: &Path) -> Fields;

    /// The same in short, for a target of which nothing else is said.
    fn short(&self) -> Option<Value> {
        None
    }

    /// What it finds.
    fn finds(&self) -> Finds<'_>;

    /// What has to be there to find it, beside what its targets need.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// The pictures that it looks for by itself.
    fn pictures(&self) -> &[Picture] {
        &[]
    }
}

/// What is found by what a target is known by.
#[derive(Clone, Copy, Debug)]
pub enum Finds<'l> {
    /// A place, which is always there.
    Place,
    /// What looks like this on the screen, more or less.
    Likeness,
    /// A window.
    Window,
    /// A widget.
    Widget,
    /// What the first of these that is there finds.
    OneOf(&'l [Target]),
    /// What these find at once, as one rectangle.
    Together(&'l [Target]),
}

/// A kind as it is written, which can be turned into what it means.
pub(super) trait Meaning: Kind + Sized {
    /// What is written.
    type Written;

    /// What it means; `None` where a value of it is a problem, which was told.
    fn resolve(
        written: &Self::Written,
        beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look>;

    /// The same, where the target is looked for in a place.
    fn in_place(self, _place: &Within) -> Self {
        self
    }
}

/// What is written beside what a target is known by, and matters to some kinds.
pub(super) struct Beside<'p> {
    /// From which score on a place counts, 0 to 1.
    pub(super) threshold: f32,
    /// Whether the background of a picture does not count.
    pub(super) ignore_background: bool,
    /// The names that lead here.
    pub(super) path: &'p mut Vec<String>,
}

/// Makes `Look`, and the way to it, of the table of kinds. A line is the file of a kind
/// and its type, after what it is called here and in what is written.
macro_rules! kinds {
    ($($Kind:ident: $file:ident::$Type:ident;)+) => {
        $(pub use self::$file::$Type;)+

        /// What a target is known by.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the types say it")]
        #[non_exhaustive]
        pub enum Look {
            $($Kind($Type),)+
        }

        impl Look {
            /// It as a kind.
            #[must_use]
            pub fn kind(&self) -> &dyn Kind {
                match self {
                    $(Self::$Kind(look) => look,)+
                }
            }

            /// What is meant by what is written; `None` where that is a problem, which
            /// was told.
            pub(super) fn resolve(
                written: &scenario::Look,
                beside: &mut Beside<'_>,
                resolver: &mut Resolver<'_, '_>,
            ) -> Option<Self> {
                match written {
                    $(scenario::Look::$Kind(it) => $Type::resolve(it, beside, resolver),)+
                }
            }

            /// The same, where the target is looked for in a place.
            pub(super) fn in_place(self, place: &Within) -> Self {
                match self {
                    $(Self::$Kind(look) => Self::$Kind(look.in_place(place)),)+
                }
            }
        }
    };
}

kinds! {
    Position: position::Spot;
    Image: image::ImageLook;
    Text: text::TextLook;
    Window: window::WindowLook;
    Widget: widget::WidgetLook;
    Any: any::AnyLook;
    All: all::AllLook;
}

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

/// Where to look for a target.
#[derive(Clone, Debug, PartialEq)]
pub enum Within {
    /// In a part of the screen.
    Area(Rect),
    /// In what another target finds.
    Target(Box<Target>),
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
        if is_plain
            && self.offset == Point::default()
            && let Some(short) = self.look.kind().short()
        {
            return short;
        }
        let mut fields = self.look.kind().notation(folder);
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
        let mut needs = self.look.kind().needs();
        needs.extend(self.look.targets().iter().flat_map(Self::needs));
        needs.extend(self.others().flat_map(Self::needs));
        needs
    }

    /// Whether it finds nothing but widgets.
    #[must_use]
    pub fn is_widget(&self) -> bool {
        match self.look.kind().finds() {
            Finds::Widget => true,
            Finds::OneOf(targets) => targets.iter().all(Self::is_widget),
            Finds::Place | Finds::Likeness | Finds::Window | Finds::Together(_) => false,
        }
    }

    /// Whether what it finds has a tree of widgets.
    #[must_use]
    pub fn has_tree(&self) -> bool {
        match self.look.kind().finds() {
            Finds::Window | Finds::Widget => true,
            Finds::OneOf(targets) => targets.iter().all(Self::has_tree),
            Finds::Place | Finds::Likeness | Finds::Together(_) => false,
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

    /// The paths of the pictures in it, from the folder that the program was started in.
    #[must_use]
    pub fn pictures(&self) -> Vec<&str> {
        let own = self.look.kind().pictures().iter();
        let mut paths: Vec<&str> = own.map(|picture| &*picture.name).collect();
        paths.extend(self.look.targets().iter().flat_map(Self::pictures));
        paths.extend(self.others().flat_map(Self::pictures));
        paths
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl Look {
    /// The targets that it is made of.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        match self.kind().finds() {
            Finds::OneOf(targets) | Finds::Together(targets) => targets,
            Finds::Place | Finds::Likeness | Finds::Window | Finds::Widget => &[],
        }
    }

    /// Whether it is a window's.
    #[must_use]
    pub fn is_window(&self) -> bool {
        matches!(self.kind().finds(), Finds::Window)
    }

    /// Whether it is a widget's.
    #[must_use]
    pub fn is_widget(&self) -> bool {
        matches!(self.kind().finds(), Finds::Widget)
    }

    /// Whether it is compared with what the screen shows, more or less alike.
    #[must_use]
    pub fn compares(&self) -> bool {
        matches!(self.kind().finds(), Finds::Likeness)
    }
}

/// As it is written: `text: Save`.
impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind().title())
    }
}
