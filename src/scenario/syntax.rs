//! Plain words for text that is not YAML.
//!
//! A YAML parser says what it expected; the person who wrote the line wants to
//! know which character is wrong and what to write. Most such mistakes are of
//! a dozen kinds, which can be recognized by the parser's words and the line.

use std::ops::Range;

use super::{
    escape,
    mistake::Mistake,
    problem::{Code, Problem, shown},
    source::{Source, Span},
    unquoted,
    verb::VERBS,
};

/// The problem behind the parser's words `info` at a byte of the text.
pub(super) fn explain(source: &Source, info: &str, offset: usize) -> Problem {
    let offset = offset.min(source.text().len());
    let place = ErrorPosition::new(source, offset);
    let mistake = Mistake::of(info);
    if mistake == Some(Mistake::TooDeep) {
        let message = "brackets are nested too deeply";
        return Problem::new(Code::TooLarge, place.here(), message)
            .label("this bracket exceeds the limit")
            .help("perhaps a bracket was not closed");
    }
    place
        .tab()
        .or_else(|| place.interpolation())
        .or_else(|| place.unquoted())
        .unwrap_or_else(|| place.by_mistake(mistake, info))
}

/// The problem of a key that is a list or a mapping, which nobody means:
/// mostly it is a `{{ … }}` or `${…}` without quotes.
pub(super) fn key_is_no_word(source: &Source, span: Span) -> Problem {
    let place = ErrorPosition::new(source, span.start);
    place.interpolation().unwrap_or_else(|| {
        problem(
            span,
            "a key must be a word, but this one is a list or a mapping",
        )
        .label("`{` and `[` begin a mapping or a list")
        .help("if it is text, put it in quotes: \"{ … }\"")
    })
}

fn problem(span: Span, message: impl Into<String>) -> Problem {
    Problem::new(Code::YamlSyntax, span, message)
}

/// Where the parser gave up.
struct ErrorPosition<'a> {
    source: &'a Source,
    offset: usize,
    /// Its line, and the first byte of that.
    line: &'a str,
    line_start: usize,
}

impl<'a> ErrorPosition<'a> {
    fn new(source: &'a Source, offset: usize) -> Self {
        // The end of the file is noticed on the empty line after the last.
        let end = source.text().trim_end().len();
        let (number, _) = source.position(offset.min(end));
        let range = source.line_range(number);
        Self {
            source,
            offset: offset.min(end),
            line: &source.text()[range.clone()],
            line_start: range.start,
        }
    }

    /// The character at the place, or the last one of the text.
    fn here(&self) -> Span {
        let next = self.source.text()[self.offset..].chars().next();
        let length = next
            .filter(|c| !c.is_whitespace())
            .map_or(0, char::len_utf8);
        Span::new(self.offset..self.offset + length)
    }

    /// The line without its indentation and the blanks at its end.
    fn whole_line(&self) -> Span {
        let text = self.line.trim();
        let indent = self.line.len() - self.line.trim_start().len();
        let start = self.line_start + indent;
        Span::new(start..start + text.len())
    }

    fn tab(&self) -> Option<Problem> {
        let (number, _) = self.source.position(self.line_start);
        // The parser may notice it only at the end of the line before.
        let (start, length) = [number, number + 1].into_iter().find_map(|number| {
            let range = self.source.line_range(number);
            let line = &self.source.text()[range.clone()];
            let indent = &line[..line.len() - line.trim_start().len()];
            let tab = indent.find('\t')?;
            let length = indent[tab..]
                .bytes()
                .take_while(|byte| *byte == b'\t')
                .count();
            Some((range.start + tab, length))
        })?;
        Some(
            problem(
                Span::new(start..start + length),
                "a tab cannot indent a line of YAML",
            )
            .label("a tab")
            .help("indent with spaces, two for each level; most editors can convert the file"),
        )
    }

    fn interpolation(&self) -> Option<Problem> {
        let (sign, end) = [("${", "}"), ("{{", "}}")]
            .into_iter()
            .find(|(sign, _)| self.line.contains(sign))?;
        let at = self.line.find(sign)?;
        // In block style `${…}` is an ordinary text; only within `{ }` or
        // `[ ]` does its brace mean something else.
        if sign == "${" && !self.line[..at].contains(['{', '[']) {
            return None;
        }
        let rest = &self.line[at + sign.len()..];
        let length = sign.len() + rest.find(end).map_or(rest.len(), |found| found + end.len());
        let start = self.line_start + at;
        let written = shown(&self.line[at..at + length], 40);
        Some(
            problem(
                Span::new(start..start + length),
                "this needs quotes, because `{` begins a mapping",
            )
            .label("put the whole text in quotes")
            .help(format!("write it as \"{written}\"")),
        )
    }

    /// A text between brackets: in the line of the place, in that of the bracket
    /// that is open there, or in the line above, where a comment has hidden the
    /// bracket that closes it.
    fn unquoted(&self) -> Option<Problem> {
        let bracket = self.open_bracket().map(|(offset, _)| offset);
        let above = self.line_start.checked_sub(1);
        let places = [Some(self.offset), bracket, above].into_iter().flatten();
        let (start, found) = places
            .map(|offset| ErrorPosition::new(self.source, offset))
            .find_map(|place| Some((place.line_start, unquoted::find(place.line)?)))?;
        let Range { start: from, end } = found.place;
        found.sure.then(|| {
            problem(Span::new(start + from..start + end), found.why)
                .label("put it in quotes")
                .help(format!("write `{}`", found.corrected))
        })
    }

    fn by_mistake(&self, mistake: Option<Mistake>, info: &str) -> Problem {
        match mistake {
            Some(Mistake::MissingBlank) => self.missing_blank(),
            Some(Mistake::SecondColon) => self.second_colon(),
            Some(Mistake::Bracket) => self.bracket(),
            Some(Mistake::OpenQuote) => self.open_quote(),
            Some(Mistake::UnknownAnchor) => self.unknown_anchor(),
            Some(Mistake::BadStart) => self.bad_start(),
            Some(Mistake::AfterQuote) => self.after_quote(),
            Some(Mistake::Escape) => escape::explain(self.source, self.offset),
            Some(Mistake::NoColon) => self.no_colon_above().unwrap_or_else(|| {
                problem(self.whole_line(), "this line has no `:`")
                    .label("expected a key, a colon and a value")
                    .help("write `key: value`, or indent the line below its key")
            }),
            Some(Mistake::Entry) if self.line.contains(": - ") => {
                problem(self.whole_line(), "a list has to begin on its own line")
                    .label("`- ` begins a list entry")
                    .help(self.quoted_value())
            }
            Some(Mistake::Entry | Mistake::Indentation) => self.indentation(),
            Some(Mistake::TooDeep) | None => problem(
                self.here(),
                format!("this is not valid YAML: {}", shown(info, 100)),
            )
            .help("if it is text, put it in quotes"),
        }
    }

    fn bad_start(&self) -> Problem {
        let what = match self.source.slice(self.here()) {
            "`" => "a backtick".to_owned(),
            sign @ ("@" | "%") => format!("`{sign}`"),
            _ => "this character".to_owned(),
        };
        problem(
            self.here(),
            format!("text that begins with {what} needs quotes"),
        )
        .label("YAML reserves it")
        .help(self.quoted_value())
    }

    /// The rest of the line from the quote that opened before this place, where it is a
    /// value of its own.
    fn quoted_rest(&self) -> Option<&str> {
        let before = self.line.get(..self.offset.checked_sub(self.line_start)?)?;
        let start = before.find('"')?;
        let whole = self.line[start..].trim_end();
        let is_plain = !before[..start].contains(['{', '[']) && !whole.contains(['\'', '#']);
        is_plain.then_some(whole)
    }

    fn after_quote(&self) -> Problem {
        let single = self.source.text()[..self.offset].trim_end().ends_with('\'');
        problem(self.here(), "there is text after the closing quote")
            .label("the quoted text ends before this")
            .help(if single {
                "write a quote inside '…' twice: 'it''s'; or use double quotes: \"it's\"".to_owned()
            } else {
                let whole = self.quoted_rest().unwrap_or("say \"hello\"");
                format!("put all of it in single quotes: '{}'", shown(whole, 60))
            })
    }

    /// `type: say: hello`, or a line that is indented below a value.
    fn second_colon(&self) -> Problem {
        if let Some((open, _)) = self.open_bracket()
            && open < self.line_start
        {
            return self.bracket();
        }
        let column = self.offset.saturating_sub(self.line_start);
        let before = &self.line[..column.min(self.line.len())];
        if before.contains(": ") {
            problem(self.here(), "this line has a second `: `")
                .label("YAML reads this as the colon of another key")
                .help(self.quoted_value())
        } else if let Some(above) = self.no_colon_above() {
            above
        } else {
            problem(
                self.whole_line(),
                "this line is indented below a line that already has a value",
            )
            .label("it cannot belong to the line above")
            .help(
                "align it with the lines around it, or end the line above with `:` if it \
                 belongs to that line",
            )
        }
    }

    /// A line above that is a text although a key was meant: the parser takes
    /// this line for its continuation and complains only here.
    fn no_colon_above(&self) -> Option<Problem> {
        let (number, _) = self.source.position(self.line_start);
        let above = self.source.line_range(number - 1);
        let line = &self.source.text()[above.clone()];
        let text = line.trim().trim_start_matches("- ").trim_start();
        if number == 1 || text.is_empty() || text.starts_with('#') {
            return None;
        }
        if text.contains(": ") || text.ends_with(':') {
            return None;
        }
        let start = above.start + line.find(text)?;
        let span = Span::new(start..start + text.len());
        Some(match text.split_once(':') {
            Some((key, value)) => problem(span, "a space is missing after the colon")
                .label("YAML reads all of this as one text")
                .help(format!("write `{}: {}`", shown(key, 40), shown(value, 40))),
            None => problem(span, "this line has no `:`, but the next one belongs to it")
                .label("YAML reads this as text")
                .help(if VERBS.iter().any(|verb| verb.bare && verb.name == text) {
                    format!("write `- {text}:` with a colon, because a key follows below it")
                } else {
                    format!(
                        "write `{0}:` if it is a key without a value, or `key: value`",
                        shown(text, 40)
                    )
                }),
        })
    }

    /// How the value of this line is written in quotes.
    fn quoted_value(&self) -> String {
        let text = self.line.trim_start().trim_start_matches("- ");
        match text.split_once(": ") {
            Some((key, value)) if !value.contains('"') => {
                let value = value.split(" #").next().unwrap_or(value).trim();
                format!(
                    "put the text in quotes: `{}: \"{}\"`",
                    shown(key, 40),
                    shown(value, 60)
                )
            }
            _ => "put the text in quotes".to_owned(),
        }
    }

    /// A bracket that is not closed, or a comma that is missing.
    fn bracket(&self) -> Problem {
        let Some((offset, open)) = self.open_bracket() else {
            return problem(self.here(), "this closing bracket has no opening bracket")
                .label("no bracket is open here")
                .help("remove it, or put the text in quotes");
        };
        let close = if open == '[' { ']' } else { '}' };
        let same_line = offset >= self.line_start;
        if same_line && !self.source.text()[self.offset..].trim().is_empty() {
            return problem(
                self.here(),
                format!("a `,` or `{close}` is missing before this"),
            )
            .label("before this")
            .related(Span::new(offset..offset + 1), "opened here")
            .help(format!(
                "separate the parts with `, ` and end with `{close}`{}",
                unquoted::find(self.line).map_or_else(String::new, |found| format!(
                    "; if it is all one text, write `{}`",
                    found.corrected
                ))
            ));
        }
        problem(
            Span::new(offset..offset + 1),
            format!("this `{open}` is never closed"),
        )
        .label("opened here")
        .help(format!(
            "add the `{close}`; if it is text, put it in quotes"
        ))
    }

    /// Whether a bracket stands where a value begins; elsewhere it is a part
    /// of a text.
    fn begins_value(&self, offset: usize) -> bool {
        let before = self.source.text()[..offset].trim_end_matches(' ');
        before.ends_with([':', '-', ',', '[', '{', '\n'])
    }

    /// The innermost bracket that is open at the place. Brackets in quotes and
    /// comments are taken for brackets too, which a hint may do.
    fn open_bracket(&self) -> Option<(usize, char)> {
        let mut closed = 0_usize;
        for (offset, char) in self.source.text()[..self.offset].char_indices().rev() {
            match char {
                ']' | '}' => closed += 1,
                '[' | '{' if closed > 0 => closed -= 1,
                '[' | '{' if self.begins_value(offset) => return Some((offset, char)),
                _ => {}
            }
        }
        None
    }

    /// `{target:[1, 2]}`: the place is the colon, or what follows it.
    fn missing_blank(&self) -> Problem {
        let sign = self.source.slice(self.here());
        let what = if sign == "-" { "dash" } else { "colon" };
        let here = self.offset.saturating_sub(self.line_start);
        let before = self.line.get(..here).unwrap_or_default();
        let key = before.trim_end_matches(':');
        let key = key.rsplit([' ', '{', '[', ',']).next().unwrap_or_default();
        let meant = if sign == "-" {
            "- …".to_owned()
        } else {
            format!("{}: …", shown(key, 40))
        };
        problem(self.here(), format!("a space is missing after this {what}"))
            .label(format!("this {what}"))
            .help(format!("write `{meant}`, with a space after the {what}"))
    }

    fn open_quote(&self) -> Problem {
        let line_quote = self.line[..(self.offset - self.line_start).min(self.line.len())]
            .find(['"', '\''])
            .map(|at| self.line_start + at);
        let text = self.source.text();
        let quote = if text[self.offset..].starts_with(['"', '\'']) {
            Some(self.offset)
        } else {
            line_quote.or_else(|| text[..self.offset].rfind(['"', '\'']))
        };
        let span = quote.map_or(self.here(), |at| Span::new(at..at + 1));
        problem(span, "this quote is never closed")
            .label("the quoted text begins here")
            .help("end the text with the same quote; write a quote inside '…' twice: 'it''s'")
    }

    fn unknown_anchor(&self) -> Problem {
        let rest = &self.source.text()[self.offset..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let span = Span::new(self.offset..self.offset + length);
        let name = shown(rest[..length].trim_start_matches('*'), 40);
        problem(span, format!("there is no anchor `&{name}` before this"))
            .label("this is an alias: it repeats the value of its anchor")
            .help(format!("if it is text, {}", self.quoted_value()))
    }

    fn indentation(&self) -> Problem {
        problem(
            self.whole_line(),
            "this line does not line up with those above",
        )
        .label("it begins in a column where nothing else begins")
        .help("lines that belong together begin in the same column, and each step begins with `- `")
    }
}
