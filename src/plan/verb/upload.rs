//! `upload`.

use std::{path::Path, path::PathBuf};

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Value, map},
    written,
};
use crate::{
    plan::{Need, Text, context::beside, resolve::missing_file},
    scenario::ticked,
};

/// Copies a file to the desktop's machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    /// A file of this machine, which was there when the plan was made.
    pub from: PathBuf,
    /// Where it goes.
    pub to: Text,
}

impl Verb for Upload {
    fn title(&self) -> String {
        self.to.to_string()
    }

    fn argument(&self, folder: &Path) -> Value {
        map([
            ("from", notation::path(&self.from, folder)),
            ("to", notation::text(&self.to)),
        ])
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Files]
    }

    fn files(&self) -> Vec<&Path> {
        vec![&self.from]
    }
}

impl Resolve for written::Upload {
    type Meant = Upload;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Upload> {
        let from = resolver.known(&self.from);
        let to = resolver.text(&self.to);
        let path = beside(&resolver.folder, &from?);
        let files = resolver.desk.context.files;
        if !files.is_file(&path) {
            let is_missing = files.list(&path).is_err();
            let reason = if is_missing {
                std::io::ErrorKind::NotFound.into()
            } else {
                std::io::Error::other("it is a folder")
            };
            let problem = missing_file(self.from.span, &path, &reason);
            let near = resolver.near_file(&path).filter(|_| is_missing);
            resolver.add(match near {
                Some(near) => problem.help(format!("did you mean {}?", ticked(&near))),
                None => problem.help("`upload` copies one file, not a folder"),
            });
            return None;
        }
        Some(Upload {
            from: path,
            to: to?,
        })
    }
}
