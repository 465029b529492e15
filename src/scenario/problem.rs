//! What is wrong in a scenario's text: one [`Problem`] for each thing to correct.
//!
//! A problem names what was found and what is allowed, and shows the YAML that
//! would be right, if that is known. Its kind is a [`Code`], which stays the same from release to
//! release.

use std::fmt;

use super::source::{Span, is_invisible};

/// The kinds of problem. Their names are what `check --format json` prints.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(missing_docs, reason = "the names say it, and the gallery shows each")]
#[non_exhaustive]
#[derive(strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Code {
    BadText,
    TooLarge,
    EmptyFile,
    YamlSyntax,
    YamlTag,
    MergeKey,
    SeveralDocuments,
    DuplicateKey,
    UnknownKey,
    MissingKey,
    MissingValue,
    WrongType,
    WrongVersion,
    OutOfRange,
    BadDuration,
    BadPercentage,
    BadSize,
    BadPosition,
    UnknownVerb,
    NoVerb,
    TwoVerbs,
    UnknownChoice,
    UnknownKeyName,
    BadHotkey,
    BadTree,
    UntypableText,
    TwoLooks,
    BadInterpolation,
    BadRegex,
    FixedWait,
    AmbiguousText,
    NoPart,
    MissingFile,
    BadPicture,
    UseCycle,
    UnknownName,
    UnsetVariable,
    NotKnownYet,
    ExposedSecret,
    UnknownTarget,
    UnknownRegion,
    UnknownInput,
    MissingInput,
    DuplicateName,
    UnusedName,
    OutsideScreen,
    EmptyRegion,
    BadName,
    RecordingOrder,
    BaselineConflict,
}

impl Code {
    /// Every code, in the order in which reading a file meets them.
    pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Its name: `unknown-verb`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the scenario can be played nevertheless.
    #[must_use]
    pub const fn is_warning(self) -> bool {
        matches!(
            self,
            Self::UnusedName | Self::FixedWait | Self::AmbiguousText | Self::UnsetVariable
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing to correct in a scenario's text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// Its kind.
    pub code: Code,
    /// What is wrong, in one line without a dot at its end.
    pub message: String,
    /// Where.
    pub span: Span,
    /// A few words for the drawn line; may be empty.
    pub label: String,
    /// What to do, with the right YAML if that is known.
    pub help: Option<String>,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Span, String)>,
}

impl Problem {
    /// The problem that `message` says, at `span`.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: tame(message.into()),
            span,
            label: String::new(),
            help: None,
            related: Vec::new(),
        }
    }

    /// With these words at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = tame(label.into());
        self
    }

    /// With this advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(tame(help.into()));
        self
    }

    /// With another place that belongs to it.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, tame(label.into())));
        self
    }
}

/// The words of a problem quote the file, and must not contain commands to a terminal.
fn tame(words: String) -> String {
    let wild = |char: char| char != '\n' && is_invisible(char);
    if words.contains(wild) {
        words.replace(wild, "\u{fffd}")
    } else {
        words
    }
}

/// The problems found so far in one file.
///
/// Readers never stop at the first problem, but a file with a million mistakes must not fill the
/// memory; nobody corrects more than a few at a time.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    errors: Vec<Problem>,
    /// Counted apart, so that many of them leave room for an error.
    warnings: Vec<Problem>,
    seen: usize,
}

impl Findings {
    /// No more problems are kept for one file.
    pub(crate) const MOST: usize = 200;

    /// Keeps a problem, unless the same one is known: a bad step that is
    /// repeated by an alias is corrected once.
    pub(crate) fn add(&mut self, problem: Problem) {
        let kept = if problem.code.is_warning() {
            &mut self.warnings
        } else {
            self.seen += 1;
            &mut self.errors
        };
        if kept.len() < Self::MOST && !kept.contains(&problem) {
            kept.push(problem);
        }
    }

    /// How many errors were met, repeated ones included.
    pub(crate) const fn seen(&self) -> usize {
        self.seen
    }

    /// Whether more errors would not be kept.
    pub(crate) fn is_full(&self) -> bool {
        self.errors.len() >= Self::MOST
    }

    /// The errors and the warnings, each in the order of their places.
    pub(crate) fn into_sorted(mut self) -> (Vec<Problem>, Vec<Problem>) {
        self.errors.sort_by_key(|p| (p.span.start, p.span.length));
        self.warnings.sort_by_key(|p| (p.span.start, p.span.length));
        (self.errors, self.warnings)
    }
}

/// A piece of somebody's text as a message shows it: in one line, cut at
/// `most` characters, nothing in it that a terminal obeys.
pub(crate) fn shown(text: &str, most: usize) -> String {
    // Nearly every text is short and plain, and each step's title comes by.
    if text.len() <= most && !text.chars().any(is_invisible) {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut length = 0;
    for char in text.chars() {
        let piece: String = if is_invisible(char) {
            char.escape_default().collect()
        } else {
            char.into()
        };
        length += piece.chars().count();
        if length > most {
            // The sign of the cut needs a place too.
            while shown.chars().count() >= most {
                shown.pop();
            }
            shown.push('…');
            break;
        }
        shown.push_str(&piece);
    }
    shown
}

/// A word of the text in backticks, short enough for a message.
pub(crate) fn ticked(text: &str) -> String {
    format!("`{}`", shown(text, 40))
}

/// The one of `known` that was probably meant by `word`.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing costs the product of both lengths, and no name is so long.
    if word.len() > 64 {
        return None;
    }
    let short = |name: &&str| name.len() <= 64;
    let word = word.to_lowercase().replace(['_', ' '], "-");
    known
        .into_iter()
        .filter(short)
        .take(1000)
        .map(|name| (strsim::jaro_winkler(&word, &name.to_lowercase()), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
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

/// That these are all there are: `the targets are …`.
pub(crate) fn these<'a>(kind: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    these_of("the", kind, names)
}

/// The same of somebody: `its inputs are …`.
pub(crate) fn these_of<'a>(
    whose: &str,
    kind: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    if let [only] = names[..] {
        return format!("{whose} only {kind} is {}", ticked(only));
    }
    format!("{whose} {kind}s are {}", list(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: std::collections::HashSet<_> = Code::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn shown_text_is_short_and_harmless() {
        assert_eq!(shown("plain", 40), "plain");
        assert_eq!(shown("a\nb\u{1b}", 40), "a\\nb\\u{1b}");
        assert_eq!(shown("abcdef", 4), "abc…");
        assert_eq!(shown("abcd", 4), "abcd");
    }

    #[test]
    fn a_misspelt_word_has_a_nearest_one_and_a_strange_word_has_none() {
        let verbs = ["click", "double-click", "type"];
        assert_eq!(nearest("clik", verbs), Some("click"));
        assert_eq!(nearest("Double_Click", verbs), Some("double-click"));
        assert_eq!(nearest("swipe", verbs), None);
    }
}
