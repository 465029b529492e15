//! Where a target lies relative to others, with every name looked up.

use std::{fmt, path::Path};

use super::{
    Target, Within,
    notation::{self, Fields},
    resolve::Resolver,
};
use crate::{
    geometry::Point,
    scenario::{self, Side},
};

/// Where a target has to lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relations {
    /// On which sides of which other targets, all of them.
    pub sides: Vec<(Side, Target)>,
    /// How far from each of them at most, in pixels from edge to edge. For targets that
    /// are there together, how far each is from the first.
    pub distance: Option<u32>,
    /// Among targets that appear together: its corner, relative to that of the first.
    pub at: Option<Point>,
}

impl Relations {
    /// As the language writes it; paths go from `folder`.
    pub(super) fn notation(&self, folder: &Path) -> Fields {
        let sides = self.sides.iter();
        let mut fields: Fields = sides
            .map(|(side, target)| (side.name(), target.notation(folder)))
            .collect();
        fields.extend(self.distance.map(|distance| ("distance", distance.into())));
        fields.extend(self.at.map(|at| ("at", notation::point(at))));
        fields
    }
}

/// As it stands in a title: ` right of text: Name`.
impl fmt::Display for Relations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (side, target) in &self.sides {
            write!(f, " {} {target}", side.words())?;
        }
        self.distance
            .map_or(Ok(()), |distance| write!(f, " within {distance} pixels"))
    }
}

impl Target {
    /// The targets to which it is relative, and the one that it is in.
    pub(crate) fn others(&self) -> impl Iterator<Item = &Self> {
        let outer = match &self.within {
            Some(Within::Target(outer)) => Some(&**outer),
            _ => None,
        };
        let sides = self.relations.sides.iter().map(|(_, target)| target);
        sides.chain(outer)
    }

    /// The same, looked for in a place where it says nothing about one itself. What a window
    /// is in is the whole screen.
    pub(super) fn in_place(self, within: &Within) -> Self {
        if self.within.is_some() || self.look.is_window() {
            return self;
        }
        let place = |target: Self| target.in_place(within);
        let sides = self.relations.sides.into_iter();
        let sides = sides.map(|(side, target)| (side, place(target)));
        Self {
            within: Some(within.clone()),
            relations: Relations {
                sides: sides.collect(),
                ..self.relations
            },
            look: self.look.in_place(within),
            ..self
        }
    }
}

impl Resolver<'_, '_> {
    /// Where a target lies; the others are looked for where it is looked for.
    pub(super) fn relations(
        &mut self,
        written: &scenario::Relations,
        within: Option<&Within>,
        path: &mut Vec<String>,
    ) -> Option<Relations> {
        let mut sides = Vec::new();
        let mut whole = true;
        for (side, target) in &written.sides {
            match self.target_below(target, path) {
                Some(target) => sides.push((
                    *side,
                    match within {
                        Some(within) => target.in_place(within),
                        None => target,
                    },
                )),
                None => whole = false,
            }
        }
        let distance = self.optional(written.distance.as_ref());
        let at = match &written.at {
            Some([x, y]) => Some(Point::new(self.value(x)?, self.value(y)?)),
            None => None,
        };
        whole.then_some(Relations {
            sides,
            distance: distance?,
            at,
        })
    }
}
