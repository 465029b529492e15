//! Conditions of blocks and steps, about a text or the screen, and the checks of a command's
//! output.

use super::{
    fields::Fields,
    node::{Kind, Node},
    notation::{Notation, Word},
    problem::{Code, Problem},
    reader::{Reader, not_of_type},
    shape::{Field, Form, Shape, joined},
    source::Span,
    target::{self, Target},
    template::{Txt, Val},
};
use crate::pattern::Pattern;

/// What decides about a block or a step.
#[derive(Clone, Debug)]
pub enum Condition {
    /// `true`, `false`, or the name of a target that has to be there.
    Word(Val<Truth>),
    /// A target that has to be there, or gone.
    Sight(Box<Sight>),
    /// A text that has to pass these checks.
    Text {
        /// The text.
        value: Txt,
        /// What it has to be like: all checks have to hold.
        checks: Vec<Check>,
    },
}

/// A single word in place of a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// `true` or `false`.
    Known(bool),
    /// The name of a target.
    Name(String),
}

/// A target that has to be there, or gone.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The target.
    pub target: Target,
    /// Whether it has to be gone.
    pub gone: Option<Val<bool>>,
}

/// What a text has to be like.
#[derive(Clone, Debug)]
pub struct Check {
    /// How it is compared.
    pub how: Comparison,
    /// With what.
    pub wanted: Txt,
}

/// How a text is compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Comparison {
    /// It is the same, line ends at its end aside.
    Equals,
    /// It is different.
    Differs,
    /// It contains the other one.
    Contains,
    /// It does not contain the other one.
    Lacks,
    /// It matches a regular expression.
    Matches,
}

impl Comparison {
    /// Every way of comparing.
    pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Its key.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether `text` passes the check with `wanted`.
    #[must_use]
    pub fn holds(self, text: &str, wanted: &Pattern) -> bool {
        let text = text.trim_end_matches(['\n', '\r']);
        let equals = |wanted: &str| text == wanted.trim_end_matches(['\n', '\r']);
        match (self, wanted) {
            (Self::Equals, Pattern::Text(wanted)) => equals(wanted),
            (Self::Differs, Pattern::Text(wanted)) => !equals(wanted),
            (Self::Contains, Pattern::Text(wanted)) => text.contains(wanted),
            (Self::Lacks, Pattern::Text(wanted)) => !text.contains(wanted),
            (Self::Differs | Self::Lacks, Pattern::Regex(regex)) => !regex.is_match(text),
            (_, wanted) => wanted.matches(text),
        }
    }
}

impl Notation for Truth {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        match word.text.trim() {
            "true" => Ok(Self::Known(true)),
            "false" => Ok(Self::Known(false)),
            name if target::is_name(name) => Ok(Self::Name(name.to_owned())),
            _ => Err(word.wrong_type(word.field.example)),
        }
    }
}

/// The key for a target that has to be gone.
pub(super) const GONE: Field = Field::new(
    "gone",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether the target has to be gone instead",
);

/// The ways of comparing, as keys.
pub(super) const CHECKS: [Field; 5] = [
    Field::new(
        "equals",
        Form::Text,
        "a text",
        "Hello",
        "the text is exactly this; line breaks at its end are ignored",
    ),
    Field::new(
        "differs",
        Form::Text,
        "a text",
        "Hello",
        "the text is anything but this",
    ),
    Field::new(
        "contains",
        Form::Text,
        "a text",
        "Hello",
        "the text contains this",
    ),
    Field::new(
        "lacks",
        Form::Text,
        "a text",
        "error",
        "the text does not contain this",
    ),
    Field::new(
        "matches",
        Form::Text,
        "a regular expression",
        "/^Hello/",
        "the text has a match of this regular expression",
    ),
];

/// What a text has to be like, in full.
pub static CHECK: Shape = Shape::new("a check", &CHECKS);

const VALUE: Field = Field::new(
    "value",
    Form::Text,
    "a text",
    "\"${vars.mode}\"",
    "the text to compare",
)
.required();

/// A condition about a text.
pub static TEXT_CONDITION: Shape = Shape::new("a condition", &joined::<6>(&[&[VALUE], &CHECKS]));

/// A condition about the screen.
pub static SIGHT: Shape = Shape::new(
    "a condition",
    &joined::<{ 2 + target::AMONG_OTHERS.len() }>(&[&[TARGET, GONE], &target::AMONG_OTHERS]),
);

/// A target among other keys.
pub(super) const TARGET: Field = Field::new(
    "target",
    Form::Target,
    "a target",
    "save-button",
    "what to look for; the keys of a target can also be written directly here",
);

impl Reader {
    /// A condition in any of its forms.
    pub(super) fn condition(&mut self, node: &Node, field: &Field) -> Option<Condition> {
        let Kind::Mapping(pairs) = &node.kind else {
            return Some(Condition::Word(self.value(node, field)?));
        };
        let has = |name: &str| pairs.iter().any(|(key, _)| key.value == name);
        // A widget may have a value, too.
        if has(VALUE.name) && !has("role") {
            let fields = self.fields(node, &TEXT_CONDITION, node.span)?;
            let before = self.seen();
            let value = fields.read(self, &VALUE, Self::text);
            let checks = self.checks_of(&fields);
            if self.seen() == before && checks.is_empty() {
                self.add(no_check(node.span));
            }
            if self.seen() > before {
                return None;
            }
            return Some(Condition::Text {
                value: value?,
                checks,
            });
        }
        if has("position") {
            self.add(always_there(node.span));
            return None;
        }
        let fields = self.fields(node, &SIGHT, node.span)?;
        let sight = self.sight(&fields, node.span)?;
        if sight.target.is_place() {
            self.add(always_there(node.span));
            return None;
        }
        Some(Condition::Sight(Box::new(sight)))
    }

    /// A target whose keys are among other keys, or below `target`.
    pub(super) fn sight(&mut self, fields: &Fields<'_>, span: Span) -> Option<Sight> {
        let gone = fields.read(self, &GONE, Self::value);
        let own = |name: &str| fields.pair(name).map(|(key, _)| key.span);
        let target = match own("target") {
            None => {
                let mut looks = target::LOOKS.iter().filter_map(|name| fields.pair(name));
                let look = looks.next().map(|(key, node)| key.span.to(node.span));
                self.target_of(fields, look.unwrap_or(span))?
            }
            Some(first) => {
                let other = target::FIELDS
                    .iter()
                    .find_map(|field| Some((field, own(field.name)?)));
                if let Some((field, second)) = other {
                    let target = fields.pair("target").map(|(_, node)| node);
                    let inside = target.filter(|_| !target::LOOKS.contains(&field.name));
                    self.add(target_twice(field.name, first, second, inside));
                    return None;
                }
                fields.read(self, &TARGET, Self::target)?
            }
        };
        Some(Sight { target, gone })
    }

    /// What a text has to be like: a text alone, or a mapping of checks.
    pub(super) fn checks(&mut self, node: &Node, field: &Field) -> Option<Vec<Check>> {
        if !matches!(node.kind, Kind::Mapping(_)) {
            let wanted = self.text(node, field)?;
            let expression = wanted.value.known().and_then(crate::pattern::expression);
            let how = if expression.is_some() {
                Comparison::Matches
            } else {
                Comparison::Equals
            };
            return Some(vec![Check { how, wanted }]);
        }
        let before = self.seen();
        let fields = self.fields(node, &CHECK, node.span)?;
        let checks = self.checks_of(&fields);
        if self.seen() == before && checks.is_empty() {
            self.add(not_of_type(node, field, field.example));
        }
        (self.seen() == before).then_some(checks)
    }

    /// The checks that are among other keys.
    pub(super) fn checks_of(&mut self, fields: &Fields<'_>) -> Vec<Check> {
        let check = |how: Comparison| {
            let wanted = fields.read(self, TEXT_CONDITION.field(how.name())?, Self::text)?;
            Some(Check { how, wanted })
        };
        Comparison::ALL.iter().copied().filter_map(check).collect()
    }
}

fn always_there(span: Span) -> Problem {
    let message = "a position always exists, so this condition is always true";
    Problem::new(Code::MissingKey, span, message)
        .label("a picture, text, a window or a named target is missing")
        .help("write `{ text: Save, in: dialog }` to check what is there")
}

fn no_check(span: Span) -> Problem {
    Problem::new(
        Code::MissingKey,
        span,
        "this condition has a text and nothing to compare it with",
    )
    .label("`equals`, `differs`, `contains`, `lacks` or `matches` is missing")
    .help("write `{ value: \"${vars.mode}\", equals: fast }`")
}

/// `inside` is the target in which the second key can be.
fn target_twice(name: &str, first: Span, second: Span, inside: Option<&Node>) -> Problem {
    let help = match inside.map(|node| &node.kind) {
        Some(Kind::Mapping(_)) => {
            format!("move it inside: `target: {{ …, {name}: … }}`, or remove one of the two")
        }
        _ => "remove one of the two".to_owned(),
    };
    Problem::new(
        Code::TwoLooks,
        second,
        format!("`{name}` belongs to a target, and `target` already has one"),
    )
    .label("a second target")
    .related(first, "the first")
    .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_at_the_end_do_not_count() {
        let wanted = Pattern::Text("a".to_owned());
        assert!(Comparison::Equals.holds("a\n", &wanted));
        assert!(Comparison::Contains.holds("cat\n", &wanted));
        assert!(Comparison::Lacks.holds("dog", &wanted));
        let regex = Pattern::parse("/^c.t$/").unwrap();
        assert!(Comparison::Matches.holds("cat\n", &regex));
    }
}
