//! Everything that a target finds, for people who write one.

use std::path::Path;

use super::{
    super::{
        Settings,
        artifacts::Artifacts,
        fault::Fault,
        redactor::Redactor,
        stage::Stage,
        view::{Eyes, Seen},
    },
    Near,
    glance::{Candidate, Glance, Uses, point_of},
    miss, moved,
    search::meant,
    widget,
};
use crate::{
    desktop::Desktop,
    geometry::{Point, Rect},
    language::Language,
    plan::Target,
};

/// Everything that a target finds at one look, and the nearest candidates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sightings {
    /// What is there, in reading order; seen from another target, the nearest first.
    pub found: Vec<Sighting>,
    /// Which of them a step would take, counted from 0; `None` where there are too
    /// few for the target's `nth`, and where several widgets are there and nothing says
    /// which of them is meant.
    pub meant: Option<usize>,
    /// Where a step would point; `None` where it would take nothing.
    pub point: Option<Point>,
    /// The nearest candidates in addition to what was found, the best first.
    pub near: Vec<Sighting>,
    /// The part of the screen that was looked at, if not all of it.
    pub within: Option<Rect>,
    /// Why a step would take nothing, as it would say it itself; empty where it would take
    /// something.
    pub missing: String,
}

/// One thing that a target finds, or nearly.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// Where it is, in pixels of the screen, if it has a place.
    pub rect: Option<Rect>,
    /// How like what is looked for it is, 0 to 1; `None` where nothing is compared.
    pub score: Option<f32>,
    /// What it is, if there is more to say than that.
    pub what: String,
}

/// Looks for a target once and tells all of it, as [`run`](super::super::run)
/// would see it; text in English and in `languages`. Only the `recognizer` of
/// `settings` counts.
///
/// # Errors
///
/// In one sentence, why nothing could be seen.
pub async fn everything(
    target: &Target,
    languages: &[Language],
    desktop: &dyn Desktop,
    settings: &Settings,
) -> Result<Sightings, String> {
    if target.reads_text() && settings.recognizer.is_none() {
        let help = "install tesseract-ocr, or look for a picture";
        return Err(format!("no program to read text is installed: {help}"));
    }
    let said = |fault: Fault| match fault {
        Fault::Failed(mismatch) => mismatch.message,
        Fault::Broken(breakage) => breakage.message,
    };
    let screen = desktop.display_info().await;
    let screen = screen.map_err(|error| error.to_string())?.size();
    let known = Seen::with_size(screen);
    let eyes = Eyes::of(desktop, &known).await;
    let files = Artifacts::new(&settings.artifacts, "", Redactor::new(&settings.secrets));
    let mut stage = Stage {
        languages,
        ..Stage::new(desktop, eyes, settings, files, Path::new(""))
    };
    seen(target, &mut stage).await.map_err(said)
}

async fn seen(target: &Target, stage: &mut Stage<'_>) -> Result<Sightings, Fault> {
    let glance = Glance::take(Uses::of(target), stage).await?;
    let mut seen = glance.look(target, stage).await?.seen;
    if target.relations.sides.is_empty() {
        seen.found.sort_by_key(|place| (place.rect.y, place.rect.x));
    }
    let chosen = meant(&seen, target, false);
    let missing = match &chosen {
        Ok(_) => String::new(),
        Err(missing) if missing.several > 0 => miss::several(target, missing),
        Err(missing) if seen.found.is_empty() => miss::seen(target, missing),
        Err(_) => "too few matches for the target's `nth`".to_owned(),
    };
    let chosen = chosen.ok();
    let point = chosen.map(|place| moved(point_of(place, glance.screen()), target.offset));
    let is_chosen = |place: &Candidate| chosen.is_some_and(|chosen| std::ptr::eq(chosen, place));
    let compares = target.look.compares();
    let found = seen.found.iter().map(|place| Sighting {
        rect: Some(place.rect),
        score: compares.then_some(place.score),
        what: match (&place.widget, &place.window) {
            (Some(widget), _) => widget::described(widget),
            (None, Some(window)) => window.title.clone(),
            (None, None) => String::new(),
        },
    });
    // Of windows, all are told as near where one was looked for.
    let is_found = |near: &&Near| !seen.found.iter().any(|place| near.rect == Some(place.rect));
    let others = seen.missing.near.iter().filter(is_found);
    Ok(Sightings {
        meant: seen.found.iter().position(is_chosen),
        found: found.collect(),
        point,
        near: others.map(near).collect(),
        within: seen.missing.area,
        missing,
    })
}

fn near(near: &Near) -> Sighting {
    Sighting {
        rect: near.rect,
        score: (near.score > 0.0).then_some(near.score),
        what: near.what.clone(),
    }
}
