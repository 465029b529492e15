//! Typed readers: each takes a node and the field that it fills, and gives the
//! value or adds a problem.
//!
//! No reader stops the others. If one returns nothing, a problem was added, so the value's step is
//! left out and the rest is still read.

use std::sync::Arc;

use super::{
    node::{Kind, Node, Scalar},
    notation::{Notation, Word, wrong_type, wrong_type_of},
    problem::{Code, Findings, Problem, shown, ticked},
    shape::{Field, Shape},
    source::{Source, Span, Spanned},
    template::{self, Open, Template, Txt, Val, Value},
    value,
};

/// Reads nodes of one source and collects their problems.
pub(super) struct Reader {
    /// The text that contains the nodes.
    pub(super) source: Arc<Source>,
    /// What may be written next to every verb, for those who write it inside.
    pub(super) beside: &'static Shape,
    findings: Findings,
}

impl Reader {
    pub(super) fn new(source: &Arc<Source>, beside: &'static Shape, findings: Findings) -> Self {
        Self {
            source: Arc::clone(source),
            beside,
            findings,
        }
    }

    pub(super) fn add(&mut self, problem: Problem) {
        self.findings.add(problem);
    }

    /// How many problems were met so far. A reader of several values compares
    /// it before and after, to know whether all of them are right.
    pub(super) const fn seen(&self) -> usize {
        self.findings.seen()
    }

    pub(super) fn is_full(&self) -> bool {
        self.findings.is_full()
    }

    pub(super) fn finish(self) -> Findings {
        self.findings
    }

    /// A value of some notation, or names that have to be looked up for it.
    pub(super) fn value<T: Notation>(&mut self, node: &Node, field: &Field) -> Option<Val<T>> {
        let scalar = self.scalar(node, field)?;
        if value::has_interpolation(&scalar.text) {
            let template = self.template(node, scalar)?;
            let open = Open {
                template: template.trimmed(),
                field: *field,
            };
            return Some(Spanned::new(Value::Open(Box::new(open)), node.span));
        }
        let read = T::read(&Word {
            text: &scalar.text,
            plain: scalar.plain,
            span: node.span,
            field,
        });
        match read {
            Ok(value) => Some(Spanned::new(Value::Known(value), node.span)),
            Err(problem) => {
                self.add(problem);
                None
            }
        }
    }

    /// A text, as it is written: `007`, `no` and `~` are texts here.
    pub(super) fn text(&mut self, node: &Node, field: &Field) -> Option<Txt> {
        let scalar = self.scalar(node, field)?;
        let template = self.template(node, scalar)?;
        Some(Spanned::new(template, node.span))
    }

    /// A text that is not empty.
    pub(super) fn filled_text(&mut self, node: &Node, field: &Field) -> Option<Txt> {
        let text = self.text(node, field)?;
        if text.value.is_blank() {
            self.add(missing_value(&self.source, node, field));
            return None;
        }
        Some(text)
    }

    /// A text of one line that is not empty: a name.
    pub(super) fn line(&mut self, node: &Node, field: &Field) -> Option<Txt> {
        let text = self.filled_text(node, field)?;
        let trimmed = text.value.trimmed();
        let several = trimmed
            .pieces
            .iter()
            .any(|piece| matches!(piece, template::Piece::Plain(text) if text.contains('\n')));
        if several {
            let message = format!("`{}` has to be a single line", field.name);
            let written = match &node.kind {
                Kind::Scalar(scalar) => scalar.text.trim().replace('\n', " "),
                _ => String::new(),
            };
            self.add(
                Problem::new(Code::WrongType, node.span, message)
                    .label("this text has several lines")
                    .help(format!("write `{}: {}`", field.name, shown(&written, 60))),
            );
            return None;
        }
        Some(Spanned::new(trimmed, text.span))
    }

    /// A text of one line without `${…}`.
    pub(super) fn known_line(&mut self, node: &Node, field: &Field) -> Option<Spanned<String>> {
        let line = self.line(node, field)?;
        if let Some(known) = line.value.known() {
            return Some(Spanned::new(known.to_owned(), line.span));
        }
        let message = format!("`{}` cannot contain `${{…}}`", field.name);
        self.add(
            Problem::new(Code::NotKnownYet, node.span, message)
                .label("names are not replaced here")
                .help(format!("write `{}`", field.line())),
        );
        None
    }

    /// The entries of a list, each by `read`; all of them are read before one
    /// that is bad spoils the list.
    pub(super) fn entries<T>(
        &mut self,
        node: &Node,
        field: &Field,
        mut read: impl FnMut(&mut Self, &Node, &Field) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = self.list(node, field)?;
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            if self.is_full() {
                return None;
            }
            entries.push(read(self, item, field));
        }
        entries.into_iter().collect()
    }

    /// The entries of a list; a value alone is a problem that shows the list.
    pub(super) fn list<'n>(&mut self, node: &'n Node, field: &Field) -> Option<&'n [Node]> {
        if let Kind::Sequence(items) = &node.kind {
            return Some(items);
        }
        let problem = match &node.kind {
            Kind::Scalar(_) if node.is_nothing() => missing_value(&self.source, node, field),
            Kind::Scalar(scalar) => {
                not_of_type(node, field, &format!("[{}]", shown(&scalar.text, 40)))
            }
            _ => not_of_type(node, field, field.example),
        };
        self.add(problem);
        None
    }

    /// Names with a value each, by `read`.
    pub(super) fn table<T>(
        &mut self,
        node: &Node,
        field: &Field,
        mut read: impl FnMut(&mut Self, &Spanned<String>, &Node) -> Option<T>,
    ) -> Option<Vec<(Spanned<String>, T)>> {
        let Kind::Mapping(pairs) = &node.kind else {
            let problem = if node.is_nothing() {
                missing_value(&self.source, node, field)
            } else {
                not_of_type(node, field, field.example)
            };
            self.add(problem);
            return None;
        };
        let mut entries = Vec::with_capacity(pairs.len());
        for (name, value) in pairs {
            if self.is_full() {
                return None;
            }
            let value = read(self, name, value);
            entries.extend(value.map(|value| (name.clone(), value)));
        }
        Some(entries)
    }

    /// Names with their texts. A text that other readers of YAML take for
    /// something else is worth a warning.
    pub(super) fn texts(&mut self, node: &Node, field: &Field) -> Option<Vec<Named>> {
        let entry = Field {
            takes: "a text",
            example: "text",
            ..*field
        };
        self.table(node, field, |reader, name, value| {
            reader.named_entry(name, value, &entry)
        })
    }

    /// The text of a name that somebody has chosen, which a problem names.
    pub(super) fn named_entry(
        &mut self,
        name: &Spanned<String>,
        node: &Node,
        field: &Field,
    ) -> Option<Txt> {
        if !matches!(node.kind, Kind::Scalar(_)) {
            let (span, described) = (node.span, node.describe());
            let meant = field.example;
            self.add(wrong_type_of(&name.value, field, span, &described, meant));
            return None;
        }
        self.entry(node, field)
    }

    /// A text where other kinds of value could stand as well.
    pub(super) fn entry(&mut self, node: &Node, field: &Field) -> Option<Txt> {
        self.warn_ambiguous(node);
        self.text(node, field)
    }

    /// Warns where a reader of YAML may see a number, a date or a truth value
    /// in what is a text here.
    fn warn_ambiguous(&mut self, node: &Node) {
        let Kind::Scalar(scalar) = &node.kind else {
            return;
        };
        let Some(taken) = value::taken_for(&scalar.text).filter(|_| scalar.plain) else {
            return;
        };
        let written = ticked(&scalar.text);
        self.add(
            Problem::new(
                Code::AmbiguousText,
                node.span,
                format!("{written} is text here, but other programs read it as {taken}"),
            )
            .label("not in quotes")
            .help(format!(
                "write `\"{}\"`, which every program reads as text",
                shown(&scalar.text, 40)
            )),
        );
    }

    fn template(&mut self, node: &Node, scalar: &Scalar) -> Option<Template> {
        match template::parse(&self.source, node, scalar) {
            Ok(template) => Some(template),
            Err(problem) => {
                self.add(problem);
                None
            }
        }
    }

    /// The scalar in a field, whatever its type; nothing written is a problem
    /// for every type.
    pub(super) fn scalar<'n>(&mut self, node: &'n Node, field: &Field) -> Option<&'n Scalar> {
        let Kind::Scalar(scalar) = &node.kind else {
            self.add(not_of_type(node, field, field.example));
            return None;
        };
        if node.is_nothing() {
            self.add(missing_value(&self.source, node, field));
            return None;
        }
        Some(scalar)
    }
}

/// A name with its text.
pub(crate) type Named = (Spanned<String>, Txt);

pub(super) fn not_of_type(node: &Node, field: &Field, meant: &str) -> Problem {
    wrong_type(field, node.span, &node.describe(), meant)
}

/// The problem of a key without a value. A `#` after a blank begins a comment, which may have
/// swallowed the value.
pub(super) fn missing_value(source: &Source, node: &Node, field: &Field) -> Problem {
    let message = format!("`{}` has no value", field.name);
    let problem = Problem::new(Code::MissingValue, node.span, message)
        .label(format!("expected {} after it", field.takes));
    let line = source.line_range(source.position(node.span.start).0);
    let rest = Span::new(node.span.end().min(line.end)..line.end);
    match source
        .slice(rest)
        .trim_start_matches(':')
        .trim()
        .strip_prefix('#')
    {
        Some(comment) => problem.help(format!(
            "` #` begins a comment; if it is part of the value, write `{}: \"#{}\"`",
            field.name,
            shown(comment, 40)
        )),
        None => problem.help(format!("write `{}`", field.line())),
    }
}
