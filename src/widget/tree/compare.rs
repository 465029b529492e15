//! Compares the expected tree with the actual one.

use super::{Expected, Mode, Node, difference::Difference, fit::fits};

/// How many lines are shown before and after one that differs.
const AROUND: usize = 2;

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    /// Whether the trees are alike.
    pub is_like: bool,
    /// Both trees as lines: `-` before what is expected and not there, `+` before what
    /// is there and not expected. Where other widgets are allowed, only those have a `+`
    /// that have the role and the name of one that is expected and not there.
    pub lines: Vec<String>,
    /// Whether a widget that is expected and not there is there in another one.
    pub is_elsewhere: bool,
    /// How many lines have a sign.
    pub differing: usize,
}

/// Compares trees. Where `mode` is [`Mode::Contain`], what is expected may be anywhere in
/// the actual tree.
#[must_use]
pub(crate) fn compare(expected: &[Expected], seen: &[Node], mode: Mode) -> Comparison {
    let is_like = match mode {
        Mode::Contain => is_anywhere(expected, seen),
        Mode::Equal | Mode::DeepEqual => children_fit(expected, seen, mode, mode),
    };
    let difference = Difference::of(expected, seen, mode);
    Comparison {
        is_like,
        is_elsewhere: !is_like && difference.is_elsewhere(),
        differing: difference.count(),
        lines: difference.lines(),
    }
}

/// Whether the list is found in this list or in one below it.
fn is_anywhere(expected: &[Expected], seen: &[Node]) -> bool {
    children_fit(expected, seen, Mode::Contain, Mode::Contain)
        || seen
            .iter()
            .any(|node| is_anywhere(expected, &node.children))
}

/// Whether the widgets in another one are as expected; `below` is the mode of those
/// that do not say their own.
fn children_fit(expected: &[Expected], seen: &[Node], mode: Mode, below: Mode) -> bool {
    let fit = |expected: &Expected, node: &Node| {
        if !fits(expected, node, mode) {
            return false;
        }
        let own = expected.mode.unwrap_or(below);
        let below = if own == Mode::DeepEqual { own } else { below };
        children_fit(&expected.children, &node.children, own, below)
    };
    match mode {
        Mode::Contain => {
            let mut nodes = seen.iter();
            expected
                .iter()
                .all(|expected| nodes.any(|node| fit(expected, node)))
        }
        Mode::Equal | Mode::DeepEqual => {
            expected.len() == seen.len()
                && expected
                    .iter()
                    .zip(seen)
                    .all(|(expected, node)| fit(expected, node))
        }
    }
}

impl Comparison {
    /// The lines that differ and the two before and after each of them; how many are left
    /// out stands where they were. All lines where none differs on its own.
    #[must_use]
    pub(crate) fn folded(&self) -> Vec<String> {
        if self.differing == 0 {
            return self.lines.clone();
        }
        let differs = |line: &String| line.starts_with(['-', '+']);
        let mut folded = Vec::new();
        let mut left_out = 0;
        for (at, line) in self.lines.iter().enumerate() {
            let near = at.saturating_sub(AROUND)..self.lines.len().min(at + AROUND + 1);
            if self.lines[near].iter().any(differs) {
                if left_out > 0 {
                    folded.push(more(left_out));
                }
                left_out = 0;
                folded.push(line.clone());
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            folded.push(more(left_out));
        }
        folded
    }
}

fn more(lines: usize) -> String {
    let noun = if lines == 1 { "line" } else { "lines" };
    format!("… {lines} more {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        pattern::Pattern,
        widget::{Role, States},
    };

    fn expected(lines: &[&str]) -> Vec<Expected> {
        lines
            .iter()
            .map(|line| {
                let (head, value) = line.split_once(": ").unwrap_or((line, ""));
                let mut one = Expected::parse(head).unwrap();
                one.value = (!value.is_empty()).then(|| Pattern::parse(value).unwrap());
                one
            })
            .collect()
    }

    fn node(role: Role, name: &str, children: Vec<Node>) -> Node {
        Node {
            role,
            name: name.to_owned(),
            children,
            ..Node::default()
        }
    }

    fn window() -> Vec<Node> {
        let name = Node {
            value: "Ann".to_owned(),
            ..node(Role::Textbox, "Name", Vec::new())
        };
        let submit = Node {
            states: States {
                enabled: Some(false),
                ..States::default()
            },
            ..node(Role::Button, "Submit", Vec::new())
        };
        vec![node(Role::Window, "Order", vec![name, submit])]
    }

    #[test]
    fn what_is_expected_may_be_a_part_of_what_is_there() {
        let like = |lines: &[&str]| compare(&expected(lines), &window(), Mode::Contain).is_like;
        assert!(like(&["window \"Order\""]));
        assert!(like(&["textbox \"Name\""]));
        assert!(like(&["textbox: /^A/", "button \"Submit\" [disabled]"]));
        assert!(!like(&["button \"Submit\"", "textbox \"Name\""]), "order");
        assert!(!like(&["textbox \"Name\": Bob"]));
        assert!(!like(&["button \"Submit\" [disabled=false]"]));
    }

    #[test]
    fn an_equal_tree_has_nothing_more_and_nothing_less() {
        let whole = |lines: &[&str]| {
            let mut tree = expected(&["window \"Order\""]);
            tree[0].children = expected(lines);
            compare(&tree, &window(), Mode::Equal)
        };
        assert!(whole(&["textbox \"Name\": Ann", "button \"Submit\" [disabled]"]).is_like);
        for lines in [
            &["textbox \"Name\": Ann"][..],
            &["textbox \"Name\"", "button \"Submit\" [disabled]"],
            &["textbox \"Name\": Ann", "button \"Submit\""],
            &["textbox: Ann", "button \"Submit\" [disabled]"],
        ] {
            assert!(!whole(lines).is_like, "{lines:?}");
        }
    }

    #[test]
    fn the_difference_is_drawn_with_both_trees() {
        let mut tree = expected(&["window \"Order\""]);
        tree[0].children = expected(&["textbox \"Name\": Bob", "button \"Submit\" [disabled]"]);
        let compared = compare(&tree, &window(), Mode::Equal);
        assert_eq!(
            compared.lines,
            [
                "  - window \"Order\"",
                "-   - textbox \"Name\": Bob",
                "+   - textbox \"Name\": Ann",
                "    - button \"Submit\" [disabled]",
            ]
        );
        assert_eq!(compared.differing, 2);
    }

    #[test]
    fn where_others_are_allowed_what_is_there_instead_is_drawn() {
        let tree = expected(&["textbox \"Name\": Bob"]);
        let compared = compare(&tree, &window(), Mode::Contain);
        assert_eq!(
            compared.lines,
            [
                "  - window \"Order\"",
                "-   - textbox \"Name\": Bob",
                "+   - textbox \"Name\": Ann",
                "    - button \"Submit\" [disabled]",
            ]
        );
    }

    #[test]
    fn what_is_expected_in_one_widget_is_not_like_it_in_another() {
        let label = || node(Role::Label, "Name", Vec::new());
        let seen = [
            node(Role::Group, "One", vec![label()]),
            node(
                Role::Group,
                "Two",
                vec![node(Role::Button, "Ok", Vec::new())],
            ),
        ];
        let tree = expected(&["label \"Name\"", "button \"Ok\""]);
        let compared = compare(&tree, &seen, Mode::Contain);
        assert!(!compared.is_like);
        assert!(compared.is_elsewhere);
        assert_eq!(
            compared.lines,
            [
                "  - group \"One\"",
                "    - label \"Name\"",
                "-   - button \"Ok\"",
                "  - group \"Two\"",
                "+   - button \"Ok\"",
            ]
        );
        assert_eq!(compared.differing, 2);
    }

    #[test]
    fn a_widget_of_another_name_keeps_what_is_in_it() {
        let mut tree = expected(&["window \"Bill\""]);
        tree[0].children = expected(&["textbox \"Name\": Ann", "button \"Submit\" [disabled]"]);
        for mode in [Mode::Contain, Mode::DeepEqual] {
            let compared = compare(&tree, &window(), mode);
            assert_eq!(
                compared.lines,
                [
                    "- - window \"Bill\"",
                    "+ - window \"Order\"",
                    "    - textbox \"Name\": Ann",
                    "    - button \"Submit\" [disabled]",
                ]
            );
            assert!(!compared.is_elsewhere);
        }
    }

    #[test]
    fn what_is_far_from_every_difference_is_left_out() {
        let others = (0..9).map(|number| node(Role::Label, &number.to_string(), Vec::new()));
        let mut seen: Vec<Node> = others.collect();
        seen.extend(window());
        let tree = expected(&["label \"0\"", "textbox \"Name\": Bob"]);
        let compared = compare(&tree, &seen, Mode::Contain);
        assert_eq!(
            compared.folded(),
            [
                "  - label \"0\"",
                "- - textbox \"Name\": Bob",
                "  - label \"1\"",
                "  - label \"2\"",
                "… 5 more lines",
                "  - label \"8\"",
                "  - window \"Order\"",
                "+   - textbox \"Name\": Ann",
                "    - button \"Submit\" [disabled]",
            ]
        );
    }

    #[test]
    fn a_widget_can_say_how_its_children_are_compared() {
        let mut tree = expected(&["window \"Order\""]);
        tree[0].children = expected(&["textbox \"Name\""]);
        assert!(compare(&tree, &window(), Mode::Contain).is_like);
        tree[0].mode = Some(Mode::Equal);
        assert!(!compare(&tree, &window(), Mode::Contain).is_like);
    }
}
