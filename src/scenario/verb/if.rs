//! `if`: plays one of two lists of steps.

use super::{Action, Field, Form, STEPS, Shape, Verb, Written};
use crate::scenario::{
    condition::Condition,
    node::{Kind, Node},
    reader::Reader,
    step::Step,
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
    "a target that is there (or `gone`), or a text: `{ value: \"${env.MODE}\", equals: fast }`",
);

static SHAPE: Shape = Shape {
    owner: "`if`",
    fields: &[CONDITION],
    required: &["condition"],
};

static BESIDE: Shape = Shape {
    owner: "`if`",
    fields: &[
        Field {
            name: "then",
            doc: "the steps that are played if the condition holds",
            ..STEPS
        },
        Field {
            name: "else",
            doc: "the steps that are played otherwise",
            ..STEPS
        },
    ],
    required: &["then"],
};

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "if",
    doc: "plays steps only if a condition holds, which is looked at once",
    shape: &SHAPE,
    short: Some("condition"),
    bare: false,
    beside: &BESIDE,
    example: "if: { window: /Update/ }\n    then:\n      - press: Escape",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let condition = condition(reader, written);
    let then = written.steps(reader, "then");
    let otherwise = written.steps(reader, "else");
    Some(Action::If(Box::new(If {
        condition: condition?,
        then,
        otherwise,
    })))
}

/// The condition of a block, which stands right behind its verb.
pub(super) fn condition(reader: &mut Reader, written: &Written<'_>) -> Option<Condition> {
    let is_named = |node: &Node| match &node.kind {
        Kind::Mapping(pairs) => pairs.iter().any(|(key, _)| key.value == CONDITION.name),
        _ => false,
    };
    match written.argument.filter(|node| !is_named(node)) {
        Some(node) => reader.condition(node, &CONDITION.named(written.verb.name)),
        None => written.field(reader, "condition", Reader::condition, |_, _| ()),
    }
}
