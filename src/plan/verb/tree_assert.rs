//! `tree-assert`.

use std::{path::Path, sync::Arc};

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, list, literal, map},
    written,
};
use crate::{
    pattern::Pattern,
    plan::{Need, Target},
    scenario::{self, Code, Problem, Source, Span, TreeNode, Txt},
    widget::tree::{Expected, Mode},
};

/// The widgets of a window, or of another widget, are compared with a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeAssert {
    /// Whose widgets; `None` is the focused window.
    pub target: Option<Target>,
    /// With what.
    pub tree: TreeOf,
}

/// Where a tree is written.
#[derive(Clone, Debug, PartialEq)]
pub enum TreeOf {
    /// In the scenario.
    Here {
        /// The widgets.
        nodes: Vec<Expected>,
        /// How they are compared.
        mode: Mode,
    },
    /// In a baseline of this name, safe as a file name: `<name>.tree.yaml` in the
    /// plan's folder of baselines.
    Baseline(String),
}

impl TreeOf {
    /// The tree in the file of a baseline: nothing in it is looked up.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, as text for people.
    pub fn read(name: &str, text: &[u8]) -> Result<(Vec<Expected>, Mode), String> {
        let source = Arc::new(Source::new(name, text));
        let tree = scenario::read_tree(&source)
            .map_err(|problems| scenario::render(&[problems], 100, false))?;
        let nodes: Result<Vec<Expected>, String> = tree.nodes.iter().map(as_written).collect();
        Ok((nodes?, tree.mode.unwrap_or(Mode::DeepEqual)))
    }
}

/// A node of a file, in which nothing is looked up.
fn as_written(node: &TreeNode) -> Result<Expected, String> {
    let plain = |text: &Txt| {
        let known = text.value.known().map(str::to_owned);
        known.ok_or_else(|| "the file of a baseline cannot look anything up (`${…}`)".to_owned())
    };
    let head = plain(&node.head)?;
    let mut expected = Expected::parse(&head).map_err(|why| format!("in `{head}`, {why}"))?;
    let value = node.value.as_ref().map(plain).transpose()?;
    expected.value = value.map(|value| Pattern::parse(&value)).transpose()?;
    expected.mode = node.mode;
    expected.children = node
        .children
        .iter()
        .map(as_written)
        .collect::<Result<_, _>>()?;
    Ok(expected)
}

impl Verb for TreeAssert {
    fn title(&self) -> String {
        let of = self.target.as_ref();
        let of = of.map_or_else(String::new, |target| format!(" of {target}"));
        match &self.tree {
            TreeOf::Here { nodes, .. } => {
                let first = nodes.first().map_or_else(String::new, Expected::to_string);
                let more = if nodes.len() > 1 { ", …" } else { "" };
                format!("{first}{more}{of}")
            }
            TreeOf::Baseline(name) => format!("{name}{of}"),
        }
    }

    fn argument(&self, folder: &Path) -> Value {
        let target = self
            .target
            .as_ref()
            .map(|it| ("target", it.notation(folder)));
        let mut fields: Vec<_> = target.into_iter().collect();
        fields.push(match &self.tree {
            TreeOf::Here { nodes, mode } => ("tree", notation(nodes, Some(*mode))),
            TreeOf::Baseline(name) => ("baseline", literal(name)),
        });
        map(fields)
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Widgets]
    }

    fn targets(&self) -> Vec<&Target> {
        self.target.iter().collect()
    }

    fn is_about_windows(&self) -> bool {
        true
    }
}

fn notation(nodes: &[Expected], mode: Option<Mode>) -> Value {
    let mode = mode.map(|mode| map([("/children", literal(mode.name()))]));
    let nodes = nodes.iter().map(|node| {
        let head = Expected {
            value: None,
            ..node.clone()
        };
        let inside = match &node.value {
            _ if !node.children.is_empty() => Some(notation(&node.children, node.mode)),
            Some(value) => Some(literal(&value.to_string())),
            None => None,
        };
        match inside {
            Some(inside) => map([(head.to_string(), inside)]),
            None => literal(&head.to_string()),
        }
    });
    list(mode.into_iter().chain(nodes))
}

impl Resolve for written::TreeAssert {
    type Meant = TreeAssert;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<TreeAssert> {
        let target = resolver.optional_target(self.target.as_ref());
        let tree = match (&self.baseline, &self.tree) {
            (Some(name), _) => resolver.file_name(name, "baseline").map(TreeOf::Baseline),
            (None, Some(tree)) => {
                let nodes = resolver.tree_nodes(&tree.nodes);
                let mode = tree.mode.unwrap_or(Mode::Contain);
                nodes.map(|nodes| TreeOf::Here { nodes, mode })
            }
            (None, None) => None,
        };
        let target = target?;
        if let Some(other) = target.as_ref().filter(|target| !target.has_tree()) {
            resolver.add(no_tree(other, self.span));
            return None;
        }
        Some(TreeAssert {
            target,
            tree: tree?,
        })
    }
}

impl Resolver<'_, '_> {
    fn tree_nodes(&mut self, written: &[TreeNode]) -> Option<Vec<Expected>> {
        let nodes: Vec<Option<Expected>> =
            written.iter().map(|node| self.tree_node(node)).collect();
        nodes.into_iter().collect()
    }

    fn tree_node(&mut self, written: &TreeNode) -> Option<Expected> {
        let children = self.tree_nodes(&written.children);
        let head = self.known(&written.head)?;
        let mut expected = match Expected::parse(&head) {
            Ok(expected) => expected,
            Err(why) => {
                self.add(bad_line(&why, written.head.span));
                return None;
            }
        };
        if let Some(value) = &written.value {
            let known = self.known(value)?;
            match Pattern::parse(&known) {
                Ok(pattern) => expected.value = Some(pattern),
                Err(why) => {
                    self.add(bad_line(&why, value.span));
                    return None;
                }
            }
        }
        expected.mode = written.mode;
        expected.children = children?;
        Some(expected)
    }
}

fn bad_line(why: &str, span: Span) -> Problem {
    Problem::new(
        Code::BadTree,
        span,
        format!("this line of the tree cannot be read: {why}"),
    )
    .label("expected a role, a name in quotes, and states in brackets")
    .help("write, for example, `- checkbox \"Gift\" [checked]`")
}

fn no_tree(target: &Target, span: Span) -> Problem {
    let message = format!("`{target}` is neither a window nor a widget, so it has no tree");
    Problem::new(Code::WrongType, span, message)
        .label("expected a window or a widget")
        .help("write `target: { window: /…/ }`, or leave `target` out")
}
