//! What there was instead of a target, in words and in a picture.

use std::fmt::Write as _;

use super::{Missing, Near};
use crate::{
    event::{ArtifactKind, StepId},
    executor::{stage::Stage, values::Known},
    plan::{Look, Target, Within, Wording},
    vision::{Mark, MarkKind, marked_picture},
};

/// From which likeness on something is a near miss and not just another thing.
const LIKE: f32 = 0.5;

/// A picture with more marks than this shows nothing but marks.
const MOST_MARKS: usize = 9;

/// What was looked for, with every value in place.
pub(super) fn wanted(target: &Target, known: &Known<'_>) -> String {
    let value = |wording: &Wording| {
        let pattern = known.pattern(wording);
        pattern.map_or_else(|_| wording.to_string(), |pattern| pattern.to_string())
    };
    let what = match &target.look {
        Look::Position(_) => "a place".to_owned(),
        Look::Image(look) => format!(
            "the picture {}, at least {} % similar",
            look.names(),
            percent(look.threshold)
        ),
        Look::Text(look) => format!("the text `{}`", value(&look.wording)),
        Look::Window(look) => match (&look.title, &look.class) {
            (Some(title), _) => {
                let title = value(title);
                let with = match crate::pattern::expression(&title) {
                    Some(_) => "whose title matches",
                    None => "with the title",
                };
                format!("a window {with} `{title}`")
            }
            (None, Some(class)) => format!("a window of the class `{}`", value(class)),
            (None, None) => "a window".to_owned(),
        },
        Look::Widget(look) => {
            let mut what = format!("a widget with the role `{}`", look.role);
            if let Some(name) = &look.name {
                let _ = write!(what, ", the name `{}`", value(name));
            }
            if let Some(text) = &look.value {
                let _ = write!(what, ", the value `{}`", value(text));
            }
            for (state, is) in look.states.known() {
                let _ = write!(what, ", {state}: {is}");
            }
            what
        }
        Look::Any(look) => {
            let each = look.targets.iter().map(|target| wanted(target, known));
            let each: Vec<String> = each.collect();
            each.join("\nor ")
        }
        Look::All(look) => {
            let each = look.targets.iter().map(|target| wanted(target, known));
            let each: Vec<String> = each.collect();
            each.join("\nwith ")
        }
    };
    let place = match &target.within {
        None => String::new(),
        Some(Within::Area(area)) => format!(" in {area}"),
        Some(Within::Target(outer)) => format!(" in `{outer}`"),
    };
    let nth = target
        .nth
        .map_or_else(String::new, |nth| format!(", number {nth}"));
    format!("{what}{}{place}{nth}", relations(target))
}

/// Where it has to lie.
fn relations(target: &Target) -> String {
    let sides = target.relations.sides.iter();
    let sides = sides.map(|(side, other)| format!(" {} `{other}`", side.words()));
    let mut text: String = sides.collect();
    if let Some(distance) = target.relations.distance {
        let _ = write!(text, " within {distance} pixels");
    }
    if let Some(at) = target.relations.at {
        let _ = write!(text, " at {at} from the first");
    }
    text
}

/// What came nearest.
pub(super) fn seen(target: &Target, missing: &Missing) -> String {
    let mut parts = Vec::new();
    if let Some(outer) = missing.outer.as_ref().filter(|_| missing.several == 0) {
        parts.push(format!("`{outer}` was not found"));
    }
    parts.extend(missing.why.clone());
    parts.extend(missing.astray.clone());
    parts.extend(missing.unsure.clone());
    let alike = missing.near.first().is_some_and(|near| near.score >= LIKE);
    let alone = missing.why.is_some();
    match (missing.near.is_empty(), missing.read.is_empty()) {
        _ if missing.astray.is_some() => {}
        (true, true) if missing.unsure.is_some() => {}
        _ if missing.several > 0 => parts.push(format!("{} widgets", missing.several)),
        (true, true) if alone => {}
        (true, true) => parts.push("nothing similar".to_owned()),
        (true, false) => parts.push(format!("nothing similar, only the text {}", missing.read)),
        _ if alike => parts.push("nothing more similar than".to_owned()),
        _ if alone && target.look.is_window() => {
            parts.push("the windows are".to_owned());
        }
        // How similar it is, the desktop does not say.
        _ if target.look.is_widget() => parts.push("the nearest are".to_owned()),
        _ => parts.push("nothing similar, only".to_owned()),
    }
    let mut text = parts.join("; ");
    for (number, near) in (1..).zip(&missing.near) {
        let _ = write!(text, "\n{number}. {}", near.what);
        if let Some(rect) = near.rect {
            let _ = write!(text, ", {rect}");
        }
        if near.score >= LIKE {
            let _ = write!(text, ", {} % similar", percent(near.score));
        }
    }
    text
}

/// What to do about it.
pub(super) fn help(target: &Target, missing: &Missing) -> Option<String> {
    Some(match &target.look {
        Look::Widget(_) if missing.several > 0 => {
            "narrow it down by a name, by a state, or by where it is (`in: { role: dialog }`), or \
             number it with `nth`"
                .to_owned()
        }
        Look::Widget(_) => "`deskhand ctl tree` prints the widgets of a desktop as they are now; \
                            to match a part of a name, put it between slashes: `name: /Save/`"
            .to_owned(),
        Look::Image(_) => "if it looks different now, add another picture (`*` in the \
                                  path, or `any`); if it is nearly the same, use a lower \
                                  `threshold`"
            .to_owned(),
        Look::Text(_) => {
            "text recognition makes mistakes: look for a part that is read correctly, with a \
             regular expression (`/…/`), or for a picture"
                .to_owned()
        }
        Look::Window(_) => "to match a part of the title, put it between slashes: `{ window: \
                            /Save/ }`"
            .to_owned(),
        Look::Position(_) | Look::Any(_) | Look::All(_) => return None,
    })
}

/// Keeps a picture of the screen with the near misses marked.
pub(super) async fn keep_picture(
    target: &Target,
    missing: &Missing,
    id: StepId,
    stage: &mut Stage<'_>,
) {
    let mark = |(number, near): (usize, &Near)| {
        Some(Mark {
            rect: near.rect?,
            label: if near.score >= LIKE {
                format!("{number}: {} %", percent(near.score))
            } else {
                number.to_string()
            },
            kind: MarkKind::Near,
        })
    };
    let near = (1..).zip(&missing.near).take(MOST_MARKS);
    let mut marks: Vec<Mark> = near.filter_map(mark).collect();
    marks.extend(missing.area.map(|rect| Mark {
        rect,
        label: target.title.clone(),
        kind: MarkKind::Area,
    }));
    if marks.is_empty() {
        return;
    }
    if let Ok(frame) = stage.eyes.take(None).await {
        let name = format!("step-{}.target.png", id.0);
        let picture = marked_picture(&frame, &marks).encode_png();
        // The step has a worse problem to tell than this.
        let _ = stage.keep(ArtifactKind::Comparison, &name, &picture);
    }
}

fn percent(share: f32) -> f32 {
    (share * 1000.0).round() / 10.0
}
