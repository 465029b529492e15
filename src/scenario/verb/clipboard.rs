//! `clipboard`: puts a text on the clipboard.

use super::{Action, Field, Form, NOTHING, Need, Verb, Written, fields};
use crate::{
    input::Clipboard,
    scenario::{
        notation::Choice,
        reader::Reader,
        template::{Txt, Val},
    },
};

const TEXT: Field = Field::new(
    "text",
    Form::Text,
    "a text",
    "Hello",
    "the text: any characters, up to 1 MiB",
);

pub(super) const SELECTION: Field = Field::new(
    "selection",
    Form::Choice(&Clipboard::NAMES),
    "`clipboard` or `primary`",
    "primary",
    "which clipboard: `clipboard`, which Ctrl+C and Ctrl+V use, or `primary`, which the middle \
     button pastes; `clipboard` by default",
);

fields! {
    /// A text for the clipboard.
    pub struct SetClipboard of "`clipboard`" {
        /// The text.
        text: Txt = required Reader::text, TEXT;
        /// Which clipboard.
        selection: Option<Val<Choice>> = optional Reader::value, SELECTION;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "clipboard",
    doc: "puts text on the clipboard, for programs to paste",
    shape: &SetClipboard::SHAPE,
    short: Some(TEXT),
    bare: false,
    beside: &NOTHING,
    example: "clipboard: Hello",
    needs: &[Need::Clipboard],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, SetClipboard::read, Action::SetClipboard)
}
