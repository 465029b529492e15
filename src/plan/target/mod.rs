//! Where to point and what to look for, with every name looked up.
//!
//! Each kind of target has a file of its own with the type of its look; the place and the
//! relations of a target are the same for all kinds. A new kind is one file and one line of
//! the table.

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

/// What others may ask of the look of a target, whatever its kind.
pub trait Kind {
    /// As it stands in a title: `text: Save`.
    fn title(&self) -> String;

    /// The keys that it is written with; paths are relative to `folder`.
    fn notation(&self, folder: &Path) -> Fields;

    /// The short form, for a target with no other keys.
    fn short(&self) -> Option<Value> {
        None
    }

    /// What it finds.
    fn finds(&self) -> Finds<'_>;

    /// What finding it needs of the desktop, without the needs of the targets in it.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// The pictures that it looks for by itself.
    fn pictures(&self) -> &[Picture] {
        &[]
    }
}

/// What a look finds.
#[derive(Clone, Copy, Debug)]
pub enum Finds<'l> {
    /// A place, which always exists.
    Place,
    /// A part of the screen that looks like it, more or less.
    Likeness,
    /// A window.
    Window,
    /// A widget.
    Widget,
    /// Whatever the first of these finds that is there.
    OneOf(&'l [Target]),
    /// What these find at once, as one rectangle.
    Together(&'l [Target]),
}

/// A kind as it is written, which can be turned into what it means.
pub(super) trait Meaning: Kind + Sized {
    /// What is written.
    type Written;

    /// What it means; `None` if a value of it is a problem, which has been reported.
    fn resolve(
        written: &Self::Written,
        beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look>;

    /// The same look, searched for in a place.
    fn in_place(self, _place: &Within) -> Self {
        self
    }
}

/// Other keys of a target that matter to some kinds.
pub(super) struct Beside<'p> {
    /// From which score on a place counts, 0 to 1.
    pub(super) threshold: f32,
    /// Whether the background of a picture does not count.
    pub(super) ignore_background: bool,
    /// The names that lead here.
    pub(super) path: &'p mut Vec<String>,
}

/// Makes `Look`, and resolves what is written into it. A line is the name of a kind, its
/// file and its type.
macro_rules! kinds {
    ($($Kind:ident: $file:ident::$Type:ident;)+) => {
        $(pub use self::$file::$Type;)+

        /// What to look for.
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

            /// The same look, searched for in a place.
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
    /// For people: its name, or what to look for and where.
    pub title: String,
    /// What to look for.
    pub look: Look,
    /// Where to look; the whole screen otherwise. A position counts from its
    /// top left corner.
    pub within: Option<Within>,
    /// Where it lies relative to other targets.
    pub relations: Relations,
    /// Which one of several, from 1 in reading order. Otherwise the best one is used; of equally
    /// good ones, the first. Relative to another target, the nearest one is the first, and is used.
    pub nth: Option<u32>,
    /// Added to the middle of what is found, in pixels.
    pub offset: Point,
}

/// Where to look for a target.
#[derive(Clone, Debug, PartialEq)]
pub enum Within {
    /// In a part of the screen.
    Area(Rect),
    /// In the area of another target.
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

    /// What finding it needs.
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

    /// What can be captured of it, the usual one first.
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
