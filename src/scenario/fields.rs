//! Reading mappings whose fields are declared as data.

use super::{
    node::{Kind, Node, Pair},
    problem::{Code, Problem, nearest, shown, these_of, ticked},
    reader::Reader,
    shape::{Field, Shape},
    source::{Source, Span, Spanned},
};

/// Declares a verb's fields once, for its struct, its shape and its reading. A line is
/// the struct's field, whether it is `required`, `optional` or a `list` that is empty
/// where nothing is written, what reads it, and its place in the language.
macro_rules! fields {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident of $owner:literal {
            $(
                $(#[$doc:meta])*
                $field:ident: $Type:ty = $how:ident $read:expr, $spec:expr;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $Name {
            $($(#[$doc])* pub $field: $Type,)*
        }

        impl $Name {
            const SHAPE: $crate::scenario::shape::Shape = $crate::scenario::shape::Shape::of_verb(
                $owner,
                &[$($crate::scenario::fields::fields!(@spec $how $spec)),*],
            );

            fn read(
                reader: &mut $crate::scenario::reader::Reader,
                fields: &$crate::scenario::fields::Fields<'_>,
            ) -> Option<Self> {
                $(let $field = fields.read(reader, &$spec, $read);)*
                Some(Self {
                    $($field: $crate::scenario::fields::fields!(@take $how $field),)*
                })
            }
        }
    };
    (@spec required $spec:expr) => { $spec.required() };
    (@spec $how:ident $spec:expr) => { $spec };
    (@take required $value:ident) => { $value? };
    (@take optional $value:ident) => { $value };
    (@take list $value:ident) => { $value.unwrap_or_default() };
}
pub(super) use fields;

/// A mapping whose keys were compared with a [`Shape`].
pub(super) struct Fields<'n> {
    shape: &'static Shape,
    pairs: &'n [Pair],
    /// What a value alone fills, where there is no mapping.
    short: Option<(Field, &'n Node)>,
}

impl<'n> Fields<'n> {
    /// The fields of `shape` in a mapping whose keys are known to be right, or
    /// are judged elsewhere.
    pub(super) const fn new(shape: &'static Shape, pairs: &'n [Pair]) -> Self {
        let short = None;
        Self {
            shape,
            pairs,
            short,
        }
    }

    /// A value alone, which fills a field.
    pub(super) const fn short(shape: &'static Shape, field: Field, node: &'n Node) -> Self {
        Self {
            shape,
            pairs: &[],
            short: Some((field, node)),
        }
    }

    /// Reads a field if it is there. A value alone is called by `owner` in messages,
    /// which show the line as it is written: `press: Return`.
    pub(super) fn read<T>(
        &self,
        reader: &mut Reader,
        field: &Field,
        read: impl FnOnce(&mut Reader, &Node, &Field) -> Option<T>,
    ) -> Option<T> {
        match &self.short {
            Some((short, node)) if short.name == field.name => {
                let owner = self.shape.owner.trim_matches('`');
                read(reader, node, &field.named(owner))
            }
            Some(_) => None,
            None => read(reader, self.find(field.name)?, field),
        }
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
                let problem = self.unknown_key(shape, key, value, near);
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
    let pairs = fields.pairs;
    let there = move |name: &str| pairs.iter().any(|(key, _)| key.value == name);
    fields.shape.required().filter(move |name| !there(name))
}

impl Reader {
    fn unknown_key(
        &self,
        shape: &Shape,
        key: &Spanned<String>,
        value: &Node,
        near: Option<&str>,
    ) -> Problem {
        let source = &self.source;
        let name = ticked(&key.value);
        let names = shape.fields.iter().map(|field| field.name);
        let problem = Problem::new(
            Code::UnknownKey,
            key.span,
            format!("{} has no key {name}", shape.owner),
        );
        let known = these_of("its", "key", names);
        match near {
            Some(near) => problem
                .label(format!("did you mean `{near}`?"))
                .help(format!("write `{}`; {known}", mended(source, near, value))),
            None if shape.is_of_verb && self.beside.field(&key.value).is_some() => {
                let line = mended(source, &key.value, value);
                problem
                    .label("this key belongs next to the verb, not inside it")
                    .help(format!(
                        "write `{line}` on its own line, aligned with the first letter of the verb"
                    ))
            }
            None => problem.label("unknown key").help(known),
        }
    }
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
    let message = format!("{} needs `{}`", shape.owner, field.name);
    Problem::new(Code::MissingKey, span, message)
        .label(format!("`{}` is missing", field.name))
        .help(format!("add `{}` ({})", field.line(), field.doc))
}

fn no_mapping(node: &Node, shape: &Shape) -> Problem {
    let message = format!("{} must be a mapping, not {}", shape.owner, node.describe());
    let required = shape.fields.iter().filter(|field| field.required);
    let mut example: Vec<String> = required.map(Field::line).collect();
    if example.is_empty() {
        example.extend(shape.fields.first().map(Field::line));
    }
    let example = example.join(", ");
    Problem::new(Code::WrongType, node.span, message)
        .label("expected a mapping")
        .help(format!("write its keys with their values: {{ {example} }}"))
}
