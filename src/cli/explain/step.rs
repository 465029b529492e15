//! Steps of a plan in the words of the language.

use std::path::Path;

use super::value::{Value, from_folder, percent};
use crate::{
    geometry::{Point, Rect},
    input::Key,
    plan::{
        Action, Assert, Check, Command, Condition, Look, Output, Record, Run, ScreenshotAssert,
        Sight, Spot, Step, Target, Wait, Watched, WindowLook, Within,
    },
};

type Fields = Vec<(&'static str, Value)>;

/// The verb of a step and its argument in full.
pub(super) fn verb(step: &Step, folder: &Path) -> (&'static str, Option<Value>) {
    let (verb, fields): (_, Fields) = match &step.action {
        Action::WaitReady(_) => return ("wait-ready", None),
        Action::Launch(launch) => ("launch", self::command(&launch.command)),
        Action::Run(run) => ("run", self::run(run)),
        Action::Click(click) => {
            let mut fields = optional_target("target", click.at.as_ref(), folder);
            fields.push(("button", Value::word(click.button)));
            fields.push(("count", Value::word(click.count)));
            fields.extend(held(&click.modifiers));
            ("click", fields)
        }
        Action::Move(to) => ("move", vec![("target", target(&to.to, folder))]),
        Action::Drag(drag) => {
            let mut fields = optional_target("from", drag.from.as_ref(), folder);
            fields.push(("to", target(&drag.to, folder)));
            fields.push(("button", Value::word(drag.button)));
            fields.extend(held(&drag.modifiers));
            ("drag", fields)
        }
        Action::Scroll(scroll) => {
            let mut fields = optional_target("target", scroll.at.as_ref(), folder);
            fields.push(("direction", Value::word(scroll.direction)));
            fields.push(("amount", Value::word(scroll.amount)));
            ("scroll", fields)
        }
        Action::Type(typed) => {
            let mut fields = vec![("text", (&typed.text).into())];
            fields.extend(typed.speed.map(|speed| ("speed", speed.into())));
            fields.push(("verify", Value::word(typed.verify)));
            ("type", fields)
        }
        Action::Press(press) => (
            "press",
            vec![
                ("key", Value::text(&press.key.to_string())),
                ("times", Value::word(press.times)),
            ],
        ),
        Action::Hotkey(hotkey) => {
            let keys = hotkey
                .chord
                .keys()
                .iter()
                .map(|key| Value::text(key.name()));
            ("hotkey", vec![("keys", Value::List(keys.collect()))])
        }
        Action::Wait(wait) => ("wait", self::wait(wait, folder)),
        Action::Assert(assert) => ("assert", self::assert(assert, folder)),
        Action::Screenshot(shot) => {
            let mut fields = vec![("picture", Value::text(&shot.name))];
            fields.extend(self::region(shot.region));
            ("screenshot", fields)
        }
        Action::ScreenshotAssert(assert) => ("screenshot-assert", screenshot_assert(assert)),
        Action::Record(record) => {
            let recording = match &**record {
                Record::Start { name } => Value::text(name),
                Record::Stop => Value::word("stop"),
            };
            ("record", vec![("recording", recording)])
        }
        Action::Resize(resize) => ("resize", vec![("size", Value::word(resize.size))]),
        Action::Restart(restart) => ("restart", vec![("process", Value::word(&restart.process))]),
        Action::Upload(upload) => {
            let from = Value::text(&from_folder(folder, &upload.from));
            ("upload", vec![("from", from), ("to", (&upload.to).into())])
        }
        Action::Download(download) => {
            let from = (&download.from).into();
            (
                "download",
                vec![("from", from), ("to", Value::text(&download.to))],
            )
        }
        Action::If(block) => return ("if", Some(condition(&block.condition, folder))),
        Action::RepeatUntil(block) => {
            return ("repeat-until", Some(condition(&block.condition, folder)));
        }
        Action::Group(_) => ("group", vec![("title", Value::text(&step.title))]),
    };
    (verb, Some(Value::fields(fields)))
}

/// What stands beside the verb, in full.
pub(super) fn beside(step: &Step, folder: &Path) -> Fields {
    let mut fields = vec![
        ("name", Value::text(&step.title)),
        ("timeout", step.timeout.into()),
        (
            "retry",
            Value::fields([
                ("times", Value::word(step.retry.times)),
                ("pause", step.retry.pause.into()),
            ]),
        ),
        ("soft", Value::word(step.soft)),
        ("hidden", Value::word(step.hidden)),
    ];
    if let Some(condition) = &step.condition {
        fields.push(("if", self::condition(condition, folder)));
    }
    if let Some(change) = &step.expect_change {
        let mut inner = vec![("within", change.within.into())];
        inner.extend(watched(&change.watched));
        fields.push(("expect-change", Value::fields(inner)));
    }
    if let Some(capture) = &step.capture {
        let from = match capture.from {
            Output::Stdout => "stdout",
            Output::Stderr => "stderr",
            Output::ExitCode => "exit-code",
        };
        let mut inner = vec![
            ("name", Value::text(&capture.name)),
            ("from", Value::word(from)),
        ];
        let matching = capture.matching.as_ref();
        inner.extend(matching.map(|regex| ("matching", Value::text(&regex.to_string()))));
        fields.push(("capture", Value::fields(inner)));
    }
    if let Action::RepeatUntil(block) = &step.action {
        fields.push(("max", Value::word(block.most)));
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
    let mut fields = vec![("command", (&command.line).into())];
    if !command.environment.is_empty() {
        let variables = command.environment.iter();
        let variables = variables.map(|(name, text)| (name.clone(), text.into()));
        fields.push(("environment", Value::Map(variables.collect())));
    }
    fields.extend(
        command
            .folder
            .as_ref()
            .map(|folder| ("folder", folder.into())),
    );
    fields
}

fn run(run: &Run) -> Fields {
    let mut fields = command(&run.command);
    let code = run
        .exit_code
        .map_or_else(|| "any".to_owned(), |code| code.to_string());
    fields.push(("exit-code", Value::Word(code)));
    for (name, checks) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        if !checks.is_empty() {
            fields.push((name, Value::fields(self::checks(checks))));
        }
    }
    fields
}

fn checks(checks: &[Check]) -> Fields {
    let check = |check: &Check| (check.how.name(), (&check.wanted).into());
    checks.iter().map(check).collect()
}

fn held(keys: &[Key]) -> Option<(&'static str, Value)> {
    let names = keys.iter().map(|key| Value::text(key.name())).collect();
    (!keys.is_empty()).then_some(("modifiers", Value::List(names)))
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
                .map(|picture| Value::text(&from_folder(folder, Path::new(&picture.name))));
            vec![
                ("image", Value::List(paths.collect())),
                ("threshold", Value::Word(percent(f64::from(*threshold)))),
                ("ignore-background", Value::word(*ignore_background)),
            ]
        }
        Look::Text(wording) => vec![("text", wording.into())],
        Look::Window(look) => vec![("window", window(look))],
        Look::Any(targets) => {
            let targets = targets.iter().map(|inner| self::target(inner, folder));
            vec![("any", Value::List(targets.collect()))]
        }
    };
    fields.extend(target.within.as_ref().map(|within| {
        let place = match within {
            Within::Area(rect) => Value::from(*rect),
            Within::Target(outer) => self::target(outer, folder),
        };
        ("in", place)
    }));
    fields.extend(target.nth.map(|nth| ("nth", Value::word(nth))));
    if target.offset != Point::default() {
        fields.push(("offset", target.offset.into()));
    }
    Value::fields(fields)
}

fn spot(spot: Spot) -> Value {
    match spot {
        Spot::At(point) => point.into(),
        Spot::Share { x, y } => Value::text(&format!("{},{}", percent(x), percent(y))),
    }
}

fn window(look: &WindowLook) -> Value {
    let part = |name, wording: &Option<crate::plan::Wording>| {
        wording.as_ref().map(|wording| (name, wording.into()))
    };
    let parts = [part("title", &look.title), part("class", &look.class)];
    Value::fields(parts.into_iter().flatten().collect::<Fields>())
}

fn sight(sight: &Sight, folder: &Path) -> Fields {
    vec![
        ("target", target(&sight.target, folder)),
        ("gone", Value::word(sight.gone)),
    ]
}

fn condition(condition: &Condition, folder: &Path) -> Value {
    match condition {
        Condition::Known(truth) => Value::word(truth),
        Condition::Sight(sight) => Value::fields(self::sight(sight, folder)),
        Condition::Text { value, checks } => {
            let mut fields = vec![("value", value.into())];
            fields.extend(self::checks(checks));
            Value::fields(fields)
        }
    }
}

fn wait(wait: &Wait, folder: &Path) -> Fields {
    let mut fields = Fields::new();
    fields.extend(wait.pause.map(|pause| ("pause", pause.into())));
    if let Some(sight) = &wait.sight {
        fields.extend(self::sight(sight, folder));
    }
    fields.extend(wait.stable.map(|still| ("stable", still.into())));
    fields.push(("changed", Value::word(wait.changed)));
    fields.extend(watched(&wait.watched));
    fields
}

fn watched(watched: &Watched) -> Fields {
    let mut fields = Fields::new();
    fields.extend(region(watched.region));
    fields.push(("mask", mask(&watched.mask)));
    fields.push(("max-cluster", Value::word(watched.max_cluster)));
    fields
}

fn region(region: Option<Rect>) -> Option<(&'static str, Value)> {
    region.map(|region| ("region", region.into()))
}

fn mask(mask: &[Rect]) -> Value {
    Value::List(mask.iter().map(|rect| Value::from(*rect)).collect())
}

fn assert(assert: &Assert, folder: &Path) -> Fields {
    match assert {
        Assert::Sight(sight) => self::sight(sight, folder),
        Assert::Process { name, gone } => {
            vec![("process", Value::text(name)), ("gone", Value::word(gone))]
        }
        Assert::Command(run) => self::run(run),
    }
}

fn screenshot_assert(assert: &ScreenshotAssert) -> Fields {
    let mut fields = vec![("baseline", Value::text(&assert.baseline))];
    fields.extend(region(assert.region));
    for (key, share) in [
        ("tolerance", assert.limits.tolerance),
        ("area-tolerance", assert.limits.area_tolerance),
    ] {
        fields.push((key, Value::Word(percent(f64::from(share)))));
    }
    fields.push(("max-pixels", Value::word(assert.limits.max_pixels)));
    fields.push(("max-cluster", Value::word(assert.limits.max_cluster)));
    fields.push(("mask", mask(&assert.mask)));
    fields
}
