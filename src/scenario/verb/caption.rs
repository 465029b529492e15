//! `caption`: shows words in a film.

use super::{Action, NOTHING, Verb, Written};
pub(crate) use crate::scenario::caption::Caption;
use crate::scenario::{
    caption::{SHAPE, TEXT},
    reader::Reader,
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "caption",
    doc: "shows words in the film of the running recording, from here on",
    shape: &SHAPE,
    short: Some(TEXT),
    bare: false,
    beside: &NOTHING,
    example: "caption: Save the note",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Caption::of_step, Action::Caption)
}
