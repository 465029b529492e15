//! Texts that nobody would write, with every spacing that YAML allows.

use std::fmt::Write;

use proptest::prelude::*;

use super::{Source, format, tests::formatted};

/// A value, and how it is written.
#[derive(Clone, Debug)]
enum Tree {
    /// A scalar of one line, as it is written.
    Word(&'static str),
    /// The lines of a block scalar, and its header.
    Block(&'static str, Vec<&'static str>),
    /// Quoted or plain, over several lines.
    Long(&'static str, &'static str, &'static str),
    List(Vec<Tree>),
    Map(Vec<Tree>),
    FlowList(Vec<Tree>),
    FlowMap(Vec<Tree>),
}

fn word() -> impl Strategy<Value = Tree> {
    prop::sample::select(vec![
        "a",
        "007",
        "-1",
        "a b",
        "'it''s'",
        "\"x # \\\" y\"",
        "é",
        "\"\"",
        "~",
        "a:b",
        "a#b",
        "!t x",
        "&n x",
        "http://x/y",
        "-",
        "*",
        "",
    ])
    .prop_map(|text| {
        Tree::Word(if text == "-" || text == "*" {
            "--"
        } else {
            text
        })
    })
}

fn flow() -> impl Strategy<Value = Tree> {
    word().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::FlowList),
            prop::collection::vec(inner, 0..4).prop_map(Tree::FlowMap),
        ]
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    let lines = prop::sample::select(vec!["x", "  y", "", "z  ", "# no", "- a", "é: 1", "   "]);
    let header = prop::sample::select(vec!["|", ">", "|-", ">+", "|+", "|2", ">1-"]);
    let block = (header, prop::collection::vec(lines, 0..5));
    let long = prop::sample::select(vec![
        ("\"one", "two\\", "three\""),
        ("'one", "# two", "three'"),
        ("one", "two", "- three"),
        ("\"one\\ ", "", "two\""),
    ]);
    let leaf = prop_oneof![
        4 => flow(),
        1 => block.prop_map(|(header, lines)| Tree::Block(header, lines)),
        1 => long.prop_map(|(one, two, three)| Tree::Long(one, two, three)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::List),
            prop::collection::vec(inner, 1..4).prop_map(Tree::Map),
        ]
    })
}

/// Writes trees; the dice say how.
struct Writer {
    text: String,
    dice: Vec<u8>,
    thrown: usize,
}

impl Writer {
    fn throw(&mut self, sides: usize) -> usize {
        self.thrown += 1;
        usize::from(self.dice[self.thrown % self.dice.len()]) % sides
    }

    fn blanks(&mut self, least: usize) {
        let more = self.throw(6).saturating_sub(3);
        self.text.push_str(&" ".repeat(least + more));
    }

    /// Ends a line, perhaps with blanks, comments and empty lines.
    fn end(&mut self) {
        match self.throw(8) {
            0 => self.text.push_str("  "),
            1 => self.text.push_str(" #c"),
            2 => self.text.push_str("     # é"),
            _ => {}
        }
        self.text.push('\n');
        match self.throw(9) {
            0 => self.text.push('\n'),
            1 => self.text.push_str("\n  \n\n"),
            2 => {
                let column = self.throw(9);
                let _ = writeln!(self.text, "{:column$}#own", "");
            }
            3 => self.text.push_str("\n# a\n#\n\n  ##b\n"),
            _ => {}
        }
    }

    fn line(&mut self, indent: usize) {
        self.text.push_str(&" ".repeat(indent));
    }

    /// Writes what stands behind a dash (`behind` is 1) or a colon (0) of a
    /// level at `indent`, with the end of its last line.
    fn value(&mut self, tree: &Tree, indent: usize, dash: bool) {
        match tree {
            Tree::List(_) | Tree::Map(_) if dash && self.throw(3) > 0 => {
                let before = self.text.len();
                self.blanks(1);
                let deeper = indent + 1 + self.text.len() - before;
                self.items(tree, deeper, true);
            }
            Tree::List(_) | Tree::Map(_) => {
                if self.throw(5) == 0 {
                    self.text.push_str(" &m");
                }
                self.end();
                let flush = !dash && matches!(tree, Tree::List(_)) && self.throw(2) == 0;
                let deeper = if flush {
                    indent
                } else {
                    indent + 1 + self.throw(4)
                };
                self.items(tree, deeper, false);
            }
            Tree::Block(header, lines) => self.block(header, lines, indent),
            Tree::Long(first, second, third) => {
                let deeper = indent + 1 + self.throw(4);
                let _ = write!(
                    self.text,
                    " {first}\n{:deeper$}{second}\n{:deeper$} {third}",
                    "", ""
                );
                self.end();
            }
            Tree::Word("") => self.end(),
            _ => {
                if self.throw(6) == 0 {
                    self.end();
                    let deeper = indent + 1 + self.throw(3);
                    self.line(deeper);
                } else {
                    self.blanks(1);
                }
                self.flow(tree, indent, false);
                self.end();
            }
        }
    }

    fn block(&mut self, header: &str, lines: &[&str], indent: usize) {
        let number = header.chars().find_map(|char| char.to_digit(10));
        let deeper = match number {
            Some(number) => indent + number as usize,
            None => indent + 1 + self.throw(4),
        };
        let _ = write!(self.text, " {header}");
        if self.throw(4) == 0 {
            self.text.push_str("   #why");
        }
        self.text.push('\n');
        // Without a number, the first line says how far all are indented.
        let mut first = number.is_none();
        for line in lines {
            let line = if first { line.trim_start() } else { line };
            first &= line.is_empty();
            if line.is_empty() {
                self.text.push('\n');
            } else {
                let _ = writeln!(self.text, "{:deeper$}{line}", "");
            }
        }
    }

    fn items(&mut self, tree: &Tree, indent: usize, mut inline: bool) {
        let (items, dash) = match tree {
            Tree::List(items) => (items, true),
            Tree::Map(items) => (items, false),
            _ => return,
        };
        for (number, item) in items.iter().enumerate() {
            if !std::mem::take(&mut inline) {
                self.line(indent);
            }
            if dash {
                self.text.push('-');
            } else {
                let key = ["k", "'k'", "a key", "\"é\"", "&a k", "? k\n"][self.throw(6)];
                let quote = if key.ends_with(['\'', '"']) {
                    &key[..1]
                } else {
                    ""
                };
                let key = key.trim_end_matches(['\'', '"']);
                if let Some(key) = key.strip_suffix('\n') {
                    let _ = write!(self.text, "{key}{number}\n{:indent$}:", "");
                } else {
                    let _ = write!(self.text, "{key}{number}{quote}");
                    self.blanks(0);
                    self.text.push(':');
                }
            }
            self.value(item, indent, dash);
        }
    }

    /// A blank or more between brackets; perhaps a line's end, where that is
    /// allowed.
    fn inner(&mut self, indent: usize, spread: bool) {
        if spread && self.throw(3) == 0 {
            self.end();
            let deeper = indent + 1 + self.throw(5);
            self.line(deeper);
        } else {
            let blanks = self.throw(3);
            self.line(blanks);
        }
    }

    fn flow(&mut self, tree: &Tree, indent: usize, inside: bool) {
        let spread = inside || self.throw(3) == 0;
        let (items, open, close) = match tree {
            Tree::Word(text) => {
                self.text.push_str(if text.is_empty() { "x" } else { text });
                return;
            }
            Tree::FlowList(items) => (items, '[', ']'),
            Tree::FlowMap(items) => (items, '{', '}'),
            _ => return,
        };
        self.text.push(open);
        for (number, item) in items.iter().enumerate() {
            self.inner(indent, spread);
            if open == '{' {
                let _ = write!(self.text, "k{number}: ");
            }
            self.flow(item, indent, spread && inside);
            self.inner(indent, spread);
            if number + 1 < items.len() || self.throw(4) == 0 {
                self.text.push(',');
            }
        }
        self.inner(indent, spread);
        self.text.push(close);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_a_standard_form_of_the_same_meaning(
        tree in tree(),
        dice in prop::collection::vec(any::<u8>(), 40..200),
    ) {
        let tree = match tree {
            Tree::List(_) | Tree::Map(_) => tree,
            other => Tree::List(vec![other]),
        };
        let mut writer = Writer { text: String::new(), dice, thrown: 0 };
        writer.items(&tree, 0, false);
        formatted(&writer.text);
    }

    #[test]
    fn a_heap_of_signs_is_a_problem_or_has_a_form_that_stays(
        pieces in prop::collection::vec(prop::sample::select(SIGNS), 0..24),
    ) {
        let text = pieces.concat();
        if let Ok(once) = format(&Source::new("a.yaml", text.as_bytes())) {
            let again = format(&Source::new("a.yaml", once.as_bytes()));
            prop_assert_eq!(again.ok(), Some(once));
        }
    }
}

const SIGNS: &[&str] = &[
    "a",
    "b: ",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    ": ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "#c\n",
    " # é\n",
    "&x ",
    "*x",
    "!t ",
    "|\n",
    ">+\n",
    "|1\n",
    "'",
    "\"",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "\t",
    " ",
    "\\",
    "\r\n",
    "é",
    "k: v\n",
    "- k: v\n",
    "-",
    ":",
    "!",
    "!<",
    "&",
    "*",
];
