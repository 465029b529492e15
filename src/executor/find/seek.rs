//! What is asked of what a target is known by when it is looked for, whatever its kind.
//!
//! Each kind has a file of its own beside this one, and a place in the table of kinds.

use super::{
    Found, Missing,
    glance::{Glance, Seen, Uses},
    relation::Anchors,
};
use crate::{
    executor::{fault::Fault, stage::Stage, values::Known},
    geometry::Rect,
    plan::{Look, Target},
};

/// What seeking asks.
pub(super) trait Seek {
    /// What it is looked for in, beside what its targets are looked for in.
    fn uses(&self) -> Uses;

    /// Its places, and what comes near.
    async fn candidates(
        &self,
        glance: &Glance,
        place: &Place<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault>;

    /// What is looked for, for people, with every value in place.
    fn wanted(&self, known: &Known<'_>) -> String;

    /// What to do about it where it is missing.
    fn help(&self, missing: &Missing) -> Option<&'static str>;

    /// What stands before what comes near, if that is not alike: where the reason for
    /// what is missing `is_told`, and where it is not.
    fn only(&self, _is_told: bool) -> &'static str {
        "nothing similar, only"
    }

    /// Where it is hidden, if it exists and is not there.
    async fn hidden(&self, _stage: &Stage<'_>) -> Result<Option<String>, Fault> {
        Ok(None)
    }
}

/// Where a target is looked for.
pub(super) struct Place<'p> {
    /// The target, of which only the look is asked.
    pub(super) target: &'p Target,
    /// A part of the screen.
    pub(super) area: Rect,
    /// The target that this part is of, if it is one.
    pub(super) outer: Option<&'p Found>,
    /// What the target is seen from.
    pub(super) anchors: &'p Anchors<'p>,
}

/// Makes the way from a look to what its kind answers of the table of kinds.
macro_rules! kinds {
    ($($Kind:ident),+ $(,)?) => {
        fn uses(look: &Look) -> Uses {
            match look {
                $(Look::$Kind(look) => look.uses(),)+
            }
        }

        /// The places of a target, and what comes near.
        pub(super) async fn candidates(
            glance: &Glance,
            place: &Place<'_>,
            stage: &mut Stage<'_>,
        ) -> Result<Seen, Fault> {
            match &place.target.look {
                $(Look::$Kind(look) => look.candidates(glance, place, stage).await,)+
            }
        }

        /// What is looked for, for people, with every value in place.
        pub(super) fn wanted(look: &Look, known: &Known<'_>) -> String {
            match look {
                $(Look::$Kind(look) => look.wanted(known),)+
            }
        }

        /// What to do about it where it is missing.
        pub(super) fn help(look: &Look, missing: &Missing) -> Option<&'static str> {
            match look {
                $(Look::$Kind(look) => look.help(missing),)+
            }
        }

        /// What stands before what comes near, if that is not alike.
        pub(super) fn only(look: &Look, is_told: bool) -> &'static str {
            match look {
                $(Look::$Kind(look) => look.only(is_told),)+
            }
        }

        /// Where it is hidden, if it exists and is not there.
        pub(super) async fn hidden(
            look: &Look,
            stage: &Stage<'_>,
        ) -> Result<Option<String>, Fault> {
            match look {
                $(Look::$Kind(look) => look.hidden(stage).await,)+
            }
        }
    };
}

kinds! {
    Position,
    Image,
    Text,
    Window,
    Widget,
    Any,
    All,
}

impl Uses {
    /// What a target is looked for in, with all that it is made of and seen from.
    pub(super) fn of(target: &Target) -> Self {
        let others = target.look.targets().iter().chain(target.others());
        others.map(Self::of).fold(uses(&target.look), Self::or)
    }
}
