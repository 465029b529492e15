//! Steps of a plan in the words of the language.

use std::path::Path;

use crate::{
    plan::{
        Step,
        notation::{Fields, Value, duration, list, literal, map, rect},
    },
    timeline::Zoom,
};

/// Steps, each with its modifiers next to its verb.
pub(super) fn steps(steps: &[Step], folder: &Path) -> Value {
    let step = |step: &Step| {
        let verb = step.action.verb();
        let mut fields = vec![(step.action.name(), verb.argument(folder))];
        fields.extend(modifiers(step, folder));
        fields.extend(verb.beside());
        let blocks = verb.blocks().into_iter();
        fields.extend(blocks.map(|(key, block)| (key, self::steps(block, folder))));
        map(fields)
    };
    list(steps.iter().map(step))
}

/// What may be written next to every verb, in full.
fn modifiers(step: &Step, folder: &Path) -> Fields {
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
        ("optional", step.optional.into()),
        ("hidden", step.hidden.into()),
    ];
    if let Some(caption) = &step.caption {
        fields.push(("caption", caption.notation()));
    }
    fields.extend(step.zoom.map(|zoom| ("zoom", self::zoom(zoom))));
    if let Some(condition) = &step.condition {
        fields.push(("if", condition.notation(folder)));
    }
    if let Some(change) = &step.expect_change {
        let mut inner = vec![("within", duration(change.within))];
        inner.extend(change.watched.notation());
        fields.push(("expect-change", map(inner)));
    }
    if let Some(capture) = &step.capture {
        let mut inner = vec![
            ("name", literal(&capture.name)),
            ("from", capture.from.name().into()),
        ];
        let matching = capture.matching.as_ref();
        inner.extend(matching.map(|regex| ("matching", literal(&regex.to_string()))));
        fields.push(("capture", map(inner)));
    }
    fields
}

/// The part of the screen that a film shows.
fn zoom(zoom: Zoom) -> Value {
    match zoom {
        Zoom::Off => "off".into(),
        Zoom::Action => "action".into(),
        Zoom::Area(area) => rect(area),
    }
}
