//! Checks of texts, conditions, captures, and names that become those of files.

use super::Resolver;
use crate::{
    pattern::Pattern,
    plan::{Capture, Check, Condition, Output, Sight, Text, Wording, names},
    scenario::{self, Choice, Code, Comparison, Problem, Span, Truth, Txt, list},
};

impl Resolver<'_, '_> {
    pub(in crate::plan) fn checks(&mut self, written: &[scenario::Check]) -> Option<Vec<Check>> {
        let checks: Vec<Option<Check>> = written.iter().map(|check| self.check(check)).collect();
        checks.into_iter().collect()
    }

    fn check(&mut self, written: &scenario::Check) -> Option<Check> {
        let how = written.how;
        let wanted = if how == Comparison::Matches {
            let known = self.known(&written.wanted)?;
            Wording::Regex(self.regex(&known, written.wanted.span)?)
        } else {
            self.wording(&written.wanted)?
        };
        Some(Check { how, wanted })
    }

    pub(in crate::plan) fn condition(
        &mut self,
        written: &scenario::Condition,
    ) -> Option<Condition> {
        Some(match written {
            scenario::Condition::Sight(sight) => Condition::Sight(self.sight(sight)?),
            scenario::Condition::Word(word) => match self.value(word)? {
                Truth::Known(truth) => Condition::Known(truth),
                Truth::Name(name) => Condition::Sight(Sight {
                    target: self.target_by_name(&name, word.span)?,
                    gone: false,
                }),
            },
            scenario::Condition::Text { value, checks } => {
                let (value, checks) = (self.text(value), self.checks(checks));
                decided(value?, checks?)
            }
        })
    }

    /// What a step captures of what it leaves, `outputs`.
    pub(in crate::plan) fn capture(
        &mut self,
        written: &scenario::Capture,
        outputs: &[Output],
    ) -> Option<Capture> {
        let from = self.optional(written.from.as_ref());
        let matching = match &written.matching {
            Some(matching) => {
                let known = self.known(matching)?;
                Some(self.regex(&known, matching.span)?)
            }
            None => None,
        };
        let from = from?.and_then(|Choice(name)| name.parse().ok());
        if let Some(strange) = from.filter(|from| !outputs.contains(from)) {
            let span = written
                .from
                .as_ref()
                .map_or(written.name.span, |it| it.span);
            self.add(no_output(strange, outputs, span));
            return None;
        }
        Some(Capture {
            name: written.name.value.clone(),
            from: from.or(outputs.first().copied()).unwrap_or_default(),
            matching,
        })
    }

    /// A name that becomes the name of a file.
    pub(in crate::plan) fn file_name(&mut self, written: &Txt, what: &str) -> Option<String> {
        let name = self.known(written)?;
        if let Some(problem) = names::check(&name, written.span, what) {
            self.add(problem);
            return None;
        }
        Some(name)
    }
}

fn no_output(from: Output, outputs: &[Output], span: Span) -> Problem {
    let names: Vec<&str> = outputs.iter().map(|output| output.name()).collect();
    let message = format!("this step has no `{}` to capture", from.name());
    Problem::new(Code::UnknownChoice, span, message)
        .label("it leaves something else")
        .help(match names[..] {
            [only] => format!("write `from: {only}`, or leave `from` out"),
            _ => format!("use one of {}", list(names.iter().copied())),
        })
}

/// A condition about a text that is known beforehand is decided beforehand.
fn decided(value: Text, checks: Vec<Check>) -> Condition {
    let holds = |check: &Check| {
        let wanted = match &check.wanted {
            Wording::Text(text) => Pattern::Text(text.known()?.to_owned()),
            Wording::Regex(regex) => regex.clone(),
        };
        Some(check.how.holds(value.known()?, &wanted))
    };
    let all: Option<Vec<bool>> = checks.iter().map(holds).collect();
    match all {
        Some(all) => Condition::Known(all.into_iter().all(|holds| holds)),
        None => Condition::Text { value, checks },
    }
}
