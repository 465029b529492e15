//! Where to point, as a scenario writes it: one grammar for every verb.
//!
//! Each kind of target has a file of its own and a row in the table of kinds, which
//! says which keys go with it; what narrows the search (`in`, `nth` and the like) is the
//! same for all and is read here.

mod all;
mod any;
mod image;
mod kind;
mod position;
mod relation;
mod text;
mod widget;
mod window;

use self::{
    image::{IGNORE_BACKGROUND, THRESHOLD},
    kind::{KINDS, LOOK_FIELDS, OF_SOME, OfSome, TargetKind, looks_in_words},
    relation::DISTANCE,
};
pub(crate) use self::{
    kind::Look,
    position::{Pointed, PositionWritten},
    relation::Relations,
    widget::{WidgetLook, WidgetStates},
    window::WindowLook,
};
pub(super) use self::{
    kind::{LOOKS, looks_with},
    relation::{OF_A_SIDE, RELATIONS},
    widget::OF_A_WIDGET,
};
pub use self::{relation::Side, window::WINDOW};
use super::{
    fields::Fields,
    node::{Kind, Node},
    problem::{Code, Problem, shown},
    reader::{Reader, not_of_type},
    screen::RectWritten,
    shape::{Field, Form, Shape, joined},
    source::{Span, Spanned},
    template::{Txt, Val, Value},
};

/// Something to point at.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it is written.
    pub span: Span,
    /// What to look for.
    pub look: Look,
    /// Where to look for it.
    pub within: Option<Within>,
    /// Where it lies relative to other targets.
    pub relations: Relations,
    /// Which one of several, from 1.
    pub nth: Option<Val<u32>>,
    /// Added to the middle of what is found.
    pub offset: Option<[Val<i32>; 2]>,
    /// From which score on a place of a picture counts, 0 to 1.
    pub threshold: Option<Val<f64>>,
    /// Whether the background of a picture does not count.
    pub ignore_background: Option<Val<bool>>,
}

impl Target {
    /// Whether it is only a place, which is always there.
    #[must_use]
    pub fn is_place(&self) -> bool {
        match &self.look {
            Look::Position(PositionWritten::Pixel(_)) => true,
            Look::Position(PositionWritten::Word(word)) => {
                matches!(word.value, Value::Known(Pointed::Share { .. }))
            }
            _ => false,
        }
    }
}

/// The place in which a target is looked for.
#[derive(Clone, Debug)]
pub enum Within {
    /// A region, or a target, of this name.
    Named(Txt),
    /// A rectangle.
    Rect(RectWritten),
    /// The area of another target.
    Target(Box<Target>),
}

const OFFSET_EXAMPLE: &str = "[0, 20]";

const IN: Field = Field::new(
    "in",
    Form::Within,
    "a region or a target",
    "{ window: /Save As/ }",
    "where to look: a region, or the area of another target",
);

const NTH: Field = Field::new(
    "nth",
    Form::Integer {
        least: 1,
        most: 1000,
    },
    "a whole number from 1 to 1000",
    "2",
    "which match to use, counted from the top left, or from the nearest one where it is next to \
     another target",
);

const OFFSET: Field = Field::new(
    "offset",
    Form::Offset,
    "a list of two whole numbers",
    OFFSET_EXAMPLE,
    "pixels to add to the middle of the match",
);

/// How many keys a target may have in addition to the one that says what to look for.
const BESIDE: usize = OF_A_WIDGET.len() + RELATIONS.len() + 5;

/// The keys of a target.
pub(super) const FIELDS: [Field; KINDS.len() + BESIDE] = joined(&[
    &LOOK_FIELDS,
    &OF_A_WIDGET,
    &[IN],
    &RELATIONS,
    &[NTH, OFFSET, THRESHOLD, IGNORE_BACKGROUND],
]);

/// Those that may stand among other keys, where something is looked for: all but
/// `position`, which comes first, and `offset`.
pub(super) const AMONG_OTHERS: [Field; KINDS.len() + BESIDE - 2] = joined(&[
    LOOK_FIELDS.split_at(1).1,
    &OF_A_WIDGET,
    &[IN],
    &RELATIONS,
    &[NTH, THRESHOLD, IGNORE_BACKGROUND],
]);

/// A target as a mapping.
pub static TARGET: Shape = Shape::new("a target", &FIELDS);

/// The same as one of several that appear together, but not the first.
pub static TOGETHER: Shape = Shape::new(
    "an entry of `all`",
    &joined::<{ FIELDS.len() + 1 }>(&[&FIELDS, &[relation::AT]]),
);

/// The key that only such a target has.
pub static PLACE_TOGETHER: Shape = Shape::new("an entry of `all`", &[relation::AT]);

/// Whether a text could be the name of a target: a word that is not already
/// one of the values of YAML.
pub(super) fn is_name(text: &str) -> bool {
    let inner = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.');
    let value = ["true", "false", "null"]
        .iter()
        .any(|value| text.eq_ignore_ascii_case(value));
    text.starts_with(char::is_alphabetic) && text.chars().all(inner) && !value
}

impl Reader {
    /// A target in any of its forms.
    pub(super) fn target(&mut self, node: &Node, field: &Field) -> Option<Target> {
        self.target_as(&TARGET, node, field)
    }

    /// The same, whose mapping is of this shape.
    fn target_as(&mut self, shape: &'static Shape, node: &Node, field: &Field) -> Option<Target> {
        let look = match &node.kind {
            Kind::Sequence(_) | Kind::Scalar(_) => Look::Position(self.position(node, field)?),
            Kind::Mapping(_) => {
                if let Some(problem) = self.position_keys(node, field) {
                    self.add(problem);
                    return None;
                }
                if let Some(problem) = self.target_in_target(node) {
                    self.add(problem);
                    return None;
                }
                let fields = self.fields(node, shape, node.span)?;
                return self.target_of(&fields, node.span);
            }
        };
        Some(Target {
            span: node.span,
            look,
            within: None,
            relations: Relations::default(),
            nth: None,
            offset: None,
            threshold: None,
            ignore_background: None,
        })
    }

    /// A target whose keys stand among others, which are judged elsewhere.
    pub(super) fn target_of(&mut self, fields: &Fields<'_>, span: Span) -> Option<Target> {
        let before = self.seen();
        let kind = self.kind(fields, span);
        let look = kind.and_then(|kind| kind.look(self, fields));
        let target = Target {
            span,
            within: fields.read(self, &IN, Self::within),
            relations: self.relations(fields),
            nth: fields.read(self, &NTH, Self::value),
            offset: fields.read(self, &OFFSET, Self::offset),
            threshold: fields.read(self, &THRESHOLD, Self::value),
            ignore_background: fields.read(self, &IGNORE_BACKGROUND, Self::value),
            look: look?,
        };
        let kind = kind?;
        self.check_relations(fields, &target, kind.takes(DISTANCE.name));
        for OfSome {
            fields: keys,
            strange,
        } in &OF_SOME
        {
            let mut others = keys.iter().filter(|key| !kind.takes(key.name));
            if let Some((key, _)) = others.find_map(|key| fields.pair(key.name)) {
                self.add(strange(key));
            }
        }
        (self.seen() == before).then_some(target)
    }

    /// The kind of a target, by the one key that says so.
    fn kind(&mut self, fields: &Fields<'_>, span: Span) -> Option<&'static TargetKind> {
        let mut written: Vec<_> = LOOKS.iter().filter_map(|name| fields.pair(name)).collect();
        written.sort_by_key(|(key, _)| key.span.start);
        let mut written = written.into_iter();
        let Some((first, _)) = written.next() else {
            self.add(no_look(span));
            return None;
        };
        if let Some((second, _)) = written.next() {
            self.add(two_looks(first, second));
            return None;
        }
        KINDS.iter().find(|kind| kind.field.name == first.value)
    }

    /// A list with something in it.
    fn filled(&mut self, node: &Node, field: &Field) -> Option<()> {
        if matches!(&node.kind, Kind::Sequence(items) if items.is_empty()) {
            self.add(not_of_type(node, field, field.example));
            return None;
        }
        Some(())
    }

    fn within(&mut self, node: &Node, field: &Field) -> Option<Within> {
        if let Kind::Mapping(pairs) = &node.kind {
            let is_rect = |key: &str| matches!(key, "x" | "y" | "width" | "height");
            if pairs.iter().any(|(key, _)| is_rect(&key.value)) {
                return self.rect(node, node.span).map(Within::Rect);
            }
            let target = self.target(node, field)?;
            return Some(Within::Target(Box::new(target)));
        }
        self.line(node, field).map(Within::Named)
    }

    /// `{ target: save, offset: [0, 20] }`, which is near at hand.
    fn target_in_target(&self, node: &Node) -> Option<Problem> {
        let Kind::Mapping(pairs) = &node.kind else {
            return None;
        };
        let (key, named) = pairs.iter().find(|(key, _)| key.value == "target")?;
        let name = shown(self.source.slice(self.source.first_line_of(named.span)), 40);
        let help = if pairs.len() == 1 {
            format!("write `{name}` alone")
        } else {
            format!("write `{{ any: [{name}], … }}` with the other keys next to `any`")
        };
        Some(
            Problem::new(Code::UnknownKey, key.span, "a target has no key `target`")
                .label("this is already inside a target")
                .help(help),
        )
    }
}

fn no_look(span: Span) -> Problem {
    Problem::new(
        Code::MissingKey,
        span,
        "this target does not say what to look for",
    )
    .label(format!("one of {} is missing", looks_in_words()))
    .help(
        "write `{ role: button, name: Save }`, `{ text: Save }`, `{ image: images/save.png }` or \
           `{ window: /Save/ }`",
    )
}

fn two_looks(first: &Spanned<String>, second: &Spanned<String>) -> Problem {
    let message = format!(
        "this target has both `{}` and `{}`",
        first.value, second.value
    );
    Problem::new(Code::TwoLooks, second.span, message)
        .label("only one of the two is allowed")
        .related(first.span, "the target already has this")
        .help(format!(
            "for one or the other, write `any: [{{ {}: … }}, {{ {}: … }}]`; to look for one \
             inside the other, use `in: {{ … }}`",
            first.value, second.value
        ))
}
