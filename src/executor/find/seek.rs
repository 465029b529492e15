//! The questions that a search asks of a target, whatever its kind.
//!
//! Each kind has a file of its own next to this one, and a place in the table of kinds.

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

/// How targets of one kind are looked for.
pub(super) trait Seek {
    /// What the search needs: a picture, the windows, the widgets; without the needs of the
    /// targets in it.
    fn uses(&self) -> Uses;

    /// Its places, and near misses.
    async fn candidates(
        &self,
        glance: &Glance,
        place: &Place<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault>;

    /// A description of it for people, with all values filled in.
    fn wanted(&self, known: &Known<'_>) -> String;

    /// What to do if it is missing.
    fn help(&self, missing: &Missing) -> Option<&'static str>;

    /// The words before near misses that are not similar. `is_told`: the reason why it is
    /// missing has been given already.
    fn only(&self, _is_told: bool) -> &'static str {
        "nothing similar, only"
    }

    /// Where it is hidden, if it exists but is not visible.
    async fn hidden(&self, _stage: &Stage<'_>) -> Result<Option<String>, Fault> {
        Ok(None)
    }
}

/// Where a target is looked for.
pub(super) struct Place<'p> {
    /// The target; only its look matters here.
    pub(super) target: &'p Target,
    /// A part of the screen.
    pub(super) area: Rect,
    /// The target whose area this is, if any.
    pub(super) outer: Option<&'p Found>,
    /// The targets that its position is relative to.
    pub(super) anchors: &'p Anchors<'p>,
}

/// Passes each question on to the kind of a look.
macro_rules! kinds {
    ($($Kind:ident),+ $(,)?) => {
        fn uses(look: &Look) -> Uses {
            match look {
                $(Look::$Kind(look) => look.uses(),)+
            }
        }

        /// The places of a target, and near misses.
        pub(super) async fn candidates(
            glance: &Glance,
            place: &Place<'_>,
            stage: &mut Stage<'_>,
        ) -> Result<Seen, Fault> {
            match &place.target.look {
                $(Look::$Kind(look) => look.candidates(glance, place, stage).await,)+
            }
        }

        /// A description of a look for people, with all values filled in.
        pub(super) fn wanted(look: &Look, known: &Known<'_>) -> String {
            match look {
                $(Look::$Kind(look) => look.wanted(known),)+
            }
        }

        /// What to do if it is missing.
        pub(super) fn help(look: &Look, missing: &Missing) -> Option<&'static str> {
            match look {
                $(Look::$Kind(look) => look.help(missing),)+
            }
        }

        /// The words before near misses that are not similar.
        pub(super) fn only(look: &Look, is_told: bool) -> &'static str {
            match look {
                $(Look::$Kind(look) => look.only(is_told),)+
            }
        }

        /// Where it is hidden, if it exists but is not visible.
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
    /// What the search for a target needs, including all targets in it and around it.
    pub(super) fn of(target: &Target) -> Self {
        let others = target.look.targets().iter().chain(target.others());
        others.map(Self::of).fold(uses(&target.look), Self::or)
    }
}
