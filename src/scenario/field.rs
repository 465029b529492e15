//! The fields of the language as data, and the reading of mappings that have
//! them.
//!
//! A field's name, kind, words and example stand once, in a table; the reader,
//! the messages, the schema for editors and the reference take them from there.

use super::{
    modifier::MODIFIERS,
    node::{Kind, Node, Pair},
    problem::{Code, Problem, nearest, shown, ticked},
    reader::Reader,
    source::{Source, Span, Spanned},
    verb::VERBS,
};

/// One named value of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What kind of value it takes, for programs.
    pub form: Form,
    /// The same for people, with its article: `a duration`.
    pub takes: &'static str,
    /// A right value, as YAML in one line.
    pub example: &'static str,
    /// What it is for, in one sentence without a dot.
    pub doc: &'static str,
}

/// The kinds of value that a field takes.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Any scalar, as it is written.
    Text,
    /// A scalar of one line with something in it.
    Line,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer {
        /// The smallest.
        least: i64,
        /// The largest.
        most: i64,
    },
    /// `500ms`.
    Duration,
    /// `10%`.
    Percentage,
    /// `1280x800`.
    Size,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// The status of a command, or `any`.
    ExitCode,
    /// The name of a key.
    Key,
    /// Keys with `+` between them, or a list of keys.
    Chord,
    /// A list of keys.
    Keys,
    /// A list of lines.
    Lines,
    /// A list of languages.
    Languages,
    /// A list of texts.
    Texts,
    /// A path, or a list of them.
    Paths,
    /// Names with their texts.
    Variables,
    /// The same; a name without a text has to be given by whoever uses the file.
    Inputs,
    /// `[x, y]`, in pixels.
    Offset,
    /// `[x, y]` or `50%,50%`.
    Position,
    /// Something to point at.
    Target,
    /// A list of targets.
    TargetList,
    /// Something that a target is looked for in.
    Within,
    /// What a window is known by.
    Window,
    /// A region's name or a rectangle.
    Area,
    /// A list of areas.
    Areas,
    /// What a text has to be like.
    Check,
    /// What decides about a step or a block.
    Condition,
    /// Names with their rectangles.
    RegionTable,
    /// Names with their targets.
    TargetTable,
    /// Rows of names and values.
    Matrix,
    /// A list of steps.
    Steps,
    /// A mapping of these fields.
    Mapping(&'static Shape),
    /// A mapping of these fields, or a scalar that fills the one of that name.
    Short(&'static Shape, &'static str),
}

impl Field {
    /// A field called `name`.
    #[must_use]
    pub const fn new(
        name: &'static str,
        form: Form,
        takes: &'static str,
        example: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            form,
            takes,
            example,
            doc,
        }
    }

    /// Key and example: `timeout: 10s`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}: {}", self.name, self.example)
    }

    /// The same under another name, as where a verb's word stands for its
    /// first field.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

/// The fields that some mapping may have.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What has them, for messages: `` `click` ``.
    pub owner: &'static str,
    /// The fields.
    pub fields: &'static [Field],
    /// Those that must be there.
    pub required: &'static [&'static str],
}

impl Shape {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A mapping whose keys were held against a [`Shape`].
pub(super) struct Fields<'n> {
    shape: &'static Shape,
    pairs: &'n [Pair],
}

impl<'n> Fields<'n> {
    /// The fields of `shape` in a mapping whose keys are known to be right, or
    /// are judged elsewhere.
    pub(super) const fn new(shape: &'static Shape, pairs: &'n [Pair]) -> Self {
        Self { shape, pairs }
    }

    /// Reads the field `name` if it is there.
    pub(super) fn read<T>(
        &self,
        reader: &mut Reader,
        name: &str,
        read: impl FnOnce(&mut Reader, &Node, &Field) -> Option<T>,
    ) -> Option<T> {
        read(reader, self.find(name)?, self.shape.field(name)?)
    }

    /// The value of a key.
    pub(super) fn find(&self, name: &str) -> Option<&'n Node> {
        self.pair(name).map(|(_, node)| node)
    }

    /// A key with its value.
    pub(super) fn pair(&self, name: &str) -> Option<&'n Pair> {
        self.pairs.iter().find(|(key, _)| key.value == name)
    }
}

impl Reader {
    /// Holds a mapping's keys against the fields that it may and must have;
    /// a missing one is told at `span`.
    pub(super) fn fields<'n>(
        &mut self,
        node: &'n Node,
        shape: &'static Shape,
        span: Span,
    ) -> Option<Fields<'n>> {
        let Kind::Mapping(pairs) = &node.kind else {
            self.add(no_mapping(node, shape));
            return None;
        };
        let mut misspelt = Vec::new();
        for (key, value) in pairs {
            if self.is_full() {
                break;
            }
            if shape.field(&key.value).is_none() && !is_half_of_position(key, value) {
                let names = shape.fields.iter().map(|field| field.name);
                let near = nearest(&key.value, names);
                misspelt.extend(near);
                let problem = unknown_key(&self.source, (key, value), shape, near);
                self.add(problem);
            }
        }
        let fields = Fields::new(shape, pairs);
        for name in missing(&fields) {
            // A key that is misspelt is not missing as well.
            if !misspelt.contains(&name)
                && let Some(field) = shape.field(name)
            {
                self.add(missing_key(shape, field, span));
            }
        }
        Some(fields)
    }

    /// Adds a problem for each field that must be there and is not.
    pub(super) fn require(&mut self, fields: &Fields<'_>, span: Span) {
        for name in missing(fields) {
            if let Some(field) = fields.shape.field(name) {
                self.add(missing_key(fields.shape, field, span));
            }
        }
    }
}

/// Whether a key is what a comma has cut off: `{ target: 50%,50% }`, which is
/// told at the half before it.
fn is_half_of_position(key: &Spanned<String>, value: &Node) -> bool {
    value.is_nothing() && super::value::percentage(key.value.trim()).is_ok()
}

/// The names of the fields that must be there and are not.
fn missing<'n>(fields: &Fields<'n>) -> impl Iterator<Item = &'static str> + use<'n> {
    let (required, pairs) = (fields.shape.required, fields.pairs);
    let there = move |name: &str| pairs.iter().any(|(key, _)| key.value == name);
    required.iter().copied().filter(move |name| !there(name))
}

fn unknown_key(
    source: &Source,
    (key, value): (&Spanned<String>, &Node),
    shape: &Shape,
    near: Option<&str>,
) -> Problem {
    let name = ticked(&key.value);
    let names = shape.fields.iter().map(|field| field.name);
    let problem = Problem::new(
        Code::UnknownKey,
        key.span,
        format!("{} has no key {name}", shape.owner),
    );
    let known = format!("its keys are {}", list(names));
    match near {
        Some(near) => problem
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{}`; {known}", mended(source, near, value))),
        None if is_verb(shape) && MODIFIERS.field(&key.value).is_some() => {
            let line = mended(source, &key.value, value);
            problem
                .label("it stands beside the verb, not inside")
                .help(format!(
                    "write `{line}` on a line of its own, below the first letter of the verb"
                ))
        }
        None => problem.label("not a key of it").help(known),
    }
}

fn is_verb(shape: &Shape) -> bool {
    VERBS.iter().any(|verb| std::ptr::eq(verb.shape, shape))
}

/// A line with another key before the value that is written.
pub(super) fn mended(source: &Source, key: &str, value: &Node) -> String {
    let line = source.first_line_of(value.span);
    if value.is_nothing() {
        format!("{key}:")
    } else if line.length < value.span.length || source.slice(line).starts_with("- ") {
        format!("{key}: …")
    } else {
        format!("{key}: {}", shown(source.slice(line), 50))
    }
}

fn missing_key(shape: &Shape, field: &Field, span: Span) -> Problem {
    let message = format!("{} has no `{}`", shape.owner, field.name);
    Problem::new(Code::MissingKey, span, message)
        .label(format!("`{}` is missing", field.name))
        .help(format!("add `{}` ({})", field.line(), field.doc))
}

fn no_mapping(node: &Node, shape: &Shape) -> Problem {
    let message = format!("{} is a mapping, not {}", shape.owner, node.describe());
    let first = shape.fields.first().map_or_else(String::new, Field::line);
    Problem::new(Code::WrongType, node.span, message)
        .label("a mapping belongs here")
        .help(format!("write its keys with their values: {{ {first} }}"))
}

/// Names in backticks, with commas; not all of them where they are many.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 30;
    let mut names = names.into_iter();
    let mut first: Vec<String> = names.by_ref().take(MOST).map(ticked).collect();
    if names.next().is_some() {
        first.push("…".to_owned());
    }
    first.join(", ")
}
