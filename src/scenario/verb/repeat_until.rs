//! `repeat-until`: plays steps until something holds, and not for ever.

use super::{Action, Field, Form, STEPS, Shape, Verb, Written, r#if::condition, step::Step, times};
use crate::scenario::{condition::Condition, reader::Reader, template::Val};

/// Steps that are played until something holds.
#[derive(Clone, Debug)]
pub struct RepeatUntil {
    /// What ends it.
    pub condition: Condition,
    /// The most rounds.
    pub most: Val<u32>,
    /// The steps of each round.
    pub steps: Vec<Step>,
}

const CONDITION: Field = Field::new(
    "condition",
    Form::Condition,
    "a condition",
    "{ text: Finish }",
    "what ends the loop; checked before each round and after the last",
)
.required();

const MAX: Field = Field::new(
    "max",
    times(1000),
    "a whole number from 1 to 1000",
    "10",
    "the maximum number of rounds; the step fails if the condition is still false after them",
)
.required();

const ROUND: Field = Field {
    doc: "the steps of each round",
    required: true,
    ..STEPS
};

static SHAPE: Shape = Shape::of_verb("`repeat-until`", &[CONDITION]);

static BESIDE: Shape = Shape::new("`repeat-until`", &[MAX, ROUND]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "repeat-until",
    doc: "plays steps until a condition is true, with a maximum number of rounds",
    shape: &SHAPE,
    short: Some(CONDITION),
    bare: false,
    beside: &BESIDE,
    example: "repeat-until: { text: Finish }\n    max: 10\n    steps:\n      - press: Return",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let condition = condition(reader, written);
    let most = written.beside.read(reader, &MAX, Reader::value);
    let steps = written.steps(reader, &ROUND);
    Some(Action::RepeatUntil(Box::new(RepeatUntil {
        condition: condition?,
        most: most?,
        steps,
    })))
}
