//! The one line by which a step is known in reports.

use super::{Action, Assert, Condition, Record, Sight, Target, Text, Wait};
use crate::scenario::{self, shown, verb};

/// The longest title, in characters.
const LONGEST: usize = 60;

/// The step's name, else its verb and argument.
pub(super) fn of(name: Option<&Text>, step: &scenario::Step, action: &Action) -> String {
    if let Some(name) = name {
        return shown(&name.to_string(), LONGEST);
    }
    let argument = argument(&step.action, action);
    if argument.is_empty() {
        return step.verb.to_owned();
    }
    shown(&format!("{} {argument}", step.verb), LONGEST)
}

fn argument(written: &verb::Action, action: &Action) -> String {
    match action {
        Action::WaitReady => String::new(),
        Action::Launch(command) => command.line.to_string(),
        Action::Run(run) | Action::Assert(Assert::Command(run)) => run.command.line.to_string(),
        Action::Click { at, .. } => at.as_ref().map_or_else(String::new, Target::to_string),
        Action::Move { to } => to.to_string(),
        Action::Drag { from, to, .. } => match from {
            Some(from) => format!("{from} to {to}"),
            None => format!("to {to}"),
        },
        Action::Scroll {
            at,
            direction,
            amount,
        } => {
            let notches = times(*amount);
            match at {
                Some(at) => format!("{direction}{notches} at {at}"),
                None => format!("{direction}{notches}"),
            }
        }
        Action::Type { text, .. } => format!("\"{}\"", shown(&text.to_string(), LONGEST - 8)),
        Action::Press { key, times: count } => format!("{key}{}", times(*count)),
        Action::Hotkey { chord } => hotkey(written).unwrap_or_else(|| chord.to_string()),
        Action::Wait(wait) => self::wait(wait),
        Action::Assert(Assert::Sight(sight)) => self::sight(sight),
        Action::Assert(Assert::Process { name, gone }) => {
            format!("process {name}{}", if *gone { " gone" } else { "" })
        }
        Action::ScreenshotAssert(assert) => assert.baseline.clone(),
        Action::Screenshot { name, .. } | Action::Record(Record::Start { name }) => name.clone(),
        Action::Record(Record::Stop) => "stop".to_owned(),
        Action::Resize { size } => size.to_string(),
        Action::Restart { process } => process.clone(),
        Action::Upload { to, .. } => to.to_string(),
        Action::Download { from, .. } => from.to_string(),
        Action::If { condition, .. } | Action::RepeatUntil { condition, .. } => {
            self::condition(condition)
        }
        Action::Group { .. } => block(written),
    }
}

fn times(count: u32) -> String {
    if count > 1 {
        format!(" x{count}")
    } else {
        String::new()
    }
}

/// The keys as they are written: `ctrl+s` and not `Control_L+s`.
fn hotkey(written: &verb::Action) -> Option<String> {
    let verb::Action::Hotkey(hotkey) = written else {
        return None;
    };
    hotkey.keys.value.known().map(|keys| keys.written.clone())
}

fn wait(wait: &Wait) -> String {
    let mut parts = Vec::new();
    parts.extend(wait.sight.as_ref().map(sight));
    let seconds = |time: std::time::Duration| format!("{} s", time.as_secs_f64());
    parts.extend(
        wait.stable
            .map(|time| format!("stable for {}", seconds(time))),
    );
    parts.extend(wait.changed.then(|| "changed".to_owned()));
    parts.extend(wait.pause.map(seconds));
    parts.join(", ")
}

fn sight(sight: &Sight) -> String {
    let gone = if sight.gone { " gone" } else { "" };
    format!("{}{gone}", sight.target)
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Known(truth) => truth.to_string(),
        Condition::Sight(sight) => self::sight(sight),
        Condition::Text { value, checks } => {
            let checks = checks
                .iter()
                .map(|check| format!("{} {}", check.how.name(), check.wanted));
            format!("{value} {}", checks.collect::<Vec<_>>().join(", "))
        }
    }
}

fn block(written: &verb::Action) -> String {
    let known = |text: &scenario::Txt| text.value.known().map(str::to_owned);
    match written {
        verb::Action::Group(group) => known(&group.title).unwrap_or_default(),
        verb::Action::Use(used) => known(&used.file).unwrap_or_default(),
        verb::Action::ForEach(each) => {
            let name = each.name.as_ref().map_or("item", |name| &name.value);
            format!("{name} of {}", each.entries.len())
        }
        _ => String::new(),
    }
}
