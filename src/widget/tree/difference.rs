//! The difference between the expected tree and the actual one.

use std::cell::RefCell;

use super::{
    Expected, Mode, Node,
    fit::{fits, is_named_like},
};

/// A table of the widgets of both trees has at most this many cells; of larger trees all
/// lines differ.
const LARGEST: usize = 4_000_000;

/// What a pair of widgets weighs that are alike; one that only belongs together weighs 1.
const ALIKE: u64 = 1 << 32;

/// The widgets of both trees, and the lines of their difference.
pub(super) struct Difference<'t> {
    trees: Trees<'t>,
    lines: Vec<Line>,
}

/// A line of the difference: a widget by its number.
struct Line {
    depth: usize,
    of: Of,
}

#[derive(Clone, Copy)]
enum Of {
    /// It is there as it is expected.
    Alike(usize),
    /// It is there, and may be.
    Other(usize),
    /// It is there instead of what is expected.
    Instead(usize),
    /// It is expected and not there.
    Missing(usize),
}

impl<'t> Difference<'t> {
    /// Pairs the widgets of both trees so that as many as possible are alike.
    pub(super) fn of(expected: &'t [Expected], seen: &'t [Node], mode: Mode) -> Self {
        let mut trees = Trees::default();
        let tops = trees.expect(expected, (mode, mode));
        let roots = trees.see(seen);
        let lines = if trees.wanted.len().saturating_mul(trees.there.len()) > LARGEST {
            let missing = (0..trees.wanted.len()).map(Of::Missing);
            let all = missing.chain((0..trees.there.len()).map(Of::Instead));
            all.map(|of| Line { depth: 0, of }).collect()
        } else {
            let pairs = Pairs::of(&trees);
            let mut drawing = Drawing {
                anchor: pairs.anchor(&tops, &roots, mode),
                pairs,
                tops: &tops,
                mode,
                lines: Vec::new(),
            };
            drawing.others(&roots, None, 0);
            drawing.lines
        };
        let mut difference = Self { trees, lines };
        difference.tell_instead();
        difference
    }

    /// Marks what has the role and the name of a widget that is missing.
    fn tell_instead(&mut self) {
        let missing: Vec<&Expected> = self.missing().collect();
        let is_instead = |two: usize| {
            let node = self.trees.there[two].of;
            missing.iter().any(|expected| is_named_like(expected, node))
        };
        let others = self.lines.iter().enumerate();
        let instead: Vec<(usize, usize)> = others
            .filter_map(|(at, line)| match line.of {
                Of::Other(two) if is_instead(two) => Some((at, two)),
                _ => None,
            })
            .collect();
        for (at, two) in instead {
            self.lines[at].of = Of::Instead(two);
        }
    }

    fn missing(&self) -> impl Iterator<Item = &'t Expected> {
        self.lines.iter().filter_map(|line| match line.of {
            Of::Missing(one) => Some(self.trees.wanted[one].of),
            _ => None,
        })
    }

    /// Whether a widget that is missing is there at another place.
    pub(super) fn is_elsewhere(&self) -> bool {
        let is_it = |expected: &Expected, of: &Of| match *of {
            Of::Other(two) | Of::Instead(two) => {
                fits(expected, self.trees.there[two].of, Mode::Contain)
            }
            _ => false,
        };
        self.missing()
            .any(|expected| self.lines.iter().any(|line| is_it(expected, &line.of)))
    }

    /// How many lines have a sign.
    pub(super) fn count(&self) -> usize {
        let has_sign = |line: &&Line| matches!(line.of, Of::Missing(_) | Of::Instead(_));
        self.lines.iter().filter(has_sign).count()
    }

    /// The lines, each with its sign or without one.
    pub(super) fn lines(&self) -> Vec<String> {
        let shown = |line: &Line| {
            let indent = "  ".repeat(line.depth);
            let (sign, text) = match line.of {
                Of::Alike(two) | Of::Other(two) => (' ', self.trees.there[two].text()),
                Of::Instead(two) => ('+', self.trees.there[two].text()),
                Of::Missing(one) => ('-', self.trees.wanted[one].of.to_string()),
            };
            format!("{sign} {indent}- {text}")
        };
        self.lines.iter().map(shown).collect()
    }
}

/// Both trees as lists, in which what is in a widget comes after it.
#[derive(Default)]
struct Trees<'t> {
    wanted: Vec<Wanted<'t>>,
    there: Vec<There<'t>>,
}

/// A widget that is expected.
struct Wanted<'t> {
    of: &'t Expected,
    /// How it is compared.
    mode: Mode,
    /// How what is in it is compared.
    inside: Mode,
    children: Vec<usize>,
}

/// An actual widget.
struct There<'t> {
    of: &'t Node,
    children: Vec<usize>,
}

impl There<'_> {
    fn text(&self) -> String {
        let Node {
            value, children, ..
        } = self.of;
        if value.is_empty() || !children.is_empty() {
            return self.of.head();
        }
        format!("{}: {value}", self.of.head())
    }
}

impl<'t> Trees<'t> {
    /// Adds widgets that are expected in `mode`, and all that is in them, in `below` where
    /// they do not say how; answers their numbers.
    fn expect(&mut self, all: &'t [Expected], (mode, below): (Mode, Mode)) -> Vec<usize> {
        let mut numbers = Vec::with_capacity(all.len());
        for of in all {
            let inside = of.mode.unwrap_or(below);
            let below = match inside {
                Mode::DeepEqual => inside,
                _ => below,
            };
            let number = self.wanted.len();
            numbers.push(number);
            self.wanted.push(Wanted {
                of,
                mode,
                inside,
                children: Vec::new(),
            });
            self.wanted[number].children = self.expect(&of.children, (inside, below));
        }
        numbers
    }

    /// Adds widgets that are there, and all that is in them; answers their numbers.
    fn see(&mut self, all: &'t [Node]) -> Vec<usize> {
        let mut numbers = Vec::with_capacity(all.len());
        for of in all {
            let number = self.there.len();
            numbers.push(number);
            self.there.push(There {
                of,
                children: Vec::new(),
            });
            self.there[number].children = self.see(&of.children);
        }
        numbers
    }
}

/// Which widgets of both trees belong together.
struct Pairs<'p, 't> {
    trees: &'p Trees<'t>,
    /// What each pair weighs with all that is in both, once that is known.
    weights: RefCell<Vec<Option<u64>>>,
}

/// One of several siblings.
enum Step {
    Pair(usize, usize),
    Missing(usize),
    Other(usize),
}

impl<'p, 't> Pairs<'p, 't> {
    fn of(trees: &'p Trees<'t>) -> Self {
        let cells = trees.wanted.len() * trees.there.len();
        Self {
            trees,
            weights: RefCell::new(vec![None; cells]),
        }
    }

    /// The list of widgets that has most of what is expected, by the widget that they are
    /// in; `None` for the windows themselves.
    fn anchor(&self, tops: &[usize], roots: &[usize], mode: Mode) -> Option<usize> {
        if mode != Mode::Contain {
            return None;
        }
        let weight = |list: &[usize]| self.table(tops, list)[0];
        let mut best = (weight(roots), None);
        for (number, there) in self.trees.there.iter().enumerate() {
            let weight = weight(&there.children);
            if weight > best.0 {
                best = (weight, Some(number));
            }
        }
        best.1
    }

    fn is_alike(&self, one: usize, two: usize) -> bool {
        let Wanted { of, mode, .. } = &self.trees.wanted[one];
        fits(of, self.trees.there[two].of, *mode)
    }

    /// What two widgets weigh with all that is in them; 0 if they do not belong together.
    fn weight(&self, one: usize, two: usize) -> u64 {
        let cell = one * self.trees.there.len() + two;
        if let Some(known) = self.weights.borrow()[cell] {
            return known;
        }
        let (wanted, there) = (&self.trees.wanted[one], &self.trees.there[two]);
        let belongs = match wanted.mode {
            Mode::Contain => is_named_like(wanted.of, there.of),
            Mode::Equal | Mode::DeepEqual => wanted.of.role == there.of.role,
        };
        let own = if self.is_alike(one, two) {
            ALIKE
        } else {
            u64::from(belongs)
        };
        let inside = self.table(&wanted.children, &there.children)[0];
        let weight = if own == 0 && inside < ALIKE {
            0
        } else {
            own + inside
        };
        self.weights.borrow_mut()[cell] = Some(weight);
        weight
    }

    /// What siblings weigh from each pair of them on: a row for each that is expected and
    /// one more, and in it a cell for each that is there and one more.
    fn table(&self, expected: &[usize], seen: &[usize]) -> Vec<u64> {
        let width = seen.len() + 1;
        let mut table = vec![0; (expected.len() + 1) * width];
        for (row, one) in expected.iter().enumerate().rev() {
            for (column, two) in seen.iter().enumerate().rev() {
                let at = row * width + column;
                let apart = table[at + width].max(table[at + 1]);
                table[at] = match self.weight(*one, *two) {
                    0 => apart,
                    weight => apart.max(weight + table[at + width + 1]),
                };
            }
        }
        table
    }

    /// Siblings in their order, paired so that they weigh as much as they can.
    fn steps(&self, expected: &[usize], seen: &[usize]) -> Vec<Step> {
        let width = seen.len() + 1;
        let table = self.table(expected, seen);
        let (mut row, mut column) = (0, 0);
        let mut steps = Vec::new();
        while row < expected.len() || column < seen.len() {
            let at = row * width + column;
            let pair = expected.get(row).zip(seen.get(column));
            let pair = pair.map(|(one, two)| (*one, *two));
            let paired = pair.filter(|(one, two)| {
                let weight = self.weight(*one, *two);
                weight > 0 && weight + table[at + width + 1] == table[at]
            });
            if let Some((one, two)) = paired {
                steps.push(Step::Pair(one, two));
                (row, column) = (row + 1, column + 1);
            } else if pair.is_none_or(|_| table[at + width] >= table[at + 1])
                && let Some(one) = expected.get(row)
            {
                steps.push(Step::Missing(*one));
                row += 1;
            } else {
                steps.push(Step::Other(seen[column]));
                column += 1;
            }
        }
        steps
    }
}

/// Writes the lines of a difference.
struct Drawing<'p, 't> {
    pairs: Pairs<'p, 't>,
    tops: &'p [usize],
    /// Where what is expected belongs.
    anchor: Option<usize>,
    mode: Mode,
    lines: Vec<Line>,
}

impl Drawing<'_, '_> {
    fn line(&mut self, depth: usize, of: Of) {
        self.lines.push(Line { depth, of });
    }

    /// The widgets in another one, or the windows, of which nothing is expected, unless
    /// that is where what is expected belongs.
    fn others(&mut self, all: &[usize], parent: Option<usize>, depth: usize) {
        if parent == self.anchor {
            self.siblings(self.tops, all, (self.mode, depth));
            return;
        }
        for two in all {
            self.other(*two, (self.mode, depth));
        }
    }

    fn siblings(&mut self, expected: &[usize], seen: &[usize], (mode, depth): (Mode, usize)) {
        let trees = self.pairs.trees;
        for step in self.pairs.steps(expected, seen) {
            match step {
                Step::Pair(one, two) => {
                    if self.pairs.is_alike(one, two) {
                        self.line(depth, Of::Alike(two));
                    } else {
                        self.line(depth, Of::Missing(one));
                        self.line(depth, Of::Instead(two));
                    }
                    let (wanted, there) = (&trees.wanted[one], &trees.there[two]);
                    let inside = (wanted.inside, depth + 1);
                    self.siblings(&wanted.children, &there.children, inside);
                }
                Step::Missing(one) => self.missing(one, depth),
                Step::Other(two) => self.other(two, (mode, depth)),
            }
        }
    }

    fn missing(&mut self, one: usize, depth: usize) {
        self.line(depth, Of::Missing(one));
        for child in &self.pairs.trees.wanted[one].children {
            self.missing(*child, depth + 1);
        }
    }

    fn other(&mut self, two: usize, (mode, depth): (Mode, usize)) {
        let of = match mode {
            Mode::Contain => Of::Other(two),
            Mode::Equal | Mode::DeepEqual => Of::Instead(two),
        };
        self.line(depth, of);
        let children = &self.pairs.trees.there[two].children;
        match mode {
            Mode::Contain => self.others(children, Some(two), depth + 1),
            Mode::Equal | Mode::DeepEqual => {
                for child in children {
                    self.other(*child, (mode, depth + 1));
                }
            }
        }
    }
}
