//! What counts as a change of the picture, and waiting until nothing changes any more.

use std::{fmt::Write as _, time::Duration};

use tokio::time::Instant;

use super::{
    fault::{Fault, seconds},
    stage::Stage,
    view::View,
};
use crate::{
    event::{ArtifactKind, StepId},
    geometry::{Point, Rect},
    plan::Watched,
    vision::{self, Frame, Limits, Mark, MarkKind, Mask},
};

/// How many places that moved are reported.
const MOST_PLACES: usize = 3;

/// The largest change between two frames of `watched` that counts: where it is
/// on the screen.
pub(super) fn change(watched: &Watched, before: &Frame, now: &Frame) -> Option<Rect> {
    if before == now {
        return None;
    }
    let origin = watched.region.map(Rect::corner).unwrap_or_default();
    if before.size() != now.size() {
        return Some(Rect::at(origin, now.size()));
    }
    let back = Point::new(-origin.x, -origin.y);
    let mask = watched.mask.iter().map(|rect| rect.shifted(back));
    let difference = vision::compare(before, now, &Mask::new(mask.collect()), &Limits::EXACT);
    let largest = difference.largest_cluster()?;
    (largest.pixels > watched.max_cluster).then(|| largest.bounds.shifted(origin))
}

/// Where the picture changed while it was expected to be still.
#[derive(Clone, Debug, Default)]
pub(super) struct Motion {
    /// Each place, with the number of changes there.
    places: Vec<(Rect, u32)>,
}

impl Motion {
    fn add(&mut self, place: Rect) {
        let meets = |(known, _): &&mut (Rect, u32)| known.intersection(place).is_some();
        match self.places.iter_mut().find(meets) {
            Some((known, count)) => {
                *known = known.union(place);
                *count += 1;
            }
            None => self.places.push((place, 1)),
        }
    }

    /// The places that changed most often, each with its number of changes.
    fn most(&self) -> Vec<(Rect, u32)> {
        let mut places = self.places.clone();
        places.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        places.truncate(MOST_PLACES);
        places
    }

    /// What moved until the timeout, for people.
    pub(super) fn seen(&self, limit: Duration) -> String {
        let mut text = format!("changes within the timeout of {}", seconds(limit));
        for (number, (place, count)) in (1..).zip(self.most()) {
            let changes = if count == 1 { "change" } else { "changes" };
            let _ = write!(text, "\n{number}. {count} {changes} in {place}");
        }
        text
    }

    /// Keeps a picture of the screen in which what moved is marked.
    pub(super) async fn keep_picture(&self, step: StepId, stage: &mut Stage<'_>) {
        let mark = |(number, (rect, count))| Mark {
            rect,
            label: format!("{number}: {count}x"),
            kind: MarkKind::Near,
        };
        let marks: Vec<Mark> = (1..).zip(self.most()).map(mark).collect();
        if let Ok(frame) = stage.eyes.take(None).await {
            let name = format!("step-{}.moved.png", step.0);
            let picture = vision::marked_picture(&frame, &marks).encode_png();
            // The step has a more serious problem to report than this.
            let _ = stage.keep(ArtifactKind::Comparison, &name, &picture);
        }
    }
}

/// Waits until nothing that counts has changed for `still`; returns what moved
/// if that did not come before the deadline.
pub(super) async fn until_still(
    view: &mut View<'_>,
    watched: &Watched,
    (still, deadline): (Duration, Instant),
) -> Result<Option<Motion>, Fault> {
    let mut motion = Motion::default();
    let mut since = Instant::now();
    let mut last = view.frame().clone();
    loop {
        let now = Instant::now();
        if now >= since + still {
            return Ok(None);
        }
        if now >= deadline {
            return Ok(Some(motion));
        }
        if view.next((since + still).min(deadline)).await?
            && let Some(place) = change(watched, &last, view.frame())
        {
            motion.add(place);
            since = Instant::now();
            // What comes and goes is measured from where it began.
            last = view.frame().clone();
        }
    }
}

/// Waits until something that counts is different from what was there before;
/// answers whether it was before the deadline.
pub(super) async fn until_changed(
    view: &mut View<'_>,
    watched: &Watched,
    before: &Frame,
    deadline: Instant,
) -> Result<bool, Fault> {
    loop {
        if change(watched, before, view.frame()).is_some() {
            return Ok(true);
        }
        if !view.next(deadline).await? {
            return Ok(false);
        }
    }
}
