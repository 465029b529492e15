//! What only the order of the steps shows: recordings that overlap, baselines
//! that mean two things.

use std::collections::{HashMap, HashSet};

use super::{Action, Plan, Record, Step};
use crate::{
    geometry::Rect,
    scenario::{Code, Findings, Missing, Problem, Span, ticked},
};

/// Looks through the steps in the order in which they are played.
pub(super) fn check(plan: &Plan, missing: Missing, findings: &mut Findings) {
    // A step that was left out may be the very one that is missed here.
    if !missing.steps {
        check_recordings(plan, findings);
    }
    if !missing.regions && !missing.size {
        check_baselines(plan, findings);
    }
}

fn check_recordings(plan: &Plan, findings: &mut Findings) {
    let mut running: Option<(&str, Span)> = None;
    let mut known: HashMap<&str, Span> = HashMap::new();
    for step in plan.all_steps() {
        match &step.action {
            Action::Record(Record::Start { name }) => {
                if let Some(first) = known.insert(name, step.origin) {
                    findings.add(same_name(step, name, first));
                } else if let Some((other, since)) = running {
                    findings.add(still_running(step, other, since));
                }
                running = Some((name, step.origin));
            }
            Action::Record(Record::Stop) => match running {
                Some(_) => running = None,
                None => findings.add(nothing_to_stop(step)),
            },
            _ => {}
        }
    }
}

fn same_name(step: &Step, name: &str, first: Span) -> Problem {
    let message = format!("two recordings are named {}", ticked(name));
    Problem::new(Code::RecordingOrder, step.origin, message)
        .label("the second would replace the first")
        .related(first, "the first")
        .help(format!(
            "give it another name: `record: {}-2`",
            ticked(name).trim_matches('`')
        ))
}

fn still_running(step: &Step, other: &str, since: Span) -> Problem {
    let message = format!("the recording {} is still running here", ticked(other));
    Problem::new(Code::RecordingOrder, step.origin, message)
        .label("one at a time")
        .related(since, "started here")
        .help("stop it before: `- record: stop`")
}

fn nothing_to_stop(step: &Step) -> Problem {
    Problem::new(
        Code::RecordingOrder,
        step.origin,
        "no recording is running here",
    )
    .label("nothing to stop")
    .help("start one before: `- record: demo`; one that still runs at the end is stopped there")
}

/// One baseline is one picture, so every step that names it must look at the
/// same part of the screen.
fn check_baselines(plan: &Plan, findings: &mut Findings) {
    let mut known: HashMap<&str, (Option<Rect>, Span)> = HashMap::new();
    let mut told: HashSet<&str> = HashSet::new();
    for step in plan.all_steps() {
        let Action::ScreenshotAssert(assert) = &step.action else {
            continue;
        };
        let name = assert.baseline.as_str();
        let (region, first) = *known.entry(name).or_insert((assert.region, step.origin));
        if region != assert.region && told.insert(name) {
            findings.add(
                Problem::new(
                    Code::BaselineConflict,
                    step.origin,
                    format!(
                        "the baseline {} shows two parts of the screen",
                        ticked(name)
                    ),
                )
                .label(part(assert.region))
                .related(first, part(region))
                .help("give one of the two another name, or the same `region`"),
            );
        }
    }
}

fn part(region: Option<Rect>) -> String {
    region.map_or_else(
        || "all of it here".to_owned(),
        |rect| format!("{rect} here"),
    )
}
