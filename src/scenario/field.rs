//! The fields of the language as data, and the reading of mappings that have
//! them.
//!
//! A field's name, words and example stand once, in a table; the reader, the
//! messages, and whatever documents the language, take them from there.

use super::{
    node::{Kind, Node, Pair},
    problem::{Code, Problem, nearest, shown, ticked},
    reader::Reader,
    source::{Source, Span, Spanned},
};

/// One named value of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What kind of value it takes, with its article: `a duration`.
    pub takes: &'static str,
    /// A right value, as YAML in one line.
    pub example: &'static str,
    /// What it is for, in one sentence without a dot.
    pub doc: &'static str,
}

impl Field {
    /// A field called `name`.
    #[must_use]
    pub const fn new(
        name: &'static str,
        takes: &'static str,
        example: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
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
}

/// The fields that some mapping may have.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What has them, for messages: `` `click` ``.
    pub owner: &'static str,
    /// The fields that can be played.
    pub fields: &'static [Field],
    /// Fields of the language that this version cannot play yet.
    pub later: &'static [&'static str],
}

/// A mapping whose keys were held against a [`Shape`].
pub(super) struct Fields<'n> {
    shape: &'static Shape,
    pairs: &'n [Pair],
    /// What is underlined where a key is missing.
    span: Span,
}

impl<'n> Fields<'n> {
    /// Reads the field `name` if it is there.
    pub(super) fn read<T>(
        &self,
        reader: &mut Reader,
        name: &str,
        read: impl FnOnce(&mut Reader, &Node, &Field) -> Option<T>,
    ) -> Option<T> {
        let field = self.shape.fields.iter().find(|field| field.name == name)?;
        read(reader, self.find(name)?, field)
    }

    /// Reads the field `name`; it is a problem if it is missing.
    pub(super) fn require<T>(
        &self,
        reader: &mut Reader,
        name: &str,
        read: impl FnOnce(&mut Reader, &Node, &Field) -> Option<T>,
    ) -> Option<T> {
        if self.find(name).is_none()
            && let Some(field) = self.shape.fields.iter().find(|field| field.name == name)
        {
            reader.add(missing_key(self.shape, field, self.span));
        }
        self.read(reader, name, read)
    }

    /// The value of a key.
    pub(super) fn find(&self, name: &str) -> Option<&'n Node> {
        let mut pairs = self.pairs.iter();
        pairs
            .find(|(key, _)| key.value == name)
            .map(|(_, node)| node)
    }
}

impl Reader {
    /// Holds a mapping's keys against the fields that it may have.
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
        for (key, value) in pairs {
            if self.is_full() {
                break;
            }
            self.check_key(key, value, shape);
        }
        Some(Fields { shape, pairs, span })
    }

    fn check_key(&mut self, key: &Spanned<String>, value: &Node, shape: &Shape) {
        let name = key.value.as_str();
        if shape.fields.iter().any(|field| field.name == name) {
            return;
        }
        if shape.later.contains(&name) {
            self.add(not_yet(key.span, &format!("`{name}` of {}", shape.owner)));
        } else {
            self.add(unknown_key(&self.source, key, value, shape));
        }
    }
}

fn unknown_key(source: &Source, key: &Spanned<String>, value: &Node, shape: &Shape) -> Problem {
    let name = ticked(&key.value);
    let names = shape.fields.iter().map(|field| field.name);
    let problem = Problem::new(
        Code::UnknownKey,
        key.span,
        format!("{} has no key {name}", shape.owner),
    );
    let known = format!("its keys are {}", list(names.clone()));
    match nearest(&key.value, names) {
        Some(near) => problem
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{}`; {known}", mended(source, near, value))),
        None => problem.label("not a key of it").help(known),
    }
}

/// A line with another key before the value that is written.
pub(super) fn mended(source: &Source, key: &str, value: &Node) -> String {
    let line = source.first_line_of(value.span);
    if value.is_nothing() {
        format!("{key}:")
    } else if line.length < value.span.length {
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

/// The problem of a part of the language that is planned, so that nobody looks
/// for a typing error.
pub(super) fn not_yet(span: Span, what: &str) -> Problem {
    let version = env!("CARGO_PKG_VERSION");
    let message = format!("{what} is part of the language, but this version cannot play it yet");
    Problem::new(Code::NotYet, span, message)
        .label("not yet")
        .help(format!(
            "this is Deskhand {version}; leave it out until a version can play it"
        ))
}

/// Names in backticks, with commas; not all of them where they are many.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let mut names = names.into_iter();
    let mut first: Vec<String> = names.by_ref().take(MOST).map(ticked).collect();
    if names.next().is_some() {
        first.push("…".to_owned());
    }
    first.join(", ")
}
