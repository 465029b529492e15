//! `window`: moves a window, gives it another size or state, raises or closes it.

use super::{Action, Field, Form, NOTHING, Need, Verb, Written, fields};
use crate::{
    geometry::{Size, WindowState},
    scenario::{
        notation::{Choice, Notation, Word},
        problem::Problem,
        reader::Reader,
        target::Target,
        template::Val,
    },
};

const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "{ window: /Editor/ }",
    "the window; it may be minimized, covered or on another workspace",
);

const POSITION: Field = Field::new(
    "position",
    Form::Offset,
    "`[x, y]`",
    "[100, 80]",
    "the position of the window's content on the screen, without its frame, in pixels",
);

const SIZE: Field = Field::new(
    "size",
    Form::WindowSize,
    "`WIDTHxHEIGHT`",
    "800x600",
    "the size of the window's content, without its frame, in pixels",
);

const STATE: Field = Field::new(
    "state",
    Form::Choice(WindowState::NAMES),
    "`normal`, `maximized`, `minimized` or `fullscreen`",
    "maximized",
    "the state of the window; `normal` also restores a minimized window",
);

const RAISE: Field = Field::new(
    "raise",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether it is brought to the front and focused",
);

const CLOSE: Field = Field::new(
    "close",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether it is closed, as with the button in its frame; it cannot be combined with other keys",
);

fields! {
    /// What becomes of a window.
    pub struct Window of "`window`" {
        /// Which window.
        target: Target = required Reader::target, TARGET;
        /// Where its program's own area begins.
        position: Option<[Val<i32>; 2]> = optional Reader::offset, POSITION;
        /// The size of its program's own area.
        size: Option<Val<Size>> = optional Reader::value, SIZE;
        /// Its state.
        state: Option<Val<WindowState>> = optional Reader::value, STATE;
        /// Whether it comes to the front.
        raise: Option<Val<bool>> = optional Reader::value, RAISE;
        /// Whether it is closed.
        close: Option<Val<bool>> = optional Reader::value, CLOSE;
    }
}

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "window",
    doc: "moves, resizes, maximizes, minimizes, restores, raises or closes a window",
    shape: &Window::SHAPE,
    short: None,
    bare: false,
    beside: &NOTHING,
    example: "window: { target: { window: /Editor/ }, size: 800x600, position: [100, 80] }",
    needs: &[Need::Windows],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, Window::read, Action::Window)
}

impl Notation for WindowState {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let Choice(name) = Choice::read(word)?;
        Self::from_name(name).ok_or_else(|| word.wrong_type(word.field.example))
    }
}
