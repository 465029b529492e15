//! Typed readers: each takes a node and the field that it fills, and gives the
//! value or adds a problem.
//!
//! No reader stops the others. Where one gives nothing, a problem was added,
//! so the value's step is left out and the rest is read on.

use std::{sync::Arc, time::Duration};

use super::{
    field::{Field, not_yet},
    node::{Kind, Node, Scalar},
    problem::{Code, Findings, Problem, shown, ticked},
    source::{Source, Span, Spanned},
    value,
};
use crate::geometry::Size;

/// Reads nodes of one source and collects their problems.
pub(super) struct Reader {
    /// The text that the nodes stand in.
    pub(super) source: Arc<Source>,
    findings: Findings,
}

/// The longest time that a scenario may name.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl Reader {
    pub(super) fn new(source: &Arc<Source>, findings: Findings) -> Self {
        Self {
            source: Arc::clone(source),
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

    /// A text, as it is written: `007`, `no` and `~` are texts here.
    pub(super) fn text(&mut self, node: &Node, field: &Field) -> Option<Spanned<String>> {
        let scalar = self.scalar(node, field)?;
        Some(Spanned::new(scalar.text.replace("$${", "${"), node.span))
    }

    /// A text with something in it.
    pub(super) fn filled_text(&mut self, node: &Node, field: &Field) -> Option<Spanned<String>> {
        let text = self.text(node, field)?;
        if text.value.trim().is_empty() {
            self.add(missing_value(&self.source, node, field));
            return None;
        }
        Some(text)
    }

    /// A text of one line with something in it: a name.
    pub(super) fn line(&mut self, node: &Node, field: &Field) -> Option<Spanned<String>> {
        let text = self.filled_text(node, field)?;
        let trimmed = text.value.trim();
        if trimmed.contains('\n') {
            let message = format!("`{}` is one line", field.name);
            let line = trimmed.replace('\n', " ");
            self.add(
                Problem::new(Code::WrongType, node.span, message)
                    .label("this text has several lines")
                    .help(format!("write `{}: {}`", field.name, shown(&line, 60))),
            );
            return None;
        }
        Some(Spanned::new(trimmed.to_owned(), text.span))
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, node: &Node, field: &Field) -> Option<Spanned<bool>> {
        let scalar = self.scalar(node, field)?;
        let lower = scalar.text.to_lowercase();
        let meant = match lower.as_str() {
            "true" if scalar.plain => return Some(Spanned::new(true, node.span)),
            "false" if scalar.plain => return Some(Spanned::new(false, node.span)),
            "true" | "yes" | "on" | "y" | "1" => "true",
            "false" | "no" | "off" | "n" | "0" => "false",
            _ => field.example,
        };
        self.add(wrong_type(node, field, meant));
        None
    }

    /// A whole number from `least` to `most`.
    pub(super) fn integer(
        &mut self,
        node: &Node,
        field: &Field,
        (least, most): (i64, i64),
    ) -> Option<Spanned<i64>> {
        let scalar = self.scalar(node, field)?;
        let Some(number) = value::integer(&scalar.text).filter(|_| scalar.plain) else {
            let digits = scalar.text.trim();
            let meant = value::integer(digits).map_or(field.example, |_| digits);
            self.add(wrong_type(node, field, meant));
            return None;
        };
        if (least..=most).contains(&number) {
            return Some(Spanned::new(number, node.span));
        }
        let message = format!("`{}` is {}, not {number}", field.name, field.takes);
        let nearest = number.clamp(least, most);
        self.add(
            Problem::new(Code::OutOfRange, node.span, message)
                .label(if most >= 1_000_000 {
                    format!("{least} or more")
                } else {
                    format!("{least} to {most} are allowed")
                })
                .help(format!("write `{}: {nearest}`", field.name)),
        );
        None
    }

    /// `500ms`, `3s`, `1m`.
    pub(super) fn duration(&mut self, node: &Node, field: &Field) -> Option<Spanned<Duration>> {
        let scalar = self.scalar(node, field)?;
        let name = field.name;
        let problem = match value::duration(&scalar.text) {
            Ok(duration) if duration <= LONGEST => return Some(Spanned::new(duration, node.span)),
            Ok(_) => Problem::new(
                Code::OutOfRange,
                node.span,
                format!("`{name}` is longer than a day"),
            )
            .label("at most `1440m`")
            .help(format!("write `{}`", field.line())),
            Err(meant) => {
                let written = ticked(&scalar.text);
                let message = if meant.is_some() && value::is_number(&scalar.text) {
                    format!("`{name}` has no unit: {written} of what?")
                } else {
                    format!("{written} is no duration")
                };
                let meant = meant.unwrap_or_else(|| field.example.to_owned());
                Problem::new(Code::BadDuration, node.span, message)
                    .label("a number and `ms`, `s` or `m`")
                    .help(format!("write `{name}: {}`", shown(&meant, 40)))
            }
        };
        self.add(problem);
        None
    }

    /// `10%`, as a share of 1.
    pub(super) fn percentage(&mut self, node: &Node, field: &Field) -> Option<Spanned<f64>> {
        let scalar = self.scalar(node, field)?;
        let meant = match value::percentage(&scalar.text) {
            Ok(share) => return Some(Spanned::new(share, node.span)),
            Err(meant) => meant.unwrap_or_else(|| field.example.to_owned()),
        };
        let message = format!("{} is no percentage", ticked(&scalar.text));
        self.add(
            Problem::new(Code::BadPercentage, node.span, message)
                .label("a number from 0 to 100 and `%`")
                .help(format!("write `{}: {meant}`", field.name)),
        );
        None
    }

    /// `1280x800`.
    pub(super) fn size(&mut self, node: &Node, field: &Field) -> Option<Spanned<Size>> {
        let written = match &node.kind {
            Kind::Scalar(_) => self.scalar(node, field)?.text.clone(),
            Kind::Sequence(_) | Kind::Mapping(_) => self
                .source
                .slice(self.source.first_line_of(node.span))
                .to_owned(),
        };
        match value::size(&written) {
            Some(size)
                if matches!(node.kind, Kind::Scalar(_)) && value::is_exact_size(&written) =>
            {
                Some(Spanned::new(size, node.span))
            }
            meant => {
                let meant = meant.map_or_else(|| field.example.to_owned(), |size| size.to_string());
                let message = format!("{} is no size", ticked(&written));
                self.add(
                    Problem::new(Code::BadSize, node.span, message)
                        .label("width, `x`, height, in pixels")
                        .help(format!("write `{}: {meant}`", field.name)),
                );
                None
            }
        }
    }

    /// The entries of a list; a value alone is a problem that shows the list.
    pub(super) fn list<'n>(&mut self, node: &'n Node, field: &Field) -> Option<&'n [Node]> {
        if let Kind::Sequence(items) = &node.kind {
            return Some(items);
        }
        let problem = match &node.kind {
            Kind::Scalar(_) if node.is_nothing() => missing_value(&self.source, node, field),
            Kind::Scalar(scalar) => {
                wrong_type(node, field, &format!("[{}]", shown(&scalar.text, 40)))
            }
            _ => wrong_type(node, field, field.example),
        };
        self.add(problem);
        None
    }

    /// The scalar in a field, whatever its type; nothing written, and an
    /// interpolation, are problems for every type.
    pub(super) fn scalar<'n>(&mut self, node: &'n Node, field: &Field) -> Option<&'n Scalar> {
        let Kind::Scalar(scalar) = &node.kind else {
            self.add(wrong_type(node, field, field.example));
            return None;
        };
        if node.is_nothing() {
            self.add(missing_value(&self.source, node, field));
            return None;
        }
        if let Some(written) = value::interpolation(&scalar.text) {
            let what = format!("the interpolation {}", ticked(written));
            self.add(
                not_yet(node.span, &what)
                    .help("write the value itself; for the characters `${` write `$${`"),
            );
            return None;
        }
        Some(scalar)
    }
}

fn wrong_type(node: &Node, field: &Field, meant: &str) -> Problem {
    let message = format!(
        "`{}` is {}, not {}",
        field.name,
        field.takes,
        node.describe()
    );
    Problem::new(Code::WrongType, node.span, message)
        .label(format!("{} belongs here", field.takes))
        .help(format!("write `{}: {meant}`", field.name))
}

/// The problem of a key without a value. A `#` begins a comment where a blank
/// stands before it, and has then eaten the value.
pub(super) fn missing_value(source: &Source, node: &Node, field: &Field) -> Problem {
    let message = format!("`{}` has no value", field.name);
    let problem = Problem::new(Code::MissingValue, node.span, message)
        .label(format!("{} belongs behind it", field.takes));
    let line = source.line_range(source.position(node.span.start).0);
    let rest = Span::new(node.span.end().min(line.end)..line.end);
    match source
        .slice(rest)
        .trim_start_matches(':')
        .trim()
        .strip_prefix('#')
    {
        Some(comment) => problem.help(format!(
            "` #` begins a comment; if it belongs to the value, write `{}: \"#{}\"`",
            field.name,
            shown(comment, 40)
        )),
        None => problem.help(format!("write `{}`", field.line())),
    }
}
