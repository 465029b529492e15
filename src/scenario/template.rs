//! Interpolation: `${scope.name}`, `${scope.name:-default}`, and `$${` for the
//! characters themselves.
//!
//! The value of a name is not known here. A value with a name in it is kept as it is written, with
//! the field that it fills, so that it can be read by the same rules once the names are known.

use super::{
    node::{Node, Scalar},
    notation::{Notation, Word},
    problem::list,
    problem::{Code, Problem, nearest, shown, ticked},
    shape::Field,
    source::{Source, Span, Spanned},
};

/// A text with names in it.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Its parts, in order.
    pub pieces: Vec<Piece>,
}

/// A part of a [`Template`].
#[derive(Clone, Debug)]
pub enum Piece {
    /// Characters as they are.
    Plain(String),
    /// A name for some.
    Reference(Reference),
}

/// A name for a text.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Where the name is to be looked up; `None` is the entry of a loop.
    pub scope: Option<Scope>,
    /// The name.
    pub name: String,
    /// The default, if there is no such name.
    pub default: Option<String>,
    /// Where it is written, `${` and `}` included.
    pub span: Span,
}

/// Where a name is looked up.
#[derive(
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "lowercase")]
pub enum Scope {
    /// `vars` of the scenario.
    Vars,
    /// Variables of the environment that Deskhand was started in.
    Env,
    /// `secrets` of the scenario.
    Secrets,
    /// The row of the `matrix`.
    Matrix,
    /// What earlier steps have captured.
    Captured,
}

impl Scope {
    /// Every scope.
    pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A value that is known, or will be once its names are.
#[derive(Clone, Debug)]
pub enum Value<T> {
    /// The value.
    Known(T),
    /// Names have to be looked up first.
    Open(Box<Open>),
}

impl<T> Value<T> {
    /// The value, if nothing has to be looked up for it.
    pub(crate) const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Open(_) => None,
        }
    }
}

/// What is known of a value before its names are looked up.
#[derive(Clone, Debug)]
pub struct Open {
    /// As it is written.
    pub template: Template,
    /// The field that it fills.
    pub field: Field,
}

/// A value where it is written.
pub(crate) type Val<T> = Spanned<Value<T>>;

/// A text where it is written.
pub(crate) type Txt = Spanned<Template>;

impl Open {
    /// Reads the value now that its names are looked up, by the same rules as
    /// one that is written out.
    ///
    /// # Errors
    ///
    /// What is wrong with `text`.
    pub fn read<T: Notation>(&self, text: &str, span: Span) -> Result<T, Problem> {
        T::read(&Word {
            text,
            plain: true,
            span,
            field: &self.field,
        })
    }
}

impl Template {
    /// The text itself, if there is no name in it.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match &self.pieces[..] {
            [] => Some(""),
            [Piece::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether nothing, or nothing but blanks, is written.
    pub(super) fn is_blank(&self) -> bool {
        self.known().is_some_and(|text| text.trim().is_empty())
    }

    /// The text without blanks around it.
    pub(super) fn trimmed(mut self) -> Self {
        if let Some(Piece::Plain(first)) = self.pieces.first_mut() {
            *first = first.trim_start().to_owned();
        }
        if let Some(Piece::Plain(last)) = self.pieces.last_mut() {
            *last = last.trim_end().to_owned();
        }
        self
    }

    /// The names in it.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Reference(reference) => Some(reference),
            Piece::Plain(_) => None,
        })
    }
}

impl From<String> for Template {
    fn from(text: String) -> Self {
        Self {
            pieces: vec![Piece::Plain(text)],
        }
    }
}

/// The template of a scalar; a problem where `${` does not begin a name.
pub(super) fn parse(source: &Source, node: &Node, scalar: &Scalar) -> Result<Template, Problem> {
    let text = scalar.text.as_str();
    if !text.contains("${") {
        return Ok(Template::from(text.to_owned()));
    }
    let mut pieces = Vec::new();
    let (mut plain, mut rest) = (String::new(), text);
    let mut finder = Finder {
        source,
        within: node.span,
        from: 0,
    };
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            plain.push_str(&rest[..at - 1]);
            plain.push_str("${");
            rest = &rest[at + 2..];
            finder.skip("$${");
            continue;
        }
        plain.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('}') else {
            return Err(unclosed(finder.find(&rest[at..]), &rest[at..]));
        };
        let written = &rest[at..=at + end];
        let span = finder.find(written);
        if !plain.is_empty() {
            pieces.push(Piece::Plain(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Reference(reference(written, span)?));
        rest = &rest[at + end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    Ok(Template { pieces })
}

/// Finds where in the file a part of a scalar is written, one after another.
struct Finder<'a> {
    source: &'a Source,
    within: Span,
    from: usize,
}

impl Finder<'_> {
    fn skip(&mut self, part: &str) {
        self.find(part);
    }

    /// The whole scalar where its escapes or line ends hide the part.
    fn find(&mut self, part: &str) -> Span {
        let text = self.source.slice(self.within);
        let Some(at) = text.get(self.from..).and_then(|rest| rest.find(part)) else {
            return self.within;
        };
        let start = self.within.start + self.from + at;
        self.from += at + part.len();
        Span::new(start..start + part.len())
    }
}

fn reference(written: &str, span: Span) -> Result<Reference, Problem> {
    let inner = &written[2..written.len() - 1];
    let (path, default) = match inner.split_once(":-") {
        Some((path, default)) => (path, Some(default.to_owned())),
        None => (inner, None),
    };
    let (scope, name) = match path.split_once('.') {
        Some((scope, name)) => (Some(scope), name),
        None => (None, path),
    };
    if !is_name(name) {
        return Err(bad_name(written, name, span));
    }
    let scope = scope.map(|word| {
        let mut all = Scope::ALL.iter().copied();
        all.find(|scope| scope.name() == word)
            .ok_or_else(|| unknown_scope(word, name, span))
    });
    Ok(Reference {
        scope: scope.transpose()?,
        name: name.to_owned(),
        default,
        span,
    })
}

/// Whether a word can stand after a scope's dot.
pub(super) fn is_name(word: &str) -> bool {
    let inner = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    !word.is_empty() && word.chars().all(inner)
}

fn problem(span: Span, message: impl Into<String>) -> Problem {
    Problem::new(Code::BadInterpolation, span, message)
}

fn unclosed(span: Span, written: &str) -> Problem {
    let name: String = written[2..]
        .chars()
        .take_while(|char| char.is_alphanumeric() || matches!(char, '.' | '_' | '-'))
        .collect();
    problem(span, "this `${` is never closed")
        .label("a `}` is missing")
        .help(format!(
            "write `${{{}}}`, or `$${{` for the characters `${{`",
            shown(&name, 40)
        ))
}

fn bad_name(written: &str, name: &str, span: Span) -> Problem {
    let problem = problem(span, format!("{} is not a valid name", ticked(written)))
        .label("expected a scope, a dot, and a name of letters, digits, `-` and `_`");
    let mended = written.replace(' ', "");
    if mended != written && is_name(name.trim()) {
        return problem.help(format!("remove the spaces: `{}`", shown(&mended, 40)));
    }
    problem.help("write `${vars.name}` or `${env.NAME:-default}`, or `$${` for the characters `${`")
}

fn unknown_scope(word: &str, name: &str, span: Span) -> Problem {
    let names = || Scope::ALL.iter().map(|scope| scope.name());
    let problem = problem(span, format!("there is no scope {}", ticked(word)));
    match nearest(word, names()) {
        Some(near) => problem
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `${{{near}.{}}}`", shown(name, 40))),
        None => problem
            .label("unknown scope")
            .help(format!("the scopes are {}", list(names()))),
    }
}
