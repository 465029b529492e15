//! A tree of widgets, as a scenario or the file of a baseline writes it.
//!
//! This module only knows how its lines are nested; what a line means is known once its names are
//! looked up.

use std::sync::Arc;

use super::{
    draw::Problems,
    node::{Kind, Node, Scalar},
    problem::{Code, Findings, Problem},
    reader::{Reader, not_of_type},
    shape::{Field, Form, Shape},
    source::{Source, Span},
    template::Txt,
    yaml,
};
use crate::widget::tree::Mode;

/// A widget of a tree.
#[derive(Clone, Debug)]
pub struct TreeNode {
    /// Its role, its name and its states: `checkbox "Gift" [checked]`.
    pub head: Txt,
    /// Its value.
    pub value: Option<Txt>,
    /// How the widgets in it are compared.
    pub mode: Option<Mode>,
    /// The widgets in it.
    pub children: Vec<TreeNode>,
}

/// A tree as it is written.
#[derive(Clone, Debug, Default)]
pub struct TreeWritten {
    /// How its widgets are compared, if it says so.
    pub mode: Option<Mode>,
    /// Its widgets.
    pub nodes: Vec<TreeNode>,
}

const CHILDREN: &str = "/children";

const LINE: Field = Field::new(
    "tree",
    Form::Tree,
    "a list of widgets",
    "[button \"Save\"]",
    "the widgets",
);

impl Reader {
    /// A tree: a list, each entry a line, or a line with what is in it.
    pub(super) fn tree(&mut self, node: &Node, field: &Field) -> Option<TreeWritten> {
        let before = self.seen();
        let Kind::Sequence(items) = &node.kind else {
            self.add(not_of_type(node, field, field.example));
            return None;
        };
        if items.is_empty() {
            self.add(not_of_type(node, field, field.example));
        }
        let mut tree = TreeWritten::default();
        for item in items {
            self.tree_entry(item, &mut tree);
        }
        (self.seen() == before).then_some(tree)
    }

    fn tree_entry(&mut self, item: &Node, tree: &mut TreeWritten) {
        let (head, inside) = match &item.kind {
            Kind::Scalar(scalar) => (self.tree_line(item, scalar), None),
            Kind::Mapping(pairs) => match &pairs[..] {
                [(key, value)] if key.value == CHILDREN => {
                    tree.mode = self.tree_mode(value);
                    return;
                }
                [(key, value)] => {
                    let scalar = Scalar {
                        text: key.value.clone(),
                        plain: true,
                    };
                    let node = Node {
                        span: key.span,
                        aliased: false,
                        anchored: false,
                        flow: false,
                        kind: Kind::Scalar(scalar.clone()),
                    };
                    (self.tree_line(&node, &scalar), Some(value))
                }
                _ => {
                    self.add(several(item.span));
                    return;
                }
            },
            Kind::Sequence(_) => {
                self.add(not_of_type(item, &LINE, "button \"Save\""));
                return;
            }
        };
        let mut node = TreeNode {
            head: match head {
                Some(head) => head,
                None => return,
            },
            value: None,
            mode: None,
            children: Vec::new(),
        };
        match inside.map(|inside| (&inside.kind, inside)) {
            Some((Kind::Scalar(_), inside)) => node.value = self.text(inside, &LINE),
            Some((_, inside)) => {
                if let Some(tree) = self.tree(inside, &LINE) {
                    (node.mode, node.children) = (tree.mode, tree.nodes);
                }
            }
            None => {}
        }
        tree.nodes.push(node);
    }

    fn tree_line(&mut self, node: &Node, scalar: &Scalar) -> Option<Txt> {
        let field = Field {
            takes: "a widget",
            ..LINE
        };
        if scalar.text.trim().is_empty() {
            self.add(not_of_type(node, &field, "button \"Save\""));
            return None;
        }
        self.text(node, &field)
    }

    fn tree_mode(&mut self, node: &Node) -> Option<Mode> {
        let word = match &node.kind {
            Kind::Scalar(scalar) => scalar.text.trim(),
            _ => "",
        };
        let mode = Mode::from_name(word);
        if mode.is_none() {
            let message = format!(
                "`{CHILDREN}` must be `contain`, `equal` or `deep-equal`, not {}",
                node.describe()
            );
            let problem = Problem::new(Code::UnknownChoice, node.span, message)
                .label("not one of the allowed words")
                .help(format!("write `{CHILDREN}: equal`"));
            self.add(problem);
        }
        mode
    }
}

fn several(span: Span) -> Problem {
    let message = "an entry of a tree is one widget";
    Problem::new(Code::WrongType, span, message)
        .label("this entry has several keys")
        .help("begin each widget with `- `")
}

/// Reads the file of a baseline.
///
/// # Errors
///
/// All that is wrong with it.
pub(crate) fn read_tree(source: &Arc<Source>) -> Result<TreeWritten, Problems> {
    static NOTHING: Shape = Shape::new("a tree", &[]);
    let mut findings = Findings::default();
    let document = yaml::read(source, &mut findings);
    let mut reader = Reader::new(source, &NOTHING, findings);
    let tree = document.and_then(|node| reader.tree(&node, &LINE));
    let (errors, _) = reader.finish().into_sorted();
    match tree {
        Some(tree) if errors.is_empty() => Ok(tree),
        _ => Err(Problems::new(Arc::clone(source), errors)),
    }
}
