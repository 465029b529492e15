//! How a single scalar is read as a value of some kind: `10s` as a duration,
//! `1280x800` as a size.
//!
//! The same rules apply to what is written out and, later, to the values of `${…}`. So a notation
//! sees a text and the field that it fills, but not the file.

use std::time::Duration;

use super::{
    problem::list,
    problem::{Code, Problem, nearest, shown, ticked},
    shape::{Field, Form},
    source::Span,
    value,
};
use crate::{
    geometry::Size,
    input::{Button, Direction},
    language::{LANGUAGES, Language},
    limits,
    profile::Profile,
};

/// A scalar that is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether it is written without quotes.
    pub plain: bool,
    /// Where it is written.
    pub span: Span,
    /// The field that it fills.
    pub field: &'a Field,
}

/// A kind of value that one scalar can be.
pub trait Notation: Sized {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn read(word: &Word<'_>) -> Result<Self, Problem>;
}

/// The longest time that a scenario may name.
pub(super) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl Word<'_> {
    /// The problem of a value of another kind; `meant` is how it is probably
    /// written.
    pub(super) fn wrong_type(&self, meant: &str) -> Problem {
        let described = if self.plain {
            ticked(self.text)
        } else {
            format!("the text {}", ticked(self.text))
        };
        wrong_type(self.field, self.span, &described, meant)
    }

    fn problem(&self, code: Code, message: impl Into<String>) -> Problem {
        Problem::new(code, self.span, message)
    }
}

/// The problem of a value of another kind than its field takes.
pub(super) fn wrong_type(field: &Field, span: Span, described: &str, meant: &str) -> Problem {
    wrong_type_of(field.name, field, span, described, meant)
}

/// The same for a value that somebody has named, such as one of `vars`.
pub(super) fn wrong_type_of(
    name: &str,
    field: &Field,
    span: Span,
    described: &str,
    meant: &str,
) -> Problem {
    let takes = field.takes;
    // Where a list belongs, only an entry of it can be another list that is wrong.
    let described = match described {
        "a list" if takes.starts_with("a list") => "a list inside a list",
        other => other,
    };
    Problem::new(
        Code::WrongType,
        span,
        format!("`{name}` must be {takes}, not {described}"),
    )
    .label(format!("expected {takes}"))
    .help(format!("write `{name}: {meant}`"))
}

impl Notation for bool {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let lower = word.text.to_lowercase();
        Err(word.wrong_type(match lower.as_str() {
            "true" if word.plain => return Ok(true),
            "false" if word.plain => return Ok(false),
            "true" | "yes" | "on" | "y" | "1" => "true",
            "false" | "no" | "off" | "n" | "0" => "false",
            _ => word.field.example,
        }))
    }
}

/// A whole number within the bounds of its field, [`Form::Integer`].
impl Notation for i64 {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let Some(number) = value::integer(word.text).filter(|_| word.plain) else {
            let digits = word.text.trim();
            let meant = value::integer(digits).map_or(word.field.example, |_| digits);
            return Err(word.wrong_type(meant));
        };
        let Form::Integer { least, most } = word.field.form else {
            return Ok(number);
        };
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        let Field { name, takes, .. } = word.field;
        let message = format!("`{name}` must be {takes}, not {number}");
        Err(word
            .problem(Code::OutOfRange, message)
            .label(if most >= 1_000_000 {
                format!("expected {least} or more")
            } else {
                format!("expected {least} to {most}")
            })
            .help(format!("write `{name}: {}`", number.clamp(least, most))))
    }
}

/// The same, where the bounds allow no negative number.
impl Notation for u32 {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let number = i64::read(word)?;
        Self::try_from(number).map_err(|_| word.wrong_type(word.field.example))
    }
}

/// The same, where the bounds fit.
impl Notation for i32 {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let number = i64::read(word)?;
        Self::try_from(number).map_err(|_| word.wrong_type(word.field.example))
    }
}

/// `500ms`, `3s`, `1m`.
impl Notation for Duration {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let name = word.field.name;
        Err(match value::duration(word.text) {
            Ok(duration) if duration <= LONGEST => return Ok(duration),
            Ok(_) => word
                .problem(Code::OutOfRange, format!("`{name}` is longer than a day"))
                .label("at most `1440m`")
                .help(format!("write `{}`", word.field.line())),
            Err(meant) => {
                let written = ticked(word.text);
                let message = if meant.is_some() && value::is_number(word.text) {
                    format!("`{name}` needs a unit: {written} of what?")
                } else {
                    format!("{written} is not a duration")
                };
                // A bare number has the unit that is usual for the field.
                let bare = value::is_number(word.text) && word.field.example.ends_with("ms");
                let meant = if bare {
                    format!("{}ms", word.text)
                } else {
                    meant.unwrap_or_else(|| word.field.example.to_owned())
                };
                word.problem(Code::BadDuration, message)
                    .label("expected a number and `ms`, `s` or `m`")
                    .help(format!("write `{name}: {}`", shown(&meant, 40)))
            }
        })
    }
}

/// `10%`, as a share of 1.
impl Notation for f64 {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let meant = match value::percentage(word.text) {
            Ok(share) => return Ok(share),
            Err(meant) => meant.unwrap_or_else(|| word.field.example.to_owned()),
        };
        let message = format!("{} is not a percentage", ticked(word.text));
        Err(word
            .problem(Code::BadPercentage, message)
            .label("expected a number from 0 to 100 and `%`")
            .help(format!("write `{}: {meant}`", word.field.name)))
    }
}

/// `1280x800`, and a screen can have it, or a window where its field is
/// [`Form::WindowSize`].
impl Notation for Size {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let meant = value::size(word.text);
        let Some(size) = meant.filter(|_| value::is_exact_size(word.text)) else {
            let meant = meant.map_or_else(|| word.field.example.to_owned(), |s| s.to_string());
            let message = format!("{} is not a size", ticked(word.text));
            return Err(word
                .problem(Code::BadSize, message)
                .label("expected width, `x` and height, in pixels")
                .help(format!("write `{}: {meant}`", word.field.name)));
        };
        let (whose, width, height) = match word.field.form {
            Form::WindowSize => ("window", limits::SIDE, limits::SIDE),
            _ => ("screen", limits::WIDTH, limits::HEIGHT),
        };
        let least = Self::new(*width.start(), *height.start());
        let most = Self::new(*width.end(), *height.end());
        let near = Self::new(
            size.width.clamp(least.width, most.width),
            size.height.clamp(least.height, most.height),
        );
        if near == size {
            return Ok(size);
        }
        Err(word
            .problem(Code::OutOfRange, format!("a {whose} cannot be {size}"))
            .label(format!("expected {least} to {most}"))
            .help(format!("write `{}: {near}`", word.field.name)))
    }
}

/// One of the words of its field, [`Form::Choice`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Choice(pub &'static str);

impl Notation for Choice {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let Form::Choice(words) = word.field.form else {
            return Err(word.wrong_type(word.field.example));
        };
        let text = word.text.trim();
        if let Some(found) = words.iter().find(|known| **known == text) {
            return Ok(Self(found));
        }
        let name = word.field.name;
        let message = format!(
            "`{name}` must be {}, not {}",
            word.field.takes,
            ticked(text)
        );
        let problem = word.problem(Code::UnknownChoice, message);
        Err(match nearest(text, words.iter().copied()) {
            Some(near) => problem
                .label(format!("did you mean `{near}`?"))
                .help(format!("write `{name}: {near}`")),
            None => problem
                .label("not one of the allowed words")
                .help(format!("use one of {}", list(words.iter().copied()))),
        })
    }
}

impl Notation for Language {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let text = word.text.trim();
        if let Some(language) = Self::of_code(text) {
            return Ok(language);
        }
        let message = format!("text cannot be read in the language {}", ticked(text));
        let problem = word.problem(Code::UnknownChoice, message);
        let codes = LANGUAGES.iter().map(|language| language.code());
        let meant = Self::meant(text).or_else(|| Self::of_code(nearest(text, codes)?));
        Err(match meant {
            Some(meant) => problem
                .label(format!("did you mean `{}`?", meant.code()))
                .help(format!("`{}` is {}", meant.code(), meant.name())),
            None => problem
                .label("unknown language")
                .help("use ISO 639-2 codes: `deu` is German, `rus` Russian, `jpn` Japanese"),
        })
    }
}

/// The name of a Debian package.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Package(pub String);

impl Notation for Package {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let text = word.text.trim();
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        // A dash at the end would have apt-get remove the package.
        let is_name = text.len() >= 2
            && text.starts_with(is_letter)
            && !text.ends_with('-')
            && text.chars().all(|c| is_letter(c) || "+-.".contains(c));
        if is_name {
            return Ok(Self(text.to_owned()));
        }
        let message = format!("{} cannot be the name of a Debian package", ticked(text));
        let problem = word.problem(Code::WrongType, message);
        let lower = text.to_ascii_lowercase();
        let split = |c: char| c.is_whitespace() || c == ',';
        Err(if text.contains(split) {
            let names: Vec<&str> = text.split(split).filter(|name| !name.is_empty()).collect();
            problem
                .label("write each package as a separate entry")
                .help(format!(
                    "write `packages: [{}]`",
                    shown(&names.join(", "), 60)
                ))
        } else if lower != text
            && Self::read(&Word {
                text: &lower,
                ..*word
            })
            .is_ok()
        {
            problem.label(format!("did you mean `{lower}`?"))
        } else {
            problem.label("not a valid name").help(
                "a name consists of two or more lower-case letters, digits, `+`, `-` and `.`; \
                 it begins with a letter or a digit and does not end with `-`: `galculator`, \
                 `g++`; a version is not allowed",
            )
        })
    }
}

/// The words for the buttons of a pointer.
pub(super) const BUTTONS: [&str; 3] = ["left", "middle", "right"];

/// The words for the ways that a wheel turns.
pub(super) const DIRECTIONS: [&str; 4] = ["up", "down", "left", "right"];

impl Notation for Button {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let Choice(name) = Choice::read(word)?;
        let mut all = Self::ALL.iter().copied();
        all.find(|button| button.name() == name)
            .ok_or_else(|| word.wrong_type(word.field.example))
    }
}

impl Notation for Direction {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let Choice(name) = Choice::read(word)?;
        Self::from_name(name).ok_or_else(|| word.wrong_type(word.field.example))
    }
}

impl Notation for Profile {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let Choice(name) = Choice::read(word)?;
        Self::from_name(name).ok_or_else(|| word.wrong_type(word.field.example))
    }
}

/// The status of a command: 0 to 255, or `any`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ExitCode(pub Option<i32>);

impl Notation for ExitCode {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        if word.text == "any" {
            return Ok(Self(None));
        }
        let bounds = Form::Integer {
            least: 0,
            most: 255,
        };
        let field = Field {
            form: bounds,
            ..*word.field
        };
        let status = i32::read(&Word {
            field: &field,
            ..*word
        })?;
        Ok(Self(Some(status)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_for_buttons_and_directions_are_those_of_the_input() {
        let buttons = Button::ALL.iter().map(|it| it.name());
        assert!(buttons.eq(BUTTONS));
        let directions = Direction::ALL.iter().map(|it| it.name());
        assert!(directions.eq(DIRECTIONS));
    }
}
