//! What only the order of the steps shows: recordings that overlap, and baselines with two
//! meanings.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{Action, Plan, Record, Step, ledger::Ledger};
use crate::{
    geometry::Rect,
    scenario::{Code, Problem, ticked},
};

/// Looks through the steps in the order in which they are played; `whole` is
/// whether none of them had to be left out.
pub(super) fn check(plan: &Plan, whole: bool, ledger: &mut Ledger) {
    let mut tell = |step: &Step, problem: Problem| ledger.add(&step.origin.source, problem);
    // A step that was left out may be the very one that is missed here.
    if whole {
        let mut recordings = Recordings {
            running: State::None,
            known: HashMap::new(),
            tell: &mut tell,
        };
        for steps in [&plan.setup, &plan.steps, &plan.teardown] {
            recordings.follow(steps, false);
        }
        check_baselines(plan, &mut tell);
    }
}

/// What is known about the recording at a step.
#[derive(Clone, Copy)]
enum State<'p> {
    None,
    Running(&'p str, &'p Step),
    /// It depends on what the screen shows.
    Either,
}

/// Follows the recordings of a plan.
struct Recordings<'p, 't> {
    running: State<'p>,
    known: HashMap<&'p str, &'p Step>,
    tell: &'t mut dyn FnMut(&Step, Problem),
}

impl<'p> Recordings<'p, '_> {
    fn follow(&mut self, steps: &'p [Step], repeated: bool) {
        for step in steps {
            match &step.action {
                Action::Record(record) => match &**record {
                    Record::Start { name, .. } => self.start(step, name, repeated),
                    Record::Stop => self.stop(step),
                },
                Action::If(block) => {
                    let before = self.running;
                    self.follow(&block.then, repeated);
                    let after = std::mem::replace(&mut self.running, before);
                    self.follow(&block.otherwise, repeated);
                    self.join(after);
                }
                Action::RepeatUntil(block) => {
                    let before = self.running;
                    self.follow(&block.steps, true);
                    self.join(before);
                }
                action => {
                    for (_, steps) in action.verb().blocks() {
                        self.follow(steps, repeated);
                    }
                }
            }
            if step.condition.is_some() && matches!(step.action, Action::Record(_)) {
                self.running = State::Either;
            }
        }
    }

    fn start(&mut self, step: &'p Step, name: &'p str, repeated: bool) {
        if let Some(first) = self.known.insert(name, step) {
            (self.tell)(step, same_name(step, name, first));
        } else if repeated {
            (self.tell)(step, in_a_loop(step, name));
        } else if let State::Running(other, since) = self.running {
            (self.tell)(step, still_running(step, other, since));
        }
        self.running = State::Running(name, step);
    }

    fn stop(&mut self, step: &'p Step) {
        if let State::None = self.running {
            (self.tell)(step, nothing_to_stop(step));
        }
        self.running = State::None;
    }

    /// What is known where two branches meet.
    fn join(&mut self, other: State<'p>) {
        self.running = match (self.running, other) {
            (State::None, State::None) => State::None,
            (State::Running(one, step), State::Running(two, _)) if one == two => {
                State::Running(one, step)
            }
            _ => State::Either,
        };
    }
}

fn same_name(step: &Step, name: &str, first: &Step) -> Problem {
    let message = format!("two recordings are named {}", ticked(name));
    Problem::new(Code::RecordingOrder, step.origin.span, message)
        .label("this one would replace the first")
        .relate(step, first, "the first")
        .help(format!(
            "rename it: `record: {}-2`",
            ticked(name).trim_matches('`')
        ))
}

fn in_a_loop(step: &Step, name: &str) -> Problem {
    let message = format!("the recording {} would start in every round", ticked(name));
    Problem::new(Code::RecordingOrder, step.origin.span, message)
        .label("each would replace the one before it")
        .help("start it before the loop")
}

fn still_running(step: &Step, other: &str, since: &Step) -> Problem {
    let message = format!("the recording {} is still running here", ticked(other));
    Problem::new(Code::RecordingOrder, step.origin.span, message)
        .label("only one recording can run at a time")
        .relate(step, since, "started here")
        .help("stop it first: `- record: stop`")
}

fn nothing_to_stop(step: &Step) -> Problem {
    Problem::new(
        Code::RecordingOrder,
        step.origin.span,
        "no recording is running here",
    )
    .label("there is nothing to stop")
    .help(
        "start one first: `- record: demo`; a recording that is still running at the end is \
         stopped automatically",
    )
}

/// One baseline is one picture, so every step that names it must look at the
/// same part of the screen.
fn check_baselines(plan: &Plan, tell: &mut dyn FnMut(&Step, Problem)) {
    let mut known: HashMap<&str, (Option<Rect>, &Step)> = HashMap::new();
    let mut told: HashSet<&str> = HashSet::new();
    plan.each_step(&mut |step| {
        let Action::ScreenshotAssert(assert) = &step.action else {
            return;
        };
        let name = assert.baseline.as_str();
        let (region, first) = *known.entry(name).or_insert((assert.region, step));
        if region != assert.region && told.insert(name) {
            let message = format!(
                "the baseline {} is used for two parts of the screen",
                ticked(name)
            );
            tell(
                step,
                Problem::new(Code::BaselineConflict, step.origin.span, message)
                    .label(part(assert.region))
                    .relate(step, first, part(region))
                    .help("rename one of the two, or use the same `region` for both"),
            );
        }
    });
}

/// A place in another file cannot be drawn next to this one.
trait Relate {
    fn relate(self, step: &Step, other: &Step, label: impl Into<String>) -> Self;
}

impl Relate for Problem {
    fn relate(self, step: &Step, other: &Step, label: impl Into<String>) -> Self {
        if Arc::ptr_eq(&step.origin.source, &other.origin.source) {
            self.related(other.origin.span, label)
        } else {
            self
        }
    }
}

fn part(region: Option<Rect>) -> String {
    region.map_or_else(
        || "the whole screen here".to_owned(),
        |rect| format!("{rect} here"),
    )
}
