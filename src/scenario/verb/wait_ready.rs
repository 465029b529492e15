//! `wait-ready`: waits until the desktop is ready.

use super::{Action, Kind, NOTHING, Shape, Verb, Written};
use crate::scenario::{
    problem::{Code, Problem},
    reader::Reader,
};

/// Waiting until the desktop is ready.
#[derive(Clone, Debug)]
pub struct WaitReady;

static SHAPE: Shape = Shape::of_verb("`wait-ready`", &[]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "wait-ready",
    doc: "waits until all desktop processes are running and the screen has settled",
    shape: &SHAPE,
    short: None,
    bare: true,
    beside: &NOTHING,
    example: "wait-ready",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let node = match written.argument {
        None => return Some(Action::WaitReady(Box::new(WaitReady))),
        // What writes JSON cannot write nothing.
        Some(node) if matches!(&node.kind, Kind::Mapping(fields) if fields.is_empty()) => {
            return Some(Action::WaitReady(Box::new(WaitReady)));
        }
        Some(node) => node,
    };
    let message = format!(
        "`wait-ready` takes no argument, but was given {}",
        node.describe()
    );
    reader.add(
        Problem::new(Code::WrongType, node.span, message)
            .label("unexpected argument")
            .help(
                "write `- wait-ready`, or to limit how long it may take:\n- wait-ready:\n  \
                 timeout: 60s",
            ),
    );
    None
}
