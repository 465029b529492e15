//! `assert`.

use std::path::Path;

use super::{
    Fact, Resolve, Resolver, Verb,
    notation::{Value, map},
    written,
};
use crate::plan::{Need, Output, Sight, Target};

/// What must be true now.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Assert {
    /// A target is there, or is not.
    Sight(Sight),
    /// A fact apart from the screen.
    Fact(Fact),
}

impl Verb for Assert {
    fn title(&self) -> String {
        match self {
            Self::Sight(sight) => sight.to_string(),
            Self::Fact(fact) => fact.title(),
        }
    }

    fn argument(&self, folder: &Path) -> Value {
        map(match self {
            Self::Sight(sight) => sight.notation(folder),
            Self::Fact(fact) => fact.notation(),
        })
    }

    fn outputs(&self) -> &'static [Output] {
        match self {
            Self::Sight(sight) => sight.outputs(),
            Self::Fact(fact) => fact.outputs(),
        }
    }

    fn needs(&self) -> Vec<Need> {
        match self {
            Self::Fact(fact) => fact.needs(),
            Self::Sight(_) => Vec::new(),
        }
    }

    fn targets(&self) -> Vec<&Target> {
        match self {
            Self::Sight(sight) => vec![&sight.target],
            Self::Fact(_) => Vec::new(),
        }
    }
}

impl Resolve for written::Assert {
    type Meant = Assert;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Assert> {
        Some(match self {
            Self::Sight(sight) => Assert::Sight(resolver.sight(sight)?),
            Self::Fact(fact) => Assert::Fact(fact.resolve(resolver)?),
        })
    }
}
