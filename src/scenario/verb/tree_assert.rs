//! `tree-assert`: compares the widgets of a window with a tree.

use super::{Action, Field, Form, NOTHING, Need, Shape, Verb, Written};
use crate::scenario::{
    problem::{Code, Problem},
    reader::Reader,
    source::Span,
    target::Target,
    template::Txt,
    tree::TreeWritten,
};

/// A tree to compare with.
#[derive(Clone, Debug)]
pub struct TreeAssert {
    /// The name of the baseline that has the tree.
    pub baseline: Option<Txt>,
    /// The tree itself.
    pub tree: Option<TreeWritten>,
    /// Whose widgets; those of the focused window if nothing is written.
    pub target: Option<Target>,
    /// Where the argument is written.
    pub span: Span,
}

const BASELINE: Field = Field::new(
    "baseline",
    Form::Line,
    "the name of a baseline",
    "form",
    "the tree to compare with: `baselines/<scenario>/<name>.tree.yaml`",
);

const TREE: Field = Field::new(
    "tree",
    Form::Tree,
    "a list of widgets",
    "[button \"Save\"]",
    "the tree itself, written here; `deskhand ctl tree` prints the one of a desktop",
);

const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "{ window: /Order/ }",
    "the window or the widget; the focused window by default",
);

static SHAPE: Shape = Shape::of_verb("`tree-assert`", &[BASELINE, TREE, TARGET]);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "tree-assert",
    doc: "waits until the widgets of a window match a tree",
    shape: &SHAPE,
    short: Some(BASELINE),
    bare: false,
    beside: &NOTHING,
    example: "tree-assert: form",
    needs: &[Need::Widgets],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let fields = written.fields(reader)?;
    let span = written.argument.map_or(written.key, |node| node.span);
    let assert = TreeAssert {
        baseline: fields.read(reader, &BASELINE, Reader::line),
        tree: fields.read(reader, &TREE, Reader::tree),
        target: fields.read(reader, &TARGET, Reader::target),
        span,
    };
    if reader.seen() > before {
        return None;
    }
    match (assert.baseline.is_some(), assert.tree.is_some()) {
        (true, true) => reader.add(both(span)),
        (false, false) => reader.add(neither(span)),
        _ => {}
    }
    (reader.seen() == before).then(|| Action::TreeAssert(Box::new(assert)))
}

fn both(span: Span) -> Problem {
    let message = "this `tree-assert` has both a `baseline` and a `tree`";
    Problem::new(Code::TwoLooks, span, message)
        .label("only one of the two is allowed")
        .help("remove `tree`, and keep it as the baseline's file, or remove `baseline`")
}

fn neither(span: Span) -> Problem {
    let message = "this `tree-assert` has nothing to compare with";
    Problem::new(Code::MissingKey, span, message)
        .label("`baseline` or `tree` is missing")
        .help("write `- tree-assert: form`; the first run writes the baseline `form`")
}
