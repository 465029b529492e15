//! `if`: plays one of two lists of steps.

use super::{Action, Field, Form, STEPS, Shape, Verb, Written, step::Step};
use crate::scenario::{
    condition::Condition,
    node::{Kind, Node},
    reader::Reader,
};

/// Two lists of steps, and what decides between them.
#[derive(Clone, Debug)]
pub struct If {
    /// What decides.
    pub condition: Condition,
    /// Played if it holds.
    pub then: Vec<Step>,
    /// Played otherwise.
    pub otherwise: Vec<Step>,
}

const CONDITION: Field = Field::new(
    "condition",
    Form::Condition,
    "a condition",
    "{ window: /Update/ }",
    "a target that is visible (or `gone`), or a comparison of texts: `{ value: \
     \"${env.MODE}\", equals: fast }`",
)
.required();

const THEN: Field = Field {
    name: "then",
    doc: "the steps to play if the condition is true",
    required: true,
    ..STEPS
};

const ELSE: Field = Field {
    name: "else",
    doc: "the steps to play otherwise",
    ..STEPS
};

static SHAPE: Shape = Shape::of_verb("`if`", &[CONDITION]);

static BESIDE: Shape = Shape::new("`if`", &[THEN, ELSE]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "if",
    doc: "plays steps only if a condition is true; checks it once",
    shape: &SHAPE,
    short: Some(CONDITION),
    bare: false,
    beside: &BESIDE,
    example: "if: { window: /Update/ }\n    then:\n      - press: Escape",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let condition = condition(reader, written);
    let then = written.steps(reader, &THEN);
    let otherwise = written.steps(reader, &ELSE);
    Some(Action::If(Box::new(If {
        condition: condition?,
        then,
        otherwise,
    })))
}

/// The condition of a block, which stands right after its verb.
pub(super) fn condition(reader: &mut Reader, written: &Written<'_>) -> Option<Condition> {
    let is_named = |node: &Node| match &node.kind {
        Kind::Mapping(pairs) => pairs.iter().any(|(key, _)| key.value == CONDITION.name),
        _ => false,
    };
    match written.argument.filter(|node| !is_named(node)) {
        Some(node) => reader.condition(node, &CONDITION.named(written.verb.name)),
        None => written
            .fields(reader)?
            .read(reader, &CONDITION, Reader::condition),
    }
}
