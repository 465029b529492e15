//! `download`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Value, literal, map},
    written,
};
use crate::{
    plan::{Need, Text, names},
    scenario::{Code, Problem, Span, ticked},
};

/// Copies a file from the desktop's machine among the artifacts.
#[derive(Clone, Debug, PartialEq)]
pub struct Download {
    /// The file.
    pub from: Text,
    /// Its name there, safe as a file name.
    pub to: String,
}

impl Verb for Download {
    fn title(&self) -> String {
        self.from.to_string()
    }

    fn argument(&self, _: &Path) -> Value {
        map([
            ("from", notation::text(&self.from)),
            ("to", literal(&self.to)),
        ])
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Files]
    }
}

impl Resolve for written::Download {
    type Meant = Download;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Download> {
        let from = resolver.text(&self.from);
        let to = if let Some(to) = &self.to {
            resolver.file_name(to, "download")
        } else {
            let path = resolver.known(&self.from)?;
            let name = path.rsplit('/').next().unwrap_or_default();
            let problem = if name.is_empty() {
                Some(no_file_name(&path, self.from.span))
            } else {
                names::check(name, self.from.span, "download")
            };
            if let Some(problem) = problem {
                resolver.add(problem);
                return None;
            }
            Some(name.to_owned())
        };
        Some(Download {
            from: from?,
            to: to?,
        })
    }
}

fn no_file_name(path: &str, span: Span) -> Problem {
    let message = format!("{} has no file name", ticked(path));
    Problem::new(Code::BadName, span, message)
        .label("expected the path of a file")
        .help("name a file: `download: ~/notes.txt`")
}
