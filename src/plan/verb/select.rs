//! `select`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Value, map},
    written,
};
use crate::{
    plan::{Need, Target, Wording},
    scenario::{Code, Problem, Span},
};

/// Chooses an entry of a widget.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// The widget that has the entry.
    pub target: Target,
    /// The name of the entry.
    pub option: Wording,
}

impl Verb for Select {
    fn title(&self) -> String {
        format!("{} of {}", self.option, self.target)
    }

    fn argument(&self, folder: &Path) -> Value {
        map([
            ("target", self.target.notation(folder)),
            ("option", notation::wording(&self.option)),
        ])
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Widgets]
    }

    fn targets(&self) -> Vec<&Target> {
        vec![&self.target]
    }

    fn strokes(&self) -> Option<usize> {
        Some(0)
    }
}

impl Resolve for written::Select {
    type Meant = Select;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Select> {
        let target = resolver.target(&self.target);
        let option = resolver.wording(&self.option);
        let target = target?;
        if !target.is_widget() {
            resolver.add(no_widget(&target, self.target.span));
            return None;
        }
        Some(Select {
            target,
            option: option?,
        })
    }
}

fn no_widget(target: &Target, span: Span) -> Problem {
    let message = format!("`select` chooses an entry of a widget, but `{target}` is not a widget");
    Problem::new(Code::WrongType, span, message)
        .label("expected a widget, by its role")
        .help("write `target: { role: combobox, name: … }`, or click the entries one by one")
}
