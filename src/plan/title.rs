//! The one line by which a step is known in reports.

use crate::{
    geometry::Point,
    scenario::{Position, Step, shown, verb},
};

/// The longest title, in characters.
const LONGEST: usize = 60;

/// The step's name, else its verb and argument.
pub(super) fn of(step: &Step) -> String {
    if let Some(name) = &step.name {
        return shown(&name.value, LONGEST);
    }
    let verb = step.verb;
    let argument = argument(&step.action);
    if argument.is_empty() {
        return verb.to_owned();
    }
    shown(&format!("{verb} {argument}"), LONGEST)
}

fn argument(action: &verb::Action) -> String {
    match action {
        verb::Action::WaitReady => String::new(),
        verb::Action::Launch(launch) => launch.command.value.clone(),
        verb::Action::Click(click) => match click.target.map(|target| target.value) {
            None => String::new(),
            Some(Position::Pixel(Point { x, y })) => format!("[{x}, {y}]"),
            Some(Position::Share { x, y }) => format!("{}%,{}%", percent(x), percent(y)),
        },
        verb::Action::Type(r#type) => format!("\"{}\"", shown(&r#type.text.value, LONGEST - 8)),
        verb::Action::Press(press) => match press.times {
            Some(times) if times.value > 1 => format!("{} x{}", press.key.value, times.value),
            _ => press.key.value.to_string(),
        },
        verb::Action::Hotkey(hotkey) => hotkey.written.clone(),
        verb::Action::ScreenshotAssert(assert) => assert.baseline.value.clone(),
        verb::Action::Record(verb::Record::Start(name)) => name.value.clone(),
        verb::Action::Record(verb::Record::Stop) => "stop".to_owned(),
    }
}

/// A share as it was written: 0.125 is 12.5.
fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}
