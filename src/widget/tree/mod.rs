//! Trees of widgets, in the grammar of Playwright's ARIA snapshots: what is expected,
//! what is there, and what the difference is.
//!
//! ```yaml
//! - window "Order":
//!   - textbox "Name": Ann
//!   - checkbox "Gift" [checked]
//!   - button "Submit" [disabled]
//! ```

mod compare;
mod difference;
mod fit;
mod line;

use std::fmt;

use serde_yaml::{Mapping, Value};

use super::{Checked, Role, States};
use crate::{geometry::Rect, pattern::Pattern};

pub(crate) use self::compare::{Comparison, compare};

/// A widget that is expected in a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// What it is.
    pub role: Role,
    /// Its name; where there is none, [`Mode`] says whether it may have one.
    pub name: Option<Pattern>,
    /// Its value, likewise.
    pub value: Option<Pattern>,
    /// The states that are written.
    pub states: States,
    /// How its children are compared, if it says so itself.
    pub mode: Option<Mode>,
    /// What is expected in it.
    pub children: Vec<Expected>,
}

/// How the widgets in another one are compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Those that are expected are there, in their order; there may be others. What is
    /// not written of a widget does not matter.
    Contain,
    /// Those that are expected are there, and no others; a name, a value or a state that
    /// is not written is not there.
    Equal,
    /// The same for everything below.
    DeepEqual,
}

impl Mode {
    /// The words for them.
    pub const NAMES: [&'static str; 3] = ["contain", "equal", "deep-equal"];

    /// The mode of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Contain, Self::Equal, Self::DeepEqual];
        all.into_iter().find(|mode| mode.name() == name)
    }

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contain => Self::NAMES[0],
            Self::Equal => Self::NAMES[1],
            Self::DeepEqual => Self::NAMES[2],
        }
    }
}

/// An actual widget.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// What it is; never [`Role::Generic`].
    pub role: Role,
    /// Its name; empty if it has none.
    pub name: String,
    /// Its value; empty if it has none.
    pub value: String,
    /// Its states.
    pub states: States,
    /// Where it can be seen on the screen, in pixels.
    pub area: Option<Rect>,
    /// What is in it.
    pub children: Vec<Node>,
}

/// The states that a tree shows: those that are as usual are left out.
fn attributes(states: States) -> Vec<&'static str> {
    let checked = match states.checked {
        Some(Checked::Yes) => Some("checked"),
        Some(Checked::Mixed) => Some("checked=mixed"),
        Some(Checked::No) | None => None,
    };
    let is = |state: Option<bool>, word| (state == Some(true)).then_some(word);
    let disabled = (states.enabled == Some(false)).then_some("disabled");
    [
        checked,
        disabled,
        is(states.expanded, "expanded"),
        is(states.pressed, "pressed"),
        is(states.selected, "selected"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A name between quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Node {
    /// Its line without its value: `checkbox "Gift" [checked]`.
    #[must_use]
    pub fn head(&self) -> String {
        let mut head = self.role.to_string();
        if !self.name.is_empty() {
            head = format!("{head} {}", quoted(&self.name));
        }
        for attribute in attributes(self.states) {
            head = format!("{head} [{attribute}]");
        }
        head
    }

    /// As the language writes it, in which `${` would begin the name of a value.
    fn to_value(&self) -> Value {
        let escaped = |text: &str| text.replace("${", "$${");
        let head = Value::from(escaped(&self.head()));
        if self.children.is_empty() && self.value.is_empty() {
            return head;
        }
        let inside = if self.children.is_empty() {
            Value::from(escaped(&self.value))
        } else {
            Value::Sequence(self.children.iter().map(Self::to_value).collect())
        };
        Value::Mapping(Mapping::from_iter([(head, inside)]))
    }
}

/// A line of a tree that is shown to somebody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Line {
    /// In how many others it is nested.
    pub depth: u32,
    /// The widget, with its value: `textbox "Name": Ann`.
    pub text: String,
    /// Where it can be seen on the screen, in pixels.
    pub area: Option<Rect>,
}

/// The first `most` lines of a tree.
#[must_use]
pub(crate) fn lines(nodes: &[Node], most: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut next: Vec<(u32, &Node)> = nodes.iter().rev().map(|node| (0, node)).collect();
    while let Some((depth, node)) = next.pop() {
        if lines.len() == most {
            break;
        }
        let value = match node.value.as_str() {
            "" => String::new(),
            value => format!(": {value}"),
        };
        lines.push(Line {
            depth,
            text: format!("{}{value}", node.head()),
            area: node.area,
        });
        next.extend(node.children.iter().rev().map(|child| (depth + 1, child)));
    }
    lines
}

/// A tree as YAML, which can be pasted into a scenario or kept as a baseline.
#[must_use]
pub(crate) fn to_yaml(nodes: &[Node]) -> String {
    if nodes.is_empty() {
        return String::new();
    }
    let nodes: Vec<Value> = nodes.iter().map(Node::to_value).collect();
    // Texts, lists and mappings of them can always be written.
    serde_yaml::to_string(&nodes).unwrap_or_default()
}

/// As it is written, without what is in it: `checkbox "Gift" [checked]`.
impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.role)?;
        match &self.name {
            Some(Pattern::Text(name)) => write!(f, " {}", quoted(name))?,
            Some(regex) => write!(f, " {regex}")?,
            None => {}
        }
        for (name, value) in self.states.known() {
            match (name, value) {
                ("enabled", "false") => write!(f, " [disabled]")?,
                ("enabled", _) => write!(f, " [disabled=false]")?,
                (name, "true") => write!(f, " [{name}]")?,
                (name, value) => write!(f, " [{name}={value}]")?,
            }
        }
        self.value
            .as_ref()
            .map_or(Ok(()), |value| write!(f, ": {value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_shown_line_by_line_and_no_longer_than_it_may_be() {
        let leaf = |role, name: &str, value: &str| Node {
            role,
            name: name.to_owned(),
            value: value.to_owned(),
            ..Node::default()
        };
        let area = Some(Rect::new(1, 2, 3, 4));
        let window = Node {
            children: vec![
                leaf(Role::Textbox, "Name", "Ann"),
                leaf(Role::Button, "Ok", ""),
            ],
            area,
            ..leaf(Role::Window, "Order", "")
        };
        let shown = lines(&[window, leaf(Role::Window, "Other", "")], 3);
        let shown: Vec<(u32, &str)> = shown
            .iter()
            .map(|line| (line.depth, line.text.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (0, "window \"Order\""),
                (1, "textbox \"Name\": Ann"),
                (1, "button \"Ok\"")
            ]
        );
    }

    #[test]
    fn a_tree_is_written_as_yaml_that_is_easy_to_read() {
        let leaf = |role, name: &str, value: &str| Node {
            role,
            name: name.to_owned(),
            value: value.to_owned(),
            ..Node::default()
        };
        let gift = Node {
            states: States {
                checked: Some(Checked::Yes),
                enabled: Some(false),
                ..States::default()
            },
            ..leaf(Role::Checkbox, "Gift", "")
        };
        let window = Node {
            children: vec![
                leaf(Role::Textbox, "Name", "Ann"),
                leaf(Role::Progressbar, "", "100"),
                leaf(Role::Button, "a: \"b\"", ""),
                gift,
            ],
            ..leaf(Role::Window, "Order", "")
        };
        assert_eq!(
            to_yaml(&[window]),
            "- window \"Order\":\n  - textbox \"Name\": Ann\n  - progressbar: '100'\n  - 'button \
             \"a: \\\"b\\\"\"'\n  - checkbox \"Gift\" [checked] [disabled]\n"
        );
    }
}
