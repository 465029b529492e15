//! A file's content as words, lists and mappings, each with its place; the reader of a field
//! decides what kind of value a word is.

use super::{
    problem::ticked,
    source::{Span, Spanned},
};

/// A value, and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its place; for an alias, the place of the alias.
    pub(super) span: Span,
    /// Whether it is written as an alias.
    pub(super) aliased: bool,
    /// Whether it has an anchor, so that aliases may refer to it.
    pub(super) anchored: bool,
    /// Whether it is a list or a mapping between brackets.
    pub(super) flow: bool,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A text, number, word or nothing: the readers know which is wanted.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys, each once, in the order in which they are written.
    Mapping(Vec<Pair>),
}

/// A key and its value.
pub(super) type Pair = (Spanned<String>, Node);

/// A scalar as it is written, escapes and line folding done.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    /// Its text.
    pub(super) text: String,
    /// Whether it is written without quotes, in one go.
    pub(super) plain: bool,
}

impl Node {
    /// Whether nothing is written: `key:`.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(scalar) if scalar.plain && scalar.text.is_empty())
    }

    /// What it is, for a message.
    pub(super) fn describe(&self) -> String {
        match &self.kind {
            Kind::Scalar(_) if self.is_nothing() => "nothing".to_owned(),
            Kind::Scalar(scalar) if scalar.plain => ticked(&scalar.text),
            Kind::Scalar(scalar) => format!("the text {}", ticked(&scalar.text)),
            Kind::Sequence(items) if items.is_empty() => "an empty list".to_owned(),
            Kind::Sequence(_) => "a list".to_owned(),
            Kind::Mapping(pairs) if pairs.is_empty() => "an empty mapping".to_owned(),
            Kind::Mapping(_) => "a mapping".to_owned(),
        }
    }

    /// What it weighs in memory, about.
    pub(super) fn weight(&self) -> usize {
        const NODE: usize = 64;
        let inner = match &self.kind {
            Kind::Scalar(scalar) => scalar.text.len(),
            Kind::Sequence(items) => items.iter().map(Self::weight).sum(),
            Kind::Mapping(pairs) => pairs
                .iter()
                .map(|(key, value)| NODE + key.value.len() + value.weight())
                .sum(),
        };
        NODE + inner
    }
}
