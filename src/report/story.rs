//! What went wrong, worded once for all reports.

use std::{borrow::Cow, fmt};

use crate::event::{Artifact, ArtifactKind, Changes, Excerpt, Moment, Outcome, SourceLocation};

/// A failure or an error, in the order in which people want to know.
#[derive(Clone, Debug)]
pub(super) struct Story<'a> {
    /// One line.
    pub(super) message: &'a str,
    pub(super) verb: &'a str,
    pub(super) place: Option<&'a SourceLocation>,
    pub(super) excerpt: Option<&'a Excerpt>,
    pub(super) expected: Option<&'a str>,
    pub(super) seen: Option<&'a str>,
    pub(super) changes: Option<&'a Changes>,
    pub(super) circumstances: &'a [String],
    pub(super) detail: Option<&'a str>,
    pub(super) help: Option<&'a str>,
    pub(super) moment: Option<&'a Moment>,
}

impl<'a> Story<'a> {
    /// The story of an outcome; `None` if nothing went wrong.
    pub(super) fn of(outcome: &'a Outcome) -> Option<Self> {
        match outcome {
            Outcome::Failed(failure) | Outcome::Noted(failure) => Some(Self {
                message: &failure.message,
                verb: &failure.verb,
                place: Some(&failure.place),
                excerpt: Some(&failure.excerpt),
                expected: Some(&failure.expected),
                seen: Some(&failure.seen),
                changes: Some(&failure.changes).filter(|changes| !changes.is_empty()),
                circumstances: &failure.circumstances,
                detail: None,
                help: failure.help.as_deref(),
                moment: failure.moment.as_ref(),
            }),
            Outcome::Error(trouble) => Some(Self {
                message: &trouble.message,
                verb: &trouble.verb,
                place: trouble.place.as_ref(),
                excerpt: trouble.excerpt.as_ref(),
                expected: None,
                seen: None,
                changes: None,
                circumstances: &[],
                detail: trouble.detail.as_deref(),
                help: trouble.help.as_deref(),
                moment: trouble.moment.as_ref(),
            }),
            Outcome::Passed | Outcome::Flaky | Outcome::Skipped | Outcome::Interrupted => None,
        }
    }
}

/// How much of one text a terminal shows, in lines, and in characters of a line.
/// The last twelve lines of both outputs of a command fit.
const LINES: usize = 40;
const CHARACTERS: usize = 400;

impl<'a> Story<'a> {
    /// What there is to say of it, each in a few lines, with what it is.
    fn rows(&self) -> Vec<(&'static str, Cow<'a, str>)> {
        let one = |name, text: Option<&'a str>| text.map(|text| (name, text.into()));
        let changes = self
            .changes
            .map(|changes| ("changes", changes.to_string().into()));
        let also = self.circumstances.iter();
        let also = also.map(|text| ("also", text.as_str().into()));
        let first = [
            one("expected", self.expected),
            one("seen", self.seen),
            changes,
        ];
        let last = [one("detail", self.detail), one("help", self.help)];
        let all = first.into_iter().flatten().chain(also);
        all.chain(last.into_iter().flatten()).collect()
    }

    /// The same as [`fmt::Display`], with every text short enough for a terminal.
    pub(super) fn shortened(&self) -> String {
        let rows = self.rows().into_iter();
        let rows: Vec<_> = rows
            .map(|(name, text)| (name, shortened(&text).into()))
            .collect();
        let mut text = String::new();
        // Writing to a string never fails.
        let _ = self.write(&mut text, &rows);
        text
    }

    fn write(&self, to: &mut impl fmt::Write, rows: &[(&str, Cow<'_, str>)]) -> fmt::Result {
        if let Some(place) = self.place {
            writeln!(to, "at {place}")?;
        }
        if let Some(excerpt) = self.excerpt {
            write!(to, "{excerpt}")?;
        }
        for (name, text) in rows {
            let mut lines = text.trim_end().lines();
            writeln!(
                to,
                "{:<9} {}",
                format!("{name}:"),
                lines.next().unwrap_or_default()
            )?;
            for line in lines {
                writeln!(to, "{:9} {line}", "")?;
            }
        }
        if let Some(Moment { recording, seconds }) = self.moment {
            writeln!(
                to,
                "{:<9} {seconds:.1} s into the recording `{recording}`",
                "video:"
            )?;
        }
        Ok(())
    }
}

/// The beginning of a text, which says how much more is in the report.
fn shortened(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let rest = |count: usize, what: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("… {count} more {what}{plural} in the report")
    };
    let line = |line: &&str| {
        let end = line.char_indices().nth(CHARACTERS).map(|(at, _)| at);
        let (shown, hidden) = line.split_at(end.unwrap_or(line.len()));
        match hidden.chars().count() {
            0 => shown.to_owned(),
            count => format!("{shown}{}", rest(count, "character")),
        }
    };
    let mut shown: Vec<String> = lines.iter().take(LINES).map(line).collect();
    if lines.len() > LINES {
        shown.push(rest(lines.len() - LINES, "line"));
    }
    shown.join("\n")
}

impl fmt::Display for Story<'_> {
    /// Everything but the message, without colours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &self.rows())
    }
}

/// Artifacts in the order in which they explain: first the picture that shows
/// all, then what was seen, then the rest.
pub(super) fn in_order<'a>(artifacts: impl Iterator<Item = &'a Artifact>) -> Vec<&'a Artifact> {
    let mut ordered: Vec<&Artifact> = artifacts.collect();
    ordered.sort_by_key(|artifact| match artifact.kind {
        ArtifactKind::Comparison => 0,
        ArtifactKind::Actual | ArtifactKind::Tree => 1,
        ArtifactKind::Diff => 2,
        ArtifactKind::Expected => 3,
        ArtifactKind::Screenshot => 4,
        ArtifactKind::Video => 5,
        ArtifactKind::File => 6,
        ArtifactKind::Log => 7,
        ArtifactKind::Trace => 8,
        ArtifactKind::Timeline => 9,
        ArtifactKind::Frames => 10,
    });
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Trouble;

    #[test]
    fn an_error_without_a_step_has_no_place_to_draw() {
        let outcome = Outcome::Error(Box::new(Trouble {
            verb: "desktop".to_owned(),
            message: "`xvfb` did not start".to_owned(),
            detail: Some("first\nsecond\n".to_owned()),
            help: Some("install it".to_owned()),
            place: None,
            excerpt: None,
            moment: None,
        }));
        let story = Story::of(&outcome).unwrap();
        assert_eq!(
            story.to_string(),
            "detail:   first\n          second\nhelp:     install it\n"
        );
    }

    #[test]
    fn only_a_terminal_gets_the_beginning_of_a_long_text() {
        let detail = format!(
            "{}\n{}{}",
            "x".repeat(412),
            "short\n".repeat(39),
            "y\n".repeat(8)
        );
        let outcome = Outcome::Error(Box::new(Trouble {
            verb: "desktop".to_owned(),
            message: "it broke".to_owned(),
            detail: Some(detail.clone()),
            help: None,
            place: None,
            excerpt: None,
            moment: None,
        }));
        let story = Story::of(&outcome).unwrap();
        let short = story.shortened();
        let first = format!("{}… 12 more characters in the report\n", "x".repeat(400));
        assert!(
            short.starts_with(&format!("detail:   {first}          short\n")),
            "{short}"
        );
        assert!(
            short.ends_with("short\n          … 8 more lines in the report\n"),
            "{short}"
        );
        assert_eq!(story.to_string().matches('y').count(), 8);
        assert_eq!(shortened("one\ntwo"), "one\ntwo");
    }
}
