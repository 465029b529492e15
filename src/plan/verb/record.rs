//! `record`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, literal, map},
    written,
};

/// What happens to the recording.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Record {
    /// It starts.
    Start {
        /// Its name, safe as a file name and used once in the scenario.
        name: String,
    },
    /// The one that is running stops.
    Stop,
}

impl Verb for Record {
    fn title(&self) -> String {
        match self {
            Self::Start { name } => name.clone(),
            Self::Stop => "stop".to_owned(),
        }
    }

    fn argument(&self, _: &Path) -> Value {
        let recording = match self {
            Self::Start { name } => literal(name),
            Self::Stop => "stop".into(),
        };
        map([("recording", recording)])
    }
}

impl Resolve for written::Record {
    type Meant = Record;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Record> {
        Some(match self {
            Self::Start(name) => Record::Start {
                name: resolver.file_name(name, "recording")?,
            },
            Self::Stop => Record::Stop,
        })
    }
}
