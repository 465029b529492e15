//! The table of kinds of target.

use super::{
    OF_A_WIDGET, Target, WidgetLook, WindowLook,
    image::{IGNORE_BACKGROUND, THRESHOLD},
    position::PositionWritten,
};
use crate::scenario::{
    fields::Fields,
    node::Node,
    problem::Problem,
    reader::Reader,
    shape::{Field, Form},
    source::Spanned,
    template::Txt,
};

/// A kind of target.
#[derive(Clone, Copy)]
pub(super) struct TargetKind {
    /// The key that a target of this kind has.
    pub(super) field: Field,
    /// Its keys that not every kind has: see [`OF_SOME`].
    pub(super) takes: &'static [Field],
    /// Reads its value, given the target's other keys.
    pub(super) read: fn(&mut Reader, &Fields<'_>, &Node, &Field) -> Option<Look>,
}

impl TargetKind {
    /// Whether it has such a key, which not every kind has.
    pub(super) fn takes(&self, key: &str) -> bool {
        self.takes.iter().any(|field| field.name == key)
    }

    /// What a target of this kind is known by.
    pub(super) fn look(&self, reader: &mut Reader, fields: &Fields<'_>) -> Option<Look> {
        let node = fields.find(self.field.name)?;
        (self.read)(reader, fields, node, &self.field)
    }
}

/// Makes `Look` of the table of kinds, which is in the order of their keys in schemas and
/// help. A line is a kind with what is written for it, and its file.
macro_rules! kinds {
    ($($(#[$doc:meta])* $Kind:ident($Written:ty): $file:ident;)+) => {
        /// What to look for.
        #[derive(Clone, Debug)]
        pub enum Look {
            $($(#[$doc])* $Kind($Written),)+
        }

        /// All kinds of target.
        pub(super) const KINDS: [TargetKind; [$(stringify!($file)),+].len()] =
            [$(super::$file::KIND),+];
    };
}

kinds! {
    /// A position, or the name of a target.
    Position(PositionWritten): position;
    /// Pictures, by their paths.
    Image(Vec<Txt>): image;
    /// A text on the screen.
    Text(Txt): text;
    /// A window.
    Window(WindowLook): window;
    /// A widget.
    Widget(Box<WidgetLook>): widget;
    /// One of several.
    Any(Vec<Target>): any;
    /// Several together.
    All(Vec<Target>): all;
}

/// Keys that only some kinds have.
pub(super) struct OfSome {
    pub(super) fields: &'static [Field],
    /// The problem of one beside another kind.
    pub(super) strange: fn(&Spanned<String>) -> Problem,
}

/// The keys that only some kinds have. `distance` is one more, but a key of a side will
/// do for it as well.
pub(super) const OF_SOME: [OfSome; 3] = [
    OfSome {
        fields: &[THRESHOLD],
        strange: super::image::of_no_picture,
    },
    OfSome {
        fields: &OF_A_WIDGET,
        strange: super::widget::of_no_widget,
    },
    OfSome {
        fields: &[IGNORE_BACKGROUND],
        strange: super::image::of_no_background,
    },
];

/// The keys of the kinds beside which a key of a target may stand: of all of them where
/// the key is not one that only some have.
pub(in crate::scenario) fn looks_with(key: &str) -> Vec<&'static str> {
    let mut kinds = KINDS.to_vec();
    if kinds.iter().any(|kind| kind.takes(key)) {
        kinds.retain(|kind| kind.takes(key));
    }
    kinds.iter().map(|kind| kind.field.name).collect()
}

/// The keys that say what to look for; a target has exactly one.
pub(in crate::scenario) const LOOKS: [&str; KINDS.len()] = {
    let mut names = [""; KINDS.len()];
    let mut at = 0;
    while at < KINDS.len() {
        names[at] = KINDS[at].field.name;
        at += 1;
    }
    names
};

/// The same with all that is to be said of them.
pub(super) const LOOK_FIELDS: [Field; KINDS.len()] = {
    let mut fields = [KINDS[0].field; KINDS.len()];
    let mut at = 0;
    while at < KINDS.len() {
        fields[at] = KINDS[at].field;
        at += 1;
    }
    fields
};

/// The keys of all kinds: of what is looked for, then of a position, then of lists.
pub(super) fn looks_in_words() -> String {
    let mut fields = LOOK_FIELDS;
    fields.sort_by_key(|field| match field.form {
        Form::Position => 1,
        Form::TargetList | Form::Together => 2,
        _ => 0,
    });
    fields.map(|field| format!("`{}`", field.name)).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::target::{FIELDS, RELATIONS};

    #[test]
    fn a_key_that_only_some_kinds_have_is_one_of_a_target_and_not_of_every_kind() {
        for key in OF_SOME.iter().flat_map(|some| some.fields) {
            let kinds = KINDS.iter().filter(|kind| kind.takes(key.name)).count();
            assert!((1..KINDS.len()).contains(&kinds), "{}", key.name);
            assert!(FIELDS.iter().any(|field| field.name == key.name));
        }
    }

    #[test]
    fn whatever_a_kind_takes_is_told_where_another_has_it() {
        let told = OF_SOME.iter().flat_map(|some| some.fields);
        let told: Vec<&str> = told.chain(&RELATIONS).map(|field| field.name).collect();
        for key in KINDS.iter().flat_map(|kind| kind.takes) {
            assert!(told.contains(&key.name), "{}", key.name);
        }
    }
}
