//! The first of several targets that is visible.

use std::path::Path;

use super::{Beside, Fields, Finds, Kind, Look, Meaning, Resolver, Target};
use crate::{plan::notation::list, scenario};

/// One of several targets, the first that is found.
#[derive(Clone, Debug, PartialEq)]
pub struct AnyLook {
    /// At least one.
    pub targets: Vec<Target>,
}

impl Kind for AnyLook {
    fn title(&self) -> String {
        let titles: Vec<&str> = self.targets.iter().map(|t| t.title.as_str()).collect();
        titles.join(" or ")
    }

    fn notation(&self, folder: &Path) -> Fields {
        let targets = self.targets.iter();
        vec![("any", list(targets.map(|target| target.notation(folder))))]
    }

    fn finds(&self) -> Finds<'_> {
        Finds::OneOf(&self.targets)
    }
}

impl Meaning for AnyLook {
    type Written = Vec<scenario::Target>;

    fn resolve(
        written: &Self::Written,
        beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look> {
        let targets = resolver.targets_below(written, beside.path)?;
        Some(Look::Any(Self { targets }))
    }
}
