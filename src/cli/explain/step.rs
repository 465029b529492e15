//! Steps of a plan in the words of the language.

use std::path::Path;

use super::value::{
    Fields, Value, duration, from_folder, literal, map, percent, point, rect, shown, text, wording,
};
use crate::{
    geometry::{Point, Rect},
    input::Key,
    plan::{
        Action, Assert, Check, Command, Condition, Look, Output, Record, Run, ScreenshotAssert,
        Sight, Spot, Step, Target, Wait, Watched, WindowLook, Within,
    },
};

/// The verb of a step and its argument in full.
pub(super) fn verb(step: &Step, folder: &Path) -> (&'static str, Value) {
    let (verb, fields): (_, Fields) = match &step.action {
        Action::WaitReady(_) => ("wait-ready", Fields::new()),
        Action::Launch(launch) => ("launch", self::command(&launch.command)),
        Action::Run(run) => ("run", self::run(run)),
        Action::Click(click) => {
            let mut fields = optional_target("target", click.at.as_ref(), folder);
            fields.push(("button", shown(&click.button)));
            fields.push(("count", click.count.into()));
            fields.extend(held(&click.modifiers));
            ("click", fields)
        }
        Action::Move(to) => ("move", vec![("target", target(&to.to, folder))]),
        Action::Drag(drag) => {
            let mut fields = optional_target("from", drag.from.as_ref(), folder);
            fields.push(("to", target(&drag.to, folder)));
            fields.push(("button", shown(&drag.button)));
            fields.extend(held(&drag.modifiers));
            ("drag", fields)
        }
        Action::Scroll(scroll) => {
            let mut fields = optional_target("target", scroll.at.as_ref(), folder);
            fields.push(("direction", shown(&scroll.direction)));
            fields.push(("amount", scroll.amount.into()));
            ("scroll", fields)
        }
        Action::Type(typed) => {
            let mut fields = vec![("text", text(&typed.text))];
            fields.extend(typed.speed.map(|speed| ("speed", duration(speed))));
            fields.push(("verify", typed.verify.into()));
            ("type", fields)
        }
        Action::Press(press) => (
            "press",
            vec![
                ("key", literal(&press.key.to_string())),
                ("times", press.times.into()),
            ],
        ),
        Action::Hotkey(hotkey) => {
            let keys = hotkey.chord.keys().iter();
            let keys = keys.map(|key| literal(key.name()));
            ("hotkey", vec![("keys", Value::Sequence(keys.collect()))])
        }
        Action::Wait(wait) => ("wait", self::wait(wait, folder)),
        Action::Assert(assert) => ("assert", self::assert(assert, folder)),
        Action::Screenshot(shot) => {
            let mut fields = vec![("picture", literal(&shot.name))];
            fields.extend(self::region(shot.region));
            ("screenshot", fields)
        }
        Action::ScreenshotAssert(assert) => ("screenshot-assert", screenshot_assert(assert)),
        Action::Record(record) => {
            let recording = match &**record {
                Record::Start { name } => literal(name),
                Record::Stop => "stop".into(),
            };
            ("record", vec![("recording", recording)])
        }
        Action::Resize(resize) => ("resize", vec![("size", shown(&resize.size))]),
        Action::Restart(restart) => ("restart", vec![("process", shown(&restart.process))]),
        Action::Upload(upload) => {
            let from = literal(&from_folder(folder, &upload.from));
            ("upload", vec![("from", from), ("to", text(&upload.to))])
        }
        Action::Download(download) => {
            let from = text(&download.from);
            (
                "download",
                vec![("from", from), ("to", literal(&download.to))],
            )
        }
        Action::If(block) => return ("if", condition(&block.condition, folder)),
        Action::RepeatUntil(block) => {
            return ("repeat-until", condition(&block.condition, folder));
        }
        Action::Group(_) => ("group", vec![("title", literal(&step.title))]),
    };
    (verb, map(fields))
}

/// What stands beside the verb, in full.
pub(super) fn beside(step: &Step, folder: &Path) -> Fields {
    let mut fields = vec![
        ("name", literal(&step.title)),
        ("timeout", duration(step.timeout)),
        (
            "retry",
            map([
                ("times", step.retry.times.into()),
                ("pause", duration(step.retry.pause)),
            ]),
        ),
        ("soft", step.soft.into()),
        ("hidden", step.hidden.into()),
    ];
    if let Some(condition) = &step.condition {
        fields.push(("if", self::condition(condition, folder)));
    }
    if let Some(change) = &step.expect_change {
        let mut inner = vec![("within", duration(change.within))];
        inner.extend(watched(&change.watched));
        fields.push(("expect-change", map(inner)));
    }
    if let Some(capture) = &step.capture {
        let from = match capture.from {
            Output::Stdout => "stdout",
            Output::Stderr => "stderr",
            Output::ExitCode => "exit-code",
        };
        let mut inner = vec![("name", literal(&capture.name)), ("from", from.into())];
        let matching = capture.matching.as_ref();
        inner.extend(matching.map(|regex| ("matching", literal(&regex.to_string()))));
        fields.push(("capture", map(inner)));
    }
    if let Action::RepeatUntil(block) = &step.action {
        fields.push(("max", block.most.into()));
    }
    fields
}

/// The lists of steps beside the verb.
pub(super) fn blocks(step: &Step) -> Vec<(&'static str, &[Step])> {
    match &step.action {
        Action::If(block) if block.otherwise.is_empty() => vec![("then", &block.then)],
        Action::If(block) => vec![("then", &block.then), ("else", &block.otherwise)],
        Action::RepeatUntil(block) => vec![("steps", &block.steps)],
        Action::Group(block) => vec![("steps", &block.steps)],
        _ => Vec::new(),
    }
}

fn command(command: &Command) -> Fields {
    let mut fields = vec![("command", text(&command.line))];
    if !command.environment.is_empty() {
        let variables = command.environment.iter();
        let variables = variables.map(|(name, text)| (name.as_str(), self::text(text)));
        fields.push(("environment", map(variables)));
    }
    fields.extend(
        command
            .folder
            .as_ref()
            .map(|folder| ("folder", text(folder))),
    );
    fields
}

fn run(run: &Run) -> Fields {
    let mut fields = command(&run.command);
    let code = run.exit_code.map_or("any".into(), Value::from);
    fields.push(("exit-code", code));
    for (name, checks) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        if !checks.is_empty() {
            fields.push((name, map(self::checks(checks))));
        }
    }
    fields
}

fn checks(checks: &[Check]) -> Fields {
    let check = |check: &Check| (check.how.name(), wording(&check.wanted));
    checks.iter().map(check).collect()
}

fn held(keys: &[Key]) -> Option<(&'static str, Value)> {
    let names = keys.iter().map(|key| literal(key.name())).collect();
    (!keys.is_empty()).then_some(("modifiers", Value::Sequence(names)))
}

fn optional_target(name: &'static str, target: Option<&Target>, folder: &Path) -> Fields {
    let target = target.map(|target| (name, self::target(target, folder)));
    target.into_iter().collect()
}

/// A target in full, names replaced by what they stand for.
fn target(target: &Target, folder: &Path) -> Value {
    let is_plain = target.within.is_none() && target.nth.is_none();
    if let Look::Spot(spot) = &target.look
        && is_plain
        && target.offset == Point::default()
    {
        return self::spot(*spot);
    }
    let mut fields = match &target.look {
        Look::Spot(spot) => vec![("position", self::spot(*spot))],
        Look::Pictures {
            pictures,
            threshold,
            ignore_background,
        } => {
            let paths = pictures
                .iter()
                .map(|picture| literal(&from_folder(folder, Path::new(&picture.name))));
            vec![
                ("image", Value::Sequence(paths.collect())),
                ("threshold", percent(f64::from(*threshold)).into()),
                ("ignore-background", (*ignore_background).into()),
            ]
        }
        Look::Text(wording) => vec![("text", self::wording(wording))],
        Look::Window(look) => vec![("window", window(look))],
        Look::Any(targets) => {
            let targets = targets.iter().map(|inner| self::target(inner, folder));
            vec![("any", Value::Sequence(targets.collect()))]
        }
    };
    fields.extend(target.within.as_ref().map(|within| {
        let place = match within {
            Within::Area(rect) => self::rect(*rect),
            Within::Target(outer) => self::target(outer, folder),
        };
        ("in", place)
    }));
    fields.extend(target.nth.map(|nth| ("nth", nth.into())));
    if target.offset != Point::default() {
        fields.push(("offset", point(target.offset)));
    }
    map(fields)
}

fn spot(spot: Spot) -> Value {
    match spot {
        Spot::At(point) => self::point(point),
        Spot::Share { x, y } => literal(&format!("{},{}", percent(x), percent(y))),
    }
}

fn window(look: &WindowLook) -> Value {
    let part = |name, wording: &Option<crate::plan::Wording>| {
        wording
            .as_ref()
            .map(|wording| (name, self::wording(wording)))
    };
    let parts = [part("title", &look.title), part("class", &look.class)];
    map(parts.into_iter().flatten().collect::<Fields>())
}

fn sight(sight: &Sight, folder: &Path) -> Fields {
    vec![
        ("target", target(&sight.target, folder)),
        ("gone", sight.gone.into()),
    ]
}

fn condition(condition: &Condition, folder: &Path) -> Value {
    match condition {
        Condition::Known(truth) => (*truth).into(),
        Condition::Sight(sight) => map(self::sight(sight, folder)),
        Condition::Text { value, checks } => {
            let mut fields = vec![("value", text(value))];
            fields.extend(self::checks(checks));
            map(fields)
        }
    }
}

fn wait(wait: &Wait, folder: &Path) -> Fields {
    let mut fields = Fields::new();
    fields.extend(wait.pause.map(|pause| ("pause", duration(pause))));
    if let Some(sight) = &wait.sight {
        fields.extend(self::sight(sight, folder));
    }
    fields.extend(wait.stable.map(|still| ("stable", duration(still))));
    fields.push(("changed", wait.changed.into()));
    fields.extend(watched(&wait.watched));
    fields
}

fn watched(watched: &Watched) -> Fields {
    let mut fields = Fields::new();
    fields.extend(region(watched.region));
    fields.push(("mask", mask(&watched.mask)));
    fields.push(("max-cluster", watched.max_cluster.into()));
    fields
}

fn region(region: Option<Rect>) -> Option<(&'static str, Value)> {
    region.map(|region| ("region", rect(region)))
}

fn mask(mask: &[Rect]) -> Value {
    Value::Sequence(mask.iter().copied().map(rect).collect())
}

fn assert(assert: &Assert, folder: &Path) -> Fields {
    match assert {
        Assert::Sight(sight) => self::sight(sight, folder),
        Assert::Process { name, gone } => {
            vec![("process", literal(name)), ("gone", (*gone).into())]
        }
        Assert::Command(run) => self::run(run),
    }
}

fn screenshot_assert(assert: &ScreenshotAssert) -> Fields {
    let mut fields = vec![("baseline", literal(&assert.baseline))];
    fields.extend(region(assert.region));
    for (key, share) in [
        ("tolerance", assert.limits.tolerance),
        ("area-tolerance", assert.limits.area_tolerance),
    ] {
        fields.push((key, percent(f64::from(share)).into()));
    }
    fields.push(("max-pixels", assert.limits.max_pixels.into()));
    fields.push(("max-cluster", assert.limits.max_cluster.into()));
    fields.push(("mask", mask(&assert.mask)));
    fields
}
