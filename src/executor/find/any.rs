//! Looking for the first of several targets that is there.

use super::{
    Missing, Search,
    glance::{Candidate, Glance, Seen, Uses, nearest},
    miss,
    seek::{Place, Seek},
};
use crate::{
    desktop::wire::Widget,
    executor::{fault::Fault, stage::Stage, values::Known},
    geometry::Rect,
    plan::{AnyLook, Target},
};

impl Seek for AnyLook {
    fn uses(&self) -> Uses {
        Uses::default()
    }

    /// The first of several targets that exists, and lies where it has to.
    async fn candidates(
        &self,
        glance: &Glance,
        place: &Place<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let Place { area, anchors, .. } = place;
        let mut missing = Missing::default();
        for target in &self.targets {
            let mut seen = if anchors.is_empty() {
                one_of(glance, target, *area, stage).await?
            } else {
                glance.each_of(target, *area, stage).await?
            };
            anchors.keep(&mut seen);
            if !seen.found.is_empty() {
                return Ok(seen);
            }
            missing = missing.or(seen.missing);
        }
        Ok(Seen::missing(missing))
    }

    fn wanted(&self, known: &Known<'_>) -> String {
        let each = self.targets.iter();
        let each: Vec<String> = each.map(|target| miss::wanted(target, known)).collect();
        each.join("\nor ")
    }

    fn help(&self, missing: &Missing) -> Option<&'static str> {
        (missing.several > 0).then_some(miss::NARROW)
    }
}

/// What is meant by one of several targets, in the area of all of them.
async fn one_of(
    glance: &Glance,
    target: &Target,
    area: Rect,
    stage: &mut Stage<'_>,
) -> Result<Seen, Fault> {
    Ok(match glance.clipped(area).find(target, stage).await? {
        Search::Found(found) => Seen {
            found: vec![Candidate {
                point: Some(found.point),
                window: found.window,
                widget: found.widget,
                ..Candidate::new(found.rect, 1.0)
            }],
            missing: Missing {
                notes: found.notes,
                ..Missing::default()
            },
        },
        // Which of several targets is not clear is said by its name.
        Search::Missing(missing) if missing.several > 0 => Seen::missing(missing.of(target)),
        Search::Missing(missing) => Seen::missing(missing),
    })
}

impl Missing {
    /// What there was instead of one target and of the next. Of what only one of them can
    /// say, the first says it, but for one that matches too much: that could be meant.
    fn or(self, next: Self) -> Self {
        if self.several == 0 && next.several > 0 {
            return next.and(self.unseen, self.notes);
        }
        if self.several > 0 {
            return self.and(next.unseen, next.notes);
        }
        let near = self.near.into_iter().chain(next.near);
        let one = Self {
            near: nearest(near.collect()),
            read: if next.read.is_empty() {
                self.read
            } else {
                next.read
            },
            outer: self.outer.or(next.outer),
            why: self.why.or(next.why),
            astray: self.astray.or(next.astray),
            unsure: self.unsure.or(next.unsure),
            ..self
        };
        one.and(next.unseen, next.notes)
    }

    /// With what matters of every target.
    fn and(mut self, unseen: Vec<Widget>, notes: Vec<String>) -> Self {
        self.unseen.extend(unseen);
        self.note(notes);
        self
    }
}
