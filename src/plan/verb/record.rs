//! `record`.

use super::{Resolve, Resolver, Verb, written};

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
