//! Compares a tree that is expected with one that is there.

use super::{Expected, Mode, Node, attributes};
use crate::pattern::Pattern;

/// A table of the lines of both trees has at most so many cells; larger trees are
/// compared line by line.
const LARGEST: usize = 4_000_000;

/// How many lines are shown before and after one that differs.
const AROUND: usize = 2;

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Whether the trees are alike.
    pub is_like: bool,
    /// Both trees as lines: `-` before what is expected and not there, `+` before what
    /// is there and not expected. Where other widgets are allowed, only those have a `+`
    /// that have the role and the name of one that is expected and not there.
    pub lines: Vec<String>,
    /// How many lines have a sign.
    pub differing: usize,
}

/// Compares trees. Where `mode` is [`Mode::Contain`], what is expected may be anywhere in
/// the tree that is there.
#[must_use]
pub fn compare(expected: &[Expected], seen: &[Node], mode: Mode) -> Comparison {
    let is_like = match mode {
        Mode::Contain => is_anywhere(expected, seen),
        Mode::Equal | Mode::DeepEqual => children_fit(expected, seen, mode, mode),
    };
    let (wanted, there) = (flat_expected(expected, mode), flat(seen));
    let lines = aligned(&wanted, &there, mode);
    let has_sign = |line: &&String| line.starts_with(['-', '+']);
    let differing = lines.iter().filter(has_sign).count();
    Comparison {
        is_like,
        lines,
        differing,
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

impl Expected {
    /// Whether a widget has its role and its name.
    fn is_named_like(&self, node: &Node) -> bool {
        let name = self.name.as_ref();
        self.role == node.role && name.is_some_and(|name| name.matches(&node.name))
    }
}

/// Whether a widget is the expected one, whatever is in it.
fn fits(expected: &Expected, node: &Node, mode: Mode) -> bool {
    let exact = mode != Mode::Contain;
    let text = |wanted: &Option<Pattern>, text: &str| match wanted {
        Some(wanted) => wanted.matches(text),
        None => !exact || text.is_empty(),
    };
    // What is in a widget is its value, too, where its children are told.
    let value = expected.value.is_none() && !node.children.is_empty();
    let states = if exact {
        let mut wanted = expected.states;
        wanted.focused = None;
        attributes(wanted) == attributes(node.states) && node.states.fit(&expected.states)
    } else {
        node.states.fit(&expected.states)
    };
    expected.role == node.role
        && text(&expected.name, &node.name)
        && (value || text(&expected.value, &node.value))
        && states
}

impl Comparison {
    /// The lines that differ and the two before and after each of them; how many are left
    /// out stands where they were. All lines where none differs by itself.
    #[must_use]
    pub fn folded(&self) -> Vec<String> {
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
                    folded.push(format!("… {left_out} more"));
                }
                left_out = 0;
                folded.push(line.clone());
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            folded.push(format!("… {left_out} more"));
        }
        folded
    }
}

/// A line of a tree.
struct Line<T> {
    depth: usize,
    of: T,
}

fn flat(nodes: &[Node]) -> Vec<Line<&Node>> {
    fn add<'n>(nodes: &'n [Node], depth: usize, lines: &mut Vec<Line<&'n Node>>) {
        for of in nodes {
            lines.push(Line { depth, of });
            add(&of.children, depth + 1, lines);
        }
    }
    let mut lines = Vec::new();
    add(nodes, 0, &mut lines);
    lines
}

/// Each with the mode in which it is compared.
fn flat_expected(expected: &[Expected], mode: Mode) -> Vec<Line<(&Expected, Mode)>> {
    fn add<'e>(
        expected: &'e [Expected],
        (mode, below): (Mode, Mode),
        depth: usize,
        lines: &mut Vec<Line<(&'e Expected, Mode)>>,
    ) {
        for one in expected {
            let of = (one, mode);
            lines.push(Line { depth, of });
            let own = one.mode.unwrap_or(below);
            let below = if own == Mode::DeepEqual { own } else { below };
            add(&one.children, (own, below), depth + 1, lines);
        }
    }
    let mut lines = Vec::new();
    add(expected, (mode, mode), 0, &mut lines);
    lines
}

/// The longest list of lines that both trees have, in order, and around it what only one
/// of them has.
fn aligned(wanted: &[Line<(&Expected, Mode)>], there: &[Line<&Node>], mode: Mode) -> Vec<String> {
    let same = |one: usize, two: usize| {
        let (expected, mode_of) = wanted[one].of;
        (mode == Mode::Contain || wanted[one].depth == there[two].depth)
            && fits(expected, there[two].of, mode_of)
    };
    let (rows, columns) = (wanted.len(), there.len());
    let missing = |one: usize| {
        let Line { depth, of } = &wanted[one];
        format!("- {}- {}", "  ".repeat(*depth), of.0)
    };
    let present = |sign: char, two: usize| {
        let Line { depth, of } = &there[two];
        let value = if of.value.is_empty() || !of.children.is_empty() {
            String::new()
        } else {
            format!(": {}", of.value)
        };
        format!("{sign} {}- {}{value}", "  ".repeat(*depth), of.head())
    };
    let steps = if rows.saturating_mul(columns) > LARGEST {
        let all = (0..rows).map(Step::Missing);
        all.chain((0..columns).map(Step::More)).collect()
    } else {
        steps(rows, columns, same)
    };
    let is_instead = |two: usize| {
        let mut absent = steps.iter().filter_map(|step| match step {
            Step::Missing(one) => Some(wanted[*one].of.0),
            _ => None,
        });
        absent.any(|expected| expected.is_named_like(there[two].of))
    };
    let line = |step: &Step| match *step {
        Step::Same(two) => present(' ', two),
        Step::Missing(one) => missing(one),
        Step::More(two) if mode == Mode::Contain && !is_instead(two) => present(' ', two),
        Step::More(two) => present('+', two),
    };
    steps.iter().map(line).collect()
}

/// One line of both trees, by its number in the one that is expected or in the one that
/// is there.
enum Step {
    /// It is in both, and this is the one that is there.
    Same(usize),
    /// It is expected and not there.
    Missing(usize),
    /// It is there and not expected.
    More(usize),
}

/// The lines of both trees in order, with as many as there can be in both.
fn steps(rows: usize, columns: usize, same: impl Fn(usize, usize) -> bool) -> Vec<Step> {
    let mut steps = Vec::new();
    // How many lines the rest of both trees has in common, from each pair of lines on.
    let width = columns + 1;
    let mut common = vec![0_u32; (rows + 1) * width];
    for one in (0..rows).rev() {
        for two in (0..columns).rev() {
            common[one * width + two] = if same(one, two) {
                common[(one + 1) * width + two + 1] + 1
            } else {
                common[(one + 1) * width + two].max(common[one * width + two + 1])
            };
        }
    }
    let (mut one, mut two) = (0, 0);
    while one < rows || two < columns {
        if one < rows && two < columns && same(one, two) {
            steps.push(Step::Same(two));
            (one, two) = (one + 1, two + 1);
        } else if one < rows
            && (two == columns || common[(one + 1) * width + two] >= common[one * width + two + 1])
        {
            steps.push(Step::Missing(one));
            one += 1;
        } else {
            steps.push(Step::More(two));
            two += 1;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widget::{Role, States};

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
                "- - textbox \"Name\": Bob",
                "  - window \"Order\"",
                "+   - textbox \"Name\": Ann",
                "    - button \"Submit\" [disabled]",
            ]
        );
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
                "… 5 more",
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
