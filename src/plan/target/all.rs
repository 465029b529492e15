//! Several targets that appear together.

use std::path::Path;

use super::{Beside, Fields, Finds, Kind, Look, Meaning, Resolver, Target, Within};
use crate::{plan::notation::list, scenario};

/// Several targets at once: the rectangle around them.
#[derive(Clone, Debug, PartialEq)]
pub struct AllLook {
    /// At least one.
    pub targets: Vec<Target>,
}

impl Kind for AllLook {
    fn title(&self) -> String {
        let titles: Vec<&str> = self.targets.iter().map(|t| t.title.as_str()).collect();
        titles.join(" with ")
    }

    fn notation(&self, folder: &Path) -> Fields {
        let targets = self.targets.iter();
        vec![("all", list(targets.map(|target| target.notation(folder))))]
    }

    fn finds(&self) -> Finds<'_> {
        Finds::Together(&self.targets)
    }
}

impl Meaning for AllLook {
    type Written = Vec<scenario::Target>;

    fn resolve(
        written: &Self::Written,
        beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look> {
        let targets = resolver.targets_below(written, beside.path)?;
        Some(Look::All(Self { targets }))
    }

    fn in_place(self, place: &Within) -> Self {
        let targets = self.targets.into_iter();
        Self {
            targets: targets.map(|target| target.in_place(place)).collect(),
        }
    }
}
