//! One step: its modifiers, its timeout, what it does.

use std::time::Duration;

use super::{Resolver, standard, target::narrow};
use crate::{
    geometry::Size,
    plan::{
        Action, Capture, ExpectChange, Retry, Step, Text,
        verb::{CHECKS, Resolve},
    },
    scenario::{self, Area, Code, Notation, Problem, Span, Val, list, shown, ticked, verb},
    timeline::Zoom,
    vision::Limits,
};

/// The longest title of a step, in characters.
const LONGEST_TITLE: usize = 60;

impl Resolver<'_, '_> {
    /// The plan of a step; `None` where a value of it is a problem.
    pub(in crate::plan) fn step(&mut self, written: &scenario::Step) -> Option<Step> {
        let modifiers = &written.modifiers;
        let name = match &modifiers.name {
            Some(name) => self.text(name).map(Some),
            None => Some(None),
        };
        let condition = match &modifiers.condition {
            Some(condition) => self.condition(condition).map(Some),
            None => Some(None),
        };
        let retry = self.retry(modifiers.retry.as_deref());
        let expect_change = self.expect_change(modifiers.expect_change.as_deref());
        let timeout = self.optional(modifiers.timeout.as_ref());
        let soft = self.optional(modifiers.soft.as_ref());
        let optional = self.is_optional(written);
        let hidden = self.optional(modifiers.hidden.as_ref());
        let caption = match &modifiers.caption {
            Some(caption) => caption.resolve(self).map(Some),
            None => Some(None),
        };
        let zoom = match &modifiers.zoom {
            Some(zoom) => self.zoom(zoom).map(Some),
            None => Some(None),
        };
        let action = written.action.resolve(self);
        if let Some(capture) = &modifiers.capture {
            self.captures(capture);
        }
        let action = action?;
        let capture = match &modifiers.capture {
            Some(capture) => self.captured_by(written.verb, &action, capture).map(Some),
            None => Some(None),
        };
        let usually = self.usual_timeout();
        let title = title(name?.as_ref(), written.verb, &action);
        Some(Step {
            origin: self.origin(written.span),
            verb: written.verb,
            title,
            timeout: timeout?.unwrap_or_else(|| action.verb().timeout(usually)),
            retry: retry?,
            soft: soft?.unwrap_or(false),
            optional: optional?,
            condition: condition?.map(Box::new),
            expect_change: expect_change?.map(Box::new),
            capture: capture?,
            hidden: hidden?.unwrap_or(false),
            caption: caption?.map(Box::new),
            zoom: zoom?,
            action,
        })
    }

    /// The part of the screen that a film shows. A region can have one of the words as its name.
    fn zoom(&mut self, written: &Area) -> Option<Zoom> {
        let word = match written {
            Area::Named(name) => name.value.known(),
            Area::Rect(_) => None,
        };
        match word {
            Some("off") if !self.has_region("off") => Some(Zoom::Off),
            Some("action") if !self.has_region("action") => Some(Zoom::Action),
            _ => self.area(written).map(Zoom::Area),
        }
    }

    /// How long a step may take if nothing else is set.
    pub(in crate::plan) fn usual_timeout(&self) -> Duration {
        self.defaults.timeout.unwrap_or(standard::TIMEOUT)
    }

    /// Whether it is enough to note that a step failed, which is for checks.
    fn is_optional(&mut self, written: &scenario::Step) -> Option<bool> {
        let Some(optional) = &written.modifiers.optional else {
            return Some(false);
        };
        let is = self.value(optional)?;
        if is && !CHECKS.contains(&written.verb) {
            self.add(no_check(written.verb, optional.span));
            return None;
        }
        Some(is)
    }

    fn retry(&mut self, written: Option<&scenario::Retry>) -> Option<Retry> {
        let Some(written) = written else {
            return Some(Retry::default());
        };
        let times = self.value(&written.times);
        let pause = self.optional(written.pause.as_ref());
        Some(Retry {
            times: times?,
            pause: pause?.unwrap_or_default(),
        })
    }

    fn expect_change(
        &mut self,
        written: Option<&scenario::ExpectChange>,
    ) -> Option<Option<ExpectChange>> {
        let Some(written) = written else {
            return Some(None);
        };
        let within = self.value(&written.within);
        let watched = self.watched(&written.watched);
        Some(Some(ExpectChange {
            within: within?,
            watched: watched?,
        }))
    }

    /// What a step captures, which is known to those after it.
    fn captured_by(
        &mut self,
        verb: &str,
        action: &Action,
        written: &scenario::Capture,
    ) -> Option<Capture> {
        let outputs = action.verb().outputs();
        if outputs.is_empty() {
            self.add(nothing_to_capture(verb, written.name.span));
            return None;
        }
        self.capture(written, outputs)
    }

    /// The name that a step captures is known from here on, whatever else is wrong with
    /// the step.
    fn captures(&mut self, written: &scenario::Capture) {
        let name = &written.name;
        self.names.captured.insert(name.value.clone());
        let file = self.file.scenario.source.name();
        self.desk.uses.captured(file, name);
    }

    /// All values of a list.
    pub(in crate::plan) fn values<T: Notation + Clone>(
        &mut self,
        written: &[Val<T>],
    ) -> Option<Vec<T>> {
        let values: Vec<Option<T>> = written.iter().map(|value| self.value(value)).collect();
        values.into_iter().collect()
    }

    /// How much may differ from a baseline, as the step or its defaults say it.
    pub(in crate::plan) fn limits(&mut self, written: &verb::Limits) -> Option<Limits> {
        let tolerance = self.optional(written.tolerance.as_ref());
        let area_tolerance = self.optional(written.area_tolerance.as_ref());
        let max_pixels = self.optional(written.max_pixels.as_ref());
        let max_cluster = self.optional(written.max_cluster.as_ref());
        let (defaults, usual) = (&self.defaults, Limits::default());
        let tolerance = tolerance?.or(defaults.tolerance);
        let area_tolerance = area_tolerance?.or(defaults.area_tolerance);
        let max_pixels = max_pixels?.or(defaults.max_pixels);
        let max_cluster = max_cluster?.or(defaults.max_cluster);
        Some(Limits {
            tolerance: tolerance.map_or(usual.tolerance, narrow),
            area_tolerance: area_tolerance.map_or(usual.area_tolerance, narrow),
            max_pixels: max_pixels.map_or(usual.max_pixels, u64::from),
            max_cluster: max_cluster.map_or(usual.max_cluster, u64::from),
        })
    }

    /// The screen has this size from here on; `None` where that is a problem.
    pub(in crate::plan) fn resized(&mut self, size: Option<Size>) {
        match size {
            Some(size) => self.screen.resize(size),
            None => self.screen.known = false,
        }
    }
}

/// The one line by which a step is known in reports: its name, else its verb and
/// what that is about.
fn title(name: Option<&Text>, verb: &str, action: &Action) -> String {
    let line = match (name, action.verb().title()) {
        (Some(name), _) => name.to_string(),
        (None, about) if about.is_empty() => return verb.to_owned(),
        (None, about) => format!("{verb} {about}"),
    };
    shown(&line, LONGEST_TITLE)
}

fn no_check(verb: &str, span: Span) -> Problem {
    let message = format!("`{verb}` cannot be `optional`, because it does something");
    let (last, first) = CHECKS
        .split_last()
        .map_or_else(Default::default, |(last, first)| {
            (ticked(last), list(first.iter().copied()))
        });
    Problem::new(Code::UnknownKey, span, message)
        .label(format!("only {first} and {last} can be optional"))
        .help("to play the steps after it although it failed, use `soft: true`")
}

fn nothing_to_capture(verb: &str, span: Span) -> Problem {
    Problem::new(
        Code::UnknownKey,
        span,
        format!("`{verb}` has nothing to capture"),
    )
    .label(
        "only the output of a command and the text of a target, a file or the clipboard can be \
         captured",
    )
    .help("write it below a `run`:\n- run: date\n  capture: today")
}
