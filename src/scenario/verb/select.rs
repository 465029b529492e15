//! `select`: chooses an entry by its name.

use super::{Action, Field, Form, NOTHING, Need, Verb, Written, fields};
use crate::scenario::{reader::Reader, target::Target, template::Txt};

const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "{ role: combobox, name: Plan }",
    "the combobox, list, tree, table, menu or tab list",
);

const OPTION: Field = Field::new(
    "option",
    Form::Text,
    "a text",
    "Gold",
    "the name of the entry, or a regular expression between slashes",
);

fields! {
    /// An entry to choose.
    pub struct Select of "`select`" {
        /// What has the entry.
        target: Target = required Reader::target, TARGET;
        /// Its name.
        option: Txt = required Reader::filled_text, OPTION;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "select",
    doc: "selects an entry of a combobox, a list, a tree, a table, a menu or a tab list by name",
    shape: &Select::SHAPE,
    short: None,
    bare: false,
    beside: &NOTHING,
    example: "select: { target: { role: combobox, name: Plan }, option: Gold }",
    needs: &[Need::Widgets],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Select::read, Action::Select)
}
