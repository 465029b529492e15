//! Commands and what must come of them, conditions, captures, transfers.

use super::{Resolver, missing_file};
use crate::{
    pattern::Pattern,
    plan::{
        Action, Assert, Capture, Check, Command, Condition, Output, Part, Run, Sight, Text,
        Wording, context::beside, names,
    },
    scenario::{self, Choice, Code, Comparison, ExitCode, Problem, Span, Truth, Txt, ticked, verb},
};

impl Resolver<'_, '_> {
    pub(super) fn command(&mut self, written: &verb::Command) -> Option<Command> {
        let line = self.text(&written.line);
        if let Some(line) = &line
            && line.is_secret()
        {
            self.add(exposed(line, written.line.span));
        }
        let mut environment = Some(Vec::new());
        for (name, text) in &written.environment {
            let text = self.text(text);
            match (&mut environment, text) {
                (Some(variables), Some(text)) => variables.push((name.value.clone(), text)),
                _ => environment = None,
            }
        }
        let folder = match &written.folder {
            Some(folder) => self.text(folder).map(Some),
            None => Some(None),
        };
        Some(Command {
            line: line?,
            environment: environment?,
            folder: folder?,
        })
    }

    pub(super) fn run(&mut self, written: &verb::Run) -> Option<Run> {
        let command = self.command(&written.command);
        let exit_code = self.optional(written.exit_code.as_ref());
        let (stdout, stderr) = (self.checks(&written.stdout), self.checks(&written.stderr));
        Some(Run {
            command: command?,
            exit_code: exit_code?.map_or(Some(0), |ExitCode(code)| code),
            stdout: stdout?,
            stderr: stderr?,
        })
    }

    fn checks(&mut self, written: &[scenario::Check]) -> Option<Vec<Check>> {
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

    pub(super) fn assert(&mut self, written: &verb::Assert) -> Option<Assert> {
        Some(match written {
            verb::Assert::Sight(sight) => Assert::Sight(self.sight(sight)?),
            verb::Assert::Command(run) => Assert::Command(self.run(run)?),
            verb::Assert::Process { name, gone } => {
                let known = self.known(name);
                let gone = self.optional(gone.as_ref());
                Assert::Process {
                    name: known?,
                    gone: gone?.unwrap_or(false),
                }
            }
        })
    }

    pub(super) fn condition(&mut self, written: &scenario::Condition) -> Option<Condition> {
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

    pub(super) fn capture(&mut self, written: &scenario::Capture) -> Option<Capture> {
        let from = self.optional(written.from.as_ref());
        let matching = match &written.matching {
            Some(matching) => {
                let known = self.known(matching)?;
                Some(self.regex(&known, matching.span)?)
            }
            None => None,
        };
        let from = match from? {
            Some(Choice("stderr")) => Output::Stderr,
            Some(Choice("exit-code")) => Output::ExitCode,
            _ => Output::Stdout,
        };
        Some(Capture {
            name: written.name.value.clone(),
            from,
            matching,
        })
    }

    /// A name that becomes the name of a file.
    pub(super) fn file_name(&mut self, written: &Txt, what: &str) -> Option<String> {
        let name = self.known(written)?;
        if let Some(problem) = names::check(&name, written.span, what) {
            self.add(problem);
            return None;
        }
        Some(name)
    }

    pub(super) fn upload(&mut self, written: &verb::Upload) -> Option<Action> {
        let from = self.known(&written.from);
        let to = self.text(&written.to);
        let path = beside(&self.folder, &from?);
        if !self.desk.context.files.is_file(&path) {
            let reason = if self.desk.context.files.list(&path).is_ok() {
                std::io::Error::other("it is a folder")
            } else {
                std::io::ErrorKind::NotFound.into()
            };
            let problem = missing_file(written.from.span, &path, &reason);
            let near = self.near_file(&path);
            self.add(
                match near.filter(|_| reason.kind() == std::io::ErrorKind::NotFound) {
                    Some(near) => problem.help(format!("did you mean {}?", ticked(&near))),
                    None => problem.help("only files can be copied, one at a time"),
                },
            );
            return None;
        }
        Some(Action::Upload {
            from: path,
            to: to?,
        })
    }

    pub(super) fn download(&mut self, written: &verb::Download) -> Option<Action> {
        let from = self.text(&written.from);
        let to = if let Some(to) = &written.to {
            self.file_name(to, "download")
        } else {
            let path = self.known(&written.from)?;
            let name = path.rsplit('/').next().unwrap_or_default();
            let problem = names::check(name, written.from.span, "download");
            if let Some(problem) = problem {
                self.add(problem);
                return None;
            }
            Some(name.to_owned())
        };
        Some(Action::Download {
            from: from?,
            to: to?,
        })
    }

    /// Says what of a typed text no key types.
    pub(super) fn check_typed(&mut self, text: &Text, span: Span) {
        let plain = text.parts().iter().filter_map(|part| match part {
            Part::Plain(text) => Some(text.as_str()),
            _ => None,
        });
        let untypable = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
        if let Some(char) = plain.flat_map(str::chars).find(untypable) {
            self.add(untypable_text(char, span));
        }
    }
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

fn exposed(line: &Text, span: Span) -> Problem {
    let shown = scenario::shown(&line.to_string(), 40);
    Problem::new(
        Code::ExposedSecret,
        span,
        format!("the secret in `{shown}` would stand in the list of processes"),
    )
    .label("everybody on that machine can read a command line")
    .help(
        "give it as a variable: `{ command: \"login --password \\\"$PASSWORD\\\"\", environment: { \
         PASSWORD: \"${secrets.…}\" } }`",
    )
}

fn untypable_text(char: char, span: Span) -> Problem {
    let code = u32::from(char);
    Problem::new(
        Code::UntypableText,
        span,
        format!("no key types the character U+{code:04X}"),
    )
    .label("a control character is in this text")
    .help(match char {
        '\r' => "a line ends with `\\n`",
        '\u{8}' => "write `- press: BackSpace`",
        '\u{1b}' => "write `- press: Escape`",
        '\u{7f}' => "write `- press: Delete`",
        _ => "keys that are no characters are pressed: `- press: Return`, `- hotkey: ctrl+c`",
    })
}
