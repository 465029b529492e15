//! What is drawn over a picture: masks and regions for its step, and needles.

use std::{fs, path::Path};

use serde::Deserialize;

use super::{
    answer::{Problem, Settled},
    changed::Changed,
    desk::Desk,
    found::{Found, found},
    step::{Written, below, elsewhere},
};
use crate::{
    event::ArtifactKind,
    geometry::{Point, Rect},
    scenario::edit,
    vision::{Frame, Needle, THRESHOLD, find},
    whole,
};

/// How many rectangles are drawn at once at most.
const MOST_AREAS: usize = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Mask {
    artifact: String,
    /// In pixels of the picture.
    areas: Vec<Rect>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Region {
    artifact: String,
    area: Rect,
}

#[derive(Debug, Deserialize)]
pub(super) struct Cut {
    artifact: String,
    area: Rect,
    /// The name of its file, without the ending.
    name: String,
    /// Whether to replace one of that name.
    #[serde(default)]
    replace: bool,
}

/// Writes masks for the step of a picture.
pub(super) fn mask(desk: &Desk, changed: &mut Changed, asked: &Mask) -> Settled {
    if asked.areas.len() > MOST_AREAS {
        let words = format!("at most {MOST_AREAS} masks can be written at once");
        return Err(Problem::new(words));
    }
    let log = desk.runs.log();
    let found = compared(found(&log, &asked.artifact)?)?;
    let picture = picture(desk, &asked.artifact)?;
    inside(&picture, &asked.areas)?;
    let alone = edit::mask_line(&asked.areas);
    let written = Written::find(desk, &found, changed);
    let written = written.map_err(|problem| problem.with_insert(alone.clone()))?;
    let planned = written.planned(desk, &found);
    let (region, masks) = planned.map_err(|problem| problem.with_insert(alone))?;
    let areas = on_screen(&asked.areas, shown(&found, changed, region, &picture)?);
    let text = edit::with_mask(&written.source, written.at, &areas, &masks);
    let text = text.map_err(|why| {
        let all: Vec<Rect> = masks.iter().chain(&areas).copied().collect();
        Problem::new(why.to_string()).with_insert(edit::mask_line(&all))
    })?;
    written.write(&text, changed, desk)?;
    Ok(format!("wrote the mask for {}", found.step.place))
}

/// Writes a region for the step of a picture.
pub(super) fn region(desk: &Desk, changed: &mut Changed, asked: &Region) -> Settled {
    let log = desk.runs.log();
    let found = compared(found(&log, &asked.artifact)?)?;
    let picture = picture(desk, &asked.artifact)?;
    inside(&picture, &[asked.area])?;
    let alone = edit::region_line(asked.area);
    let written = Written::find(desk, &found, changed);
    let written = written.map_err(|problem| problem.with_insert(alone.clone()))?;
    let planned = written.planned(desk, &found);
    let (region, _) = planned.map_err(|problem| problem.with_insert(alone))?;
    let region = shown(&found, changed, region, &picture)?;
    let [area] = on_screen(&[asked.area], region)[..] else {
        return Err(Problem::new("there is no area".to_owned()));
    };
    let text = edit::with_region(&written.source, written.at, area);
    let text =
        text.map_err(|why| Problem::new(why.to_string()).with_insert(edit::region_line(area)))?;
    written.write(&text, changed, desk)?;
    Ok(format!(
        "wrote the region for {}; its baseline needs a different size now: play the scenario, \
         and accept the new picture",
        found.step.place
    ))
}

/// Saves a part of a picture where scenarios look for needles: in the folder `images`
/// beside the file of its step.
pub(super) fn needle(desk: &Desk, asked: &Cut) -> Settled {
    let log = desk.runs.log();
    let found = found(&log, &asked.artifact)?;
    if !matches!(
        found.artifact.kind,
        ArtifactKind::Actual | ArtifactKind::Screenshot
    ) {
        return Err(Problem::new(
            "a needle can only be cut out of a picture of the screen".to_owned(),
        ));
    }
    let allowed = |char: char| char.is_alphanumeric() || "-_.".contains(char);
    let name = asked.name.strip_suffix(".png").unwrap_or(&asked.name);
    let is_name = !name.is_empty() && name.len() <= 100 && !name.starts_with('.');
    if !is_name || !name.chars().all(allowed) {
        let words = "name the needle with letters, digits, `-`, `_` and `.`";
        return Err(Problem::new(words.to_owned()));
    }
    let screen = picture(desk, &asked.artifact)?;
    inside(&screen, &[asked.area])?;
    let part = screen.crop(asked.area);
    let part = part.map_err(|error| Problem::new(format!("cannot cut it out: {error}")))?;
    if is_of_one_colour(&part) {
        let words = "this shows only one colour, and would be found in every area of that colour";
        return Err(Problem::new(words.to_owned()));
    }
    let png = part.encode_png();
    if let Some(why) = elsewhere(desk, found.scenario) {
        return Err(Problem::new(why));
    }
    let scenario = below(&found.step.place.file, &desk.environment.folder)?;
    let folder = scenario.parent().unwrap_or(Path::new("")).join("images");
    let file = folder.join(format!("{name}.png"));
    let full = desk.environment.folder.join(&file);
    if !asked.replace && full.exists() {
        return Err(Problem::conflict(format!(
            "{} already exists",
            file.display()
        )));
    }
    let written = fs::create_dir_all(desk.environment.folder.join(&folder))
        .and_then(|()| whole::write(&full, &png));
    written.map_err(|error| Problem::new(format!("cannot write {}: {error}", file.display())))?;
    let times = Needle::decode_png(&png).map_or(0, |needle| {
        find(&screen, &needle, None, THRESHOLD).found.len()
    });
    let more = match times {
        0 | 1 => String::new(),
        times => {
            format!("; it occurs {times} times in this picture, so the target needs `nth` or `in`")
        }
    };
    Ok(format!(
        "saved {}; point at it with {{ image: images/{name}.png }}{more}",
        file.display()
    ))
}

fn is_of_one_colour(part: &Frame) -> bool {
    let mut pixels = part.image().pixels();
    let first = pixels.next();
    pixels.all(|pixel| Some(pixel) == first)
}

/// A step that compares the screen with a picture.
fn compared(found: Found<'_>) -> Result<Found<'_>, Problem> {
    let is_compared = found.artifact.kind == ArtifactKind::Actual;
    if is_compared && found.step.verb == "screenshot-assert" {
        return Ok(found);
    }
    let words = "only a `screenshot-assert` has masks and a region";
    Err(Problem::new(words.to_owned()))
}

fn picture(desk: &Desk, artifact: &str) -> Result<Frame, Problem> {
    let bytes = desk.runs.read(artifact);
    let bytes = bytes.map_err(|error| Problem::new(format!("cannot read {artifact}: {error}")))?;
    Frame::decode_png(&bytes)
        .map_err(|error| Problem::new(format!("{artifact} is a picture that {error}")))
}

/// Areas have to be in the picture, and to cover something.
fn inside(picture: &Frame, areas: &[Rect]) -> Result<(), Problem> {
    let whole = picture.size().to_rect();
    let is_good = |area: &Rect| !area.is_empty() && whole.covers(*area);
    if !areas.is_empty() && areas.iter().all(is_good) {
        return Ok(());
    }
    Err(Problem::new(format!(
        "an area has to be inside the picture, which is {}",
        picture.size()
    )))
}

/// The region of the screen that a picture of the run shows, which may not be the one that
/// its step has now.
fn shown(
    found: &Found<'_>,
    changed: &mut Changed,
    now: Option<Rect>,
    picture: &Frame,
) -> Result<Option<Rect>, Problem> {
    let region = changed.compared(found.step.place.to_string(), now);
    if region.is_none_or(|region| region.size() == picture.size()) {
        return Ok(region);
    }
    Err(Problem::new(
        "the step now compares a region that this picture does not show: play it again first"
            .to_owned(),
    ))
}

/// Areas of a picture that shows this region of the screen.
fn on_screen(areas: &[Rect], region: Option<Rect>) -> Vec<Rect> {
    let corner = region.map_or(Point::new(0, 0), Rect::corner);
    areas.iter().map(|area| area.shifted(corner)).collect()
}
