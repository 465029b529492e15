//! Where a target lies relative to another one.

use super::Target;
use crate::scenario::{
    fields::Fields,
    problem::{Code, Problem},
    reader::Reader,
    screen::FAR,
    shape::{Field, Form},
    source::Spanned,
    template::Val,
};

/// On which side of another target something lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// To the right of it.
    RightOf,
    /// To the left of it.
    LeftOf,
    /// Below it.
    Below,
    /// Above it.
    Above,
}

impl Side {
    /// Its key.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RightOf => "right-of",
            Self::LeftOf => "left-of",
            Self::Below => "below",
            Self::Above => "above",
        }
    }

    /// The same in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::RightOf => "right of",
            Self::LeftOf => "left of",
            Self::Below => "below",
            Self::Above => "above",
        }
    }
}

/// Where a target has to lie.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    /// On which sides of which other targets, all of them.
    pub sides: Vec<(Side, Target)>,
    /// How far from each of them at most, in pixels.
    pub distance: Option<Val<u32>>,
    /// In a list of targets that appear together: where its corner is, in pixels from that of the
    /// first.
    pub at: Option<[Val<i32>; 2]>,
}

impl Relations {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sides.is_empty() && self.distance.is_none() && self.at.is_none()
    }
}

const fn side(name: &'static str, example: &'static str, doc: &'static str) -> Field {
    Field::new(name, Form::Target, "a target", example, doc)
}

const RIGHT_OF: Field = side(
    "right-of",
    "{ text: Name }",
    "the nearest match to the right of this other target",
);
const LEFT_OF: Field = side(
    "left-of",
    "{ text: Name }",
    "the nearest match to the left of this other target",
);
const BELOW: Field = side(
    "below",
    "{ text: Name }",
    "the nearest match below this other target",
);
const ABOVE: Field = side(
    "above",
    "{ text: Name }",
    "the nearest match above this other target",
);

pub(super) const DISTANCE: Field = Field::new(
    "distance",
    Form::Integer {
        least: 1,
        most: FAR,
    },
    "a whole number of pixels",
    "300",
    "how far from the other target the match may be; any distance by default",
);

/// Where a target is among others that appear together.
pub(super) const AT: Field = Field::new(
    "at",
    Form::Offset,
    "a list of two whole numbers",
    "[120, 0]",
    "where the top left corner of the match is, in pixels from that of the first entry; up to 4 \
     pixels more or less in each direction count as the same",
);

/// The sides, each with its key.
const SIDES: [(Side, Field); 4] = [
    (Side::RightOf, RIGHT_OF),
    (Side::LeftOf, LEFT_OF),
    (Side::Below, BELOW),
    (Side::Above, ABOVE),
];

/// The keys that name another target.
pub(in crate::scenario) const OF_A_SIDE: [Field; 4] = [RIGHT_OF, LEFT_OF, BELOW, ABOVE];

/// The keys that say where a target lies.
pub(in crate::scenario) const RELATIONS: [Field; 5] = [RIGHT_OF, LEFT_OF, BELOW, ABOVE, DISTANCE];

impl Reader {
    /// Where a target has to lie, from its keys.
    pub(super) fn relations(&mut self, fields: &Fields<'_>) -> Relations {
        let sides = SIDES.iter().filter_map(|(side, field)| {
            let target = fields.read(self, field, Self::target)?;
            Some((*side, target))
        });
        Relations {
            sides: sides.collect(),
            distance: fields.read(self, &DISTANCE, Self::value),
            at: fields.read(self, &AT, Self::offset),
        }
    }

    /// Tells of keys that mean nothing for this target; `far` where `distance` means
    /// something for it by itself.
    pub(super) fn check_relations(&mut self, fields: &Fields<'_>, target: &Target, far: bool) {
        let side = SIDES.iter().find_map(|(_, field)| fields.pair(field.name));
        if let Some((key, _)) = side.filter(|_| target.is_place()) {
            self.add(of_a_place(key));
        }
        if let Some((key, _)) = fields.pair(DISTANCE.name)
            && side.is_none()
            && !far
        {
            self.add(from_nothing(key));
        }
    }
}

fn of_a_place(key: &Spanned<String>) -> Problem {
    let name = &*key.value;
    let message =
        format!("`{name}` is for targets that are looked for, and a position is not looked for");
    Problem::new(Code::UnknownKey, key.span, message)
        .label("a position is known already")
        .help(format!(
            "remove it, or say what is there: `{{ text: Save, {name}: … }}`"
        ))
}

fn from_nothing(key: &Spanned<String>) -> Problem {
    Problem::new(
        Code::MissingKey,
        key.span,
        "`distance` does not say from what",
    )
    .label("`right-of`, `left-of`, `below` or `above` is missing")
    .help("write `{ role: textbox, right-of: { text: Name }, distance: 300 }`")
}
