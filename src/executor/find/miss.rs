//! What there was instead of a target, in words and in a picture.

use std::fmt::Write as _;

use super::{Missing, Near, seek};
use crate::{
    event::{ArtifactKind, StepId},
    executor::{stage::Stage, values::Known},
    plan::{Target, Within, Wording},
    vision::{Mark, MarkKind, marked_picture},
};

/// From which similarity on something is a near miss and not just something else.
const LIKE: f32 = 0.5;

/// What to do about a target that matches too much.
pub(super) const NARROW: &str = "narrow it down by a name, by a state, or by where it is (`in: { \
                                 role: dialog }`), or number it with `nth`";

/// A picture with more marks than this shows nothing but marks.
const MOST_MARKS: usize = 9;

/// What was looked for, with every value in place.
pub(super) fn wanted(target: &Target, known: &Known<'_>) -> String {
    let what = seek::wanted(&target.look, known);
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
        _ => parts.push(seek::only(&target.look, alone).to_owned()),
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
    seek::help(&target.look, missing).map(str::to_owned)
}

/// A text of a target, with every value in place.
pub(super) fn value(wording: &Wording, known: &Known<'_>) -> String {
    let pattern = known.pattern(wording);
    pattern.map_or_else(|_| wording.to_string(), |pattern| pattern.to_string())
}

/// That too much is meant.
pub(super) fn several(target: &Target, missing: &Missing) -> String {
    let several = missing.several;
    let target = missing.outer.as_ref().unwrap_or(&target.title);
    format!("`{target}` matches {several} widgets, and the target does not say which one")
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
        // The step has a more serious problem to report than this.
        let _ = stage.keep(ArtifactKind::Comparison, &name, &picture);
    }
}

/// A share of 1 in percent, to one place after the point.
pub(super) fn percent(share: f32) -> f32 {
    (share * 1000.0).round() / 10.0
}
