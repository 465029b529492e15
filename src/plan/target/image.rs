//! A picture, or several of the same thing.

use std::path::Path;

use super::{Beside, Fields, Finds, Kind, Look, Meaning, Resolver};
use crate::{
    plan::notation::{self, list, percent, shown},
    scenario::Txt,
    vision::Needle,
};

/// One of some pictures, the first that is found.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageLook {
    /// At least one.
    pub pictures: Vec<Picture>,
    /// From which score on a place counts, 0 to 1.
    pub threshold: f32,
    /// Whether the pictures were read without their backgrounds.
    pub ignore_background: bool,
}

/// A picture to look for.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its path, from the folder that the program was started in.
    pub name: String,
    /// Its pixels.
    pub needle: Needle,
}

impl Kind for ImageLook {
    fn title(&self) -> String {
        format!("image: {}", self.names())
    }

    fn notation(&self, folder: &Path) -> Fields {
        let path = |picture: &Picture| notation::path(Path::new(&picture.name), folder);
        vec![
            ("image", list(self.pictures.iter().map(path))),
            ("threshold", shown(&percent(f64::from(self.threshold)))),
            ("ignore-background", self.ignore_background.into()),
        ]
    }

    fn finds(&self) -> Finds<'_> {
        Finds::Likeness
    }

    fn pictures(&self) -> &[Picture] {
        &self.pictures
    }
}

impl ImageLook {
    /// The names of its pictures in a sentence.
    #[must_use]
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.pictures.iter().map(|p| p.name.as_str()).collect();
        names.join(" or ")
    }
}

impl Meaning for ImageLook {
    type Written = Vec<Txt>;

    fn resolve(
        written: &Self::Written,
        beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look> {
        let mut pictures = Vec::new();
        for path in written {
            pictures.extend(resolver.pictures(path, beside.ignore_background)?);
        }
        Some(Look::Image(Self {
            pictures,
            threshold: beside.threshold,
            ignore_background: beside.ignore_background,
        }))
    }
}
