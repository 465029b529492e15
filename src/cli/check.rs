//! `deskhand check`: every problem of every file, and nothing played.

use clap::ValueEnum;
use serde::Serialize;

use super::{Exit, ProcessEnvironment, complain, plans::Selection, repository::Repository, say};
use crate::{
    report::{Annotation, CiSystem, Level},
    scenario::{self, Problem, Problems, Source, Span},
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How problems are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Format {
    /// For people, with the lines of the scenario
    Human,
    /// One JSON array
    Json,
    /// Annotations for GitHub workflows
    Github,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let read = match arguments.selection.read(environment, false) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    if let Err(exit) = read.check_vars() {
        return exit;
    }
    let all = || read.problems.iter().chain(&read.warnings);
    let written = match arguments.format {
        Format::Human => {
            let found: Vec<&Problems> = all().collect();
            let drawn = scenario::render(found, environment.width, environment.colour);
            let blank = if drawn.is_empty() { "" } else { "\n" };
            say::print_drawn(&format!("{drawn}{blank}{}\n", summary(read.files, all())))
        }
        Format::Json => {
            let entries: Vec<Entry> = all().flat_map(Entry::of).collect();
            match serde_json::to_string_pretty(&entries) {
                Ok(json) => say::print_document(&format!("{json}\n")),
                Err(error) => {
                    complain(&error.to_string());
                    return Exit::Report;
                }
            }
        }
        Format::Github => {
            let repository = Repository::new(environment);
            let entries = all().flat_map(Entry::of);
            let annotations =
                entries.map(|entry| entry.annotation(&repository.file(&entry.place.file)));
            say::exactly(annotations.collect::<String>().as_bytes())
        }
    };
    if let Err(exit) = written {
        return exit;
    }
    let exit = if read.problems.is_empty() {
        Exit::Passed
    } else {
        Exit::Invalid
    };
    // The program ends here, and dropping thousands of plans first would take a tenth of its time.
    std::mem::forget(read);
    exit
}

fn summary<'a>(files: usize, found: impl Iterator<Item = &'a Problems>) -> String {
    let (mut errors, mut warnings) = (0, 0);
    for problem in found.flat_map(Problems::iter) {
        if problem.code.is_warning() {
            warnings += 1;
        } else {
            errors += 1;
        }
    }
    let count = |number: usize, word: &str| match number {
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    };
    let found = match (errors, warnings) {
        (0, 0) => "no problems".to_owned(),
        (0, _) => count(warnings, "warning"),
        (_, 0) => count(errors, "problem"),
        _ => format!(
            "{}, {}",
            count(errors, "problem"),
            count(warnings, "warning")
        ),
    };
    format!("{}: {found}", count(files, "file"))
}

/// One problem, for programs.
#[derive(Debug, Serialize)]
struct Entry {
    #[serde(flatten)]
    place: ProblemSpan,
    code: &'static str,
    severity: &'static str,
    message: String,
    label: String,
    help: Option<String>,
    related: Vec<Related>,
}

/// Another place that belongs to a problem.
#[derive(Debug, Serialize)]
struct Related {
    #[serde(flatten)]
    place: ProblemSpan,
    label: String,
}

/// A part of a file: lines and columns from 1, the columns in characters, the
/// end after its last one.
#[derive(Debug, Serialize)]
struct ProblemSpan {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl ProblemSpan {
    fn new(source: &Source, span: Span) -> Self {
        let (line, column) = source.position(span.start);
        let (end_line, end_column) = source.position(span.end());
        Self {
            file: source.name().to_owned(),
            line,
            column,
            end_line,
            end_column,
        }
    }
}

impl Entry {
    fn of(file: &Problems) -> Vec<Self> {
        let source = file.source();
        let entry = |problem: &Problem| Self {
            place: ProblemSpan::new(source, problem.span),
            code: problem.code.name(),
            severity: if problem.code.is_warning() {
                "warning"
            } else {
                "error"
            },
            message: problem.message.clone(),
            label: problem.label.clone(),
            help: problem.help.clone(),
            related: problem
                .related
                .iter()
                .map(|(span, label)| Related {
                    place: ProblemSpan::new(source, *span),
                    label: label.clone(),
                })
                .collect(),
        };
        file.iter().map(entry).collect()
    }

    /// The command that shows it on a pull request on GitHub.
    fn annotation(&self, file: &str) -> String {
        let mut message = self.message.clone();
        for more in std::iter::once(&self.label).chain(&self.help) {
            if !more.is_empty() {
                message = format!("{message}\n{more}");
            }
        }
        let place = &self.place;
        let annotation = Annotation {
            level: match self.severity {
                "warning" => Level::Warning,
                _ => Level::Error,
            },
            file: file.to_owned(),
            line: place.line,
            column: place.column,
            end: Some((place.end_line, place.end_column)),
            title: format!("deskhand: {}", self.code),
            message,
        };
        annotation.command(CiSystem::Github)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scenario::Code;

    fn entry() -> Entry {
        let source = Arc::new(Source::new("a,b.yaml", "name: é\nsteps: 50%\n".as_bytes()));
        let problem = Problem::new(Code::WrongType, Span::new(16..19), "`steps` is 50%")
            .label("here")
            .help("write:\nsteps:");
        let mut entries = Entry::of(&Problems::new(source, vec![problem]));
        entries.remove(0)
    }

    #[test]
    fn a_problem_for_programs_has_its_place_in_characters() {
        let json = serde_json::to_value(entry()).unwrap();
        assert_eq!(json["file"], "a,b.yaml");
        let place = ["line", "column", "end_line", "end_column"].map(|key| json[key].as_u64());
        assert_eq!(place, [Some(2), Some(8), Some(2), Some(11)]);
        assert_eq!(json["code"], "wrong-type");
        assert_eq!(json["severity"], "error");
    }

    #[test]
    fn an_annotation_is_one_line_whatever_is_in_it() {
        assert_eq!(
            entry().annotation("in/a,b.yaml"),
            "::error file=in/a%2Cb.yaml,line=2,endLine=2,col=8,endColumn=11,title=deskhand%3A \
             wrong-type::`steps` is 50%25%0Ahere%0Awrite:%0Asteps:\n"
        );
    }
}
