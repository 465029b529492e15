//! Targets: names looked up.

use std::sync::Arc;

use super::Resolver;
use crate::{
    geometry::Point,
    plan::{Look, Sight, Spot, Target, Within, target::Beside},
    scenario::{self, Code, Pointed, PositionWritten, Problem, Span, nearest, these, ticked},
    vision,
};

impl Resolver<'_, '_> {
    /// Reads the named targets of the file, also those that nobody uses.
    pub(in crate::plan) fn read_targets(&mut self) {
        let file = Arc::clone(&self.file);
        for (name, _) in &file.scenario.names.targets {
            // A name of the settings may be given anew.
            self.targets.remove(&name.value);
        }
        for (name, _) in &file.scenario.names.targets {
            self.named(&name.value, &mut Vec::new());
        }
    }

    /// The target of a name, if there is one: `Some(None)` where it has a
    /// problem. `path` are the names that lead here.
    fn named(&mut self, name: &str, path: &mut Vec<String>) -> Option<Option<Target>> {
        if let Some(known) = self.targets.get(name) {
            return Some(known.clone());
        }
        let file = Arc::clone(&self.file);
        let mut targets = file.scenario.names.targets.iter();
        let (key, written) = targets.find(|(key, _)| key.value == name)?;
        if path.iter().any(|other| other == name) {
            self.add(circular(name, path, key.span));
            return Some(None);
        }
        path.push(name.to_owned());
        let target = self.target_below(written, path);
        path.pop();
        let target = target.map(|target| Target {
            title: name.to_owned(),
            ..target
        });
        self.targets.insert(name.to_owned(), target.clone());
        Some(target)
    }

    /// A target of a step.
    pub(in crate::plan) fn target(&mut self, written: &scenario::Target) -> Option<Target> {
        self.target_below(written, &mut Vec::new())
    }

    /// The same for a target that may be left out.
    pub(in crate::plan) fn optional_target(
        &mut self,
        written: Option<&scenario::Target>,
    ) -> Option<Option<Target>> {
        match written {
            Some(written) => self.target(written).map(Some),
            None => Some(None),
        }
    }

    /// A target that has to be there, or gone.
    pub(in crate::plan) fn sight(&mut self, written: &scenario::Sight) -> Option<Sight> {
        let target = self.target(&written.target);
        let gone = self.optional(written.gone.as_ref());
        Some(Sight {
            target: target?,
            gone: gone?.unwrap_or(false),
        })
    }

    pub(in crate::plan) fn target_below(
        &mut self,
        written: &scenario::Target,
        path: &mut Vec<String>,
    ) -> Option<Target> {
        // A name alone is the target that it names.
        if let scenario::Look::Position(PositionWritten::Word(word)) = &written.look
            && written.within.is_none()
            && written.relations.is_empty()
            && written.offset.is_none()
            && let Pointed::Name(name) = self.value(word)?
        {
            return self.by_name(&name, word.span, path);
        }
        let threshold = self.optional(written.threshold.as_ref());
        let ignores = self.optional(written.ignore_background.as_ref());
        let (threshold, ignores) = (threshold?, ignores?);
        let within = match &written.within {
            Some(within) => self.within(within, path).map(Some),
            None => Some(None),
        };
        let mut beside = Beside {
            threshold: threshold.map_or(vision::THRESHOLD, narrow),
            ignore_background: ignores.unwrap_or(false),
            path,
        };
        let look = Look::resolve(&written.look, &mut beside, self);
        let nth = self.optional(written.nth.as_ref());
        let offset = match &written.offset {
            Some([x, y]) => Some(Point::new(self.value(x)?, self.value(y)?)),
            None => Some(Point::default()),
        };
        let within = within?;
        let relations = self.relations(&written.relations, within.as_ref(), path);
        let look = look?;
        let look = match &within {
            Some(within) => look.in_place(within),
            None => look,
        };
        if within.is_none()
            && let Look::Position(Spot::At(point)) = look
        {
            self.check_point(point, written.span);
        }
        Some(Target::new(look, (within, relations?), nth?, offset?))
    }

    /// The target of a name that is used alone.
    pub(in crate::plan) fn target_by_name(&mut self, name: &str, span: Span) -> Option<Target> {
        self.by_name(name, span, &mut Vec::new())
    }

    /// The same, to which the names of `path` lead.
    pub(in crate::plan) fn by_name(
        &mut self,
        name: &str,
        span: Span,
        path: &mut Vec<String>,
    ) -> Option<Target> {
        self.desk.uses.named(self.file.scenario.source.name(), name);
        let found = self.named(name, path);
        if found.is_none() && !self.file.missing.targets && !self.is_full() {
            let problem = self.unknown_target(name, span);
            self.add(problem);
        }
        found.flatten()
    }

    /// Several targets; `None` where one of them has a problem.
    pub(in crate::plan) fn targets_below(
        &mut self,
        written: &[scenario::Target],
        path: &mut Vec<String>,
    ) -> Option<Vec<Target>> {
        let targets = written.iter();
        let targets: Vec<Option<Target>> = targets
            .map(|target| self.target_below(target, path))
            .collect();
        targets.into_iter().collect()
    }

    fn within(&mut self, written: &scenario::Within, path: &mut Vec<String>) -> Option<Within> {
        Some(match written {
            scenario::Within::Rect(rect) => Within::Area(self.rect(rect)?),
            scenario::Within::Target(target) => {
                Within::Target(Box::new(self.target_below(target, path)?))
            }
            scenario::Within::Named(name) => {
                let known = self.known(name)?;
                if let Some(rect) = self.region(&known, name.span) {
                    return Some(Within::Area(rect));
                }
                Within::Target(Box::new(self.by_name(&known, name.span, path)?))
            }
        })
    }

    fn unknown_target(&self, name: &str, span: Span) -> Problem {
        let message = format!("there is no target {}", ticked(name));
        let problem = Problem::new(Code::UnknownTarget, span, message);
        let written = self.file.scenario.names.targets.iter();
        let written = written.map(|(name, _)| name.value.as_str());
        let inherited = self.targets.keys().map(String::as_str);
        let mut names: Vec<&str> = written.chain(inherited).collect();
        names.sort_unstable();
        names.dedup();
        match nearest(name, names.iter().copied()) {
            Some(near) => problem
                .label(format!("did you mean {}?", ticked(near)))
                .help(these("target", names.iter().copied())),
            None if names.is_empty() => {
                problem
                    .label("this scenario has no `targets`")
                    .help(format!(
                        "define it at the top level: `targets: {{ {}: {{ text: Save }} }}`, or \
                         write here what to look for: `{{ text: … }}`, `[x, y]`",
                        scenario::shown(name, 40)
                    ))
            }
            None => problem
                .label("unknown target")
                .help(these("target", names.iter().copied())),
        }
    }
}

fn circular(name: &str, path: &[String], span: Span) -> Problem {
    let way = path.iter().map(String::as_str).chain([name]).map(ticked);
    let way: Vec<String> = way.collect();
    let message = format!("the target {} refers to itself", ticked(name));
    Problem::new(Code::UseCycle, span, message)
        .label(way.join(" → "))
        .help("say what to look for: `{ text: Save }`, `{ image: images/save.png }`")
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share of 1 keeps all the digits that a person writes"
)]
pub(super) fn narrow(share: f64) -> f32 {
    share as f32
}
