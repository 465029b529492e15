//! Looking for pictures.

use super::{
    Missing, Near,
    apart::apart,
    elsewhere::Sought,
    glance::{Candidate, Glance, Seen, Uses, nearest},
    miss::percent,
    seek::{Place, Seek},
};
use crate::{
    executor::{fault::Fault, stage::Stage, values::Known},
    geometry::Rect,
    plan::{ImageLook, Picture},
    vision::{self, Frame},
};

impl Seek for ImageLook {
    fn uses(&self) -> Uses {
        Uses {
            picture: true,
            ..Uses::default()
        }
    }

    async fn candidates(
        &self,
        glance: &Glance,
        place: &Place<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let (pictures, threshold) = (&self.pictures, self.threshold);
        glance
            .pictures(pictures, threshold, place.area, stage)
            .await
    }

    fn wanted(&self, _known: &Known<'_>) -> String {
        let (names, share) = (self.names(), percent(self.threshold));
        format!("the picture {names}, at least {share} % similar")
    }

    fn help(&self, _missing: &Missing) -> Option<&'static str> {
        Some(
            "if it looks different now, add another picture (`*` in the path, or `any`); if it is \
             nearly the same, use a lower `threshold`",
        )
    }
}

impl Glance {
    /// The places of the first of several pictures that is there.
    async fn pictures(
        &self,
        pictures: &[Picture],
        threshold: f32,
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let Some(frame) = self.frame.clone() else {
            return Ok(Seen::default());
        };
        let mut near = Vec::new();
        for picture in pictures {
            let sought = Sought {
                needle: picture.needle.clone(),
                area,
                threshold,
            };
            if self.existing && stage.sight.is_gone(&sought, &frame).await? {
                continue;
            }
            let search = search(sought.clone(), frame.clone(), stage).await?;
            if self.existing {
                stage.sight.look_elsewhere(&sought, &frame, &search.found);
            }
            let misses = search.misses.into_iter().map(|miss| Near {
                what: picture.name.clone(),
                rect: Some(miss.rect),
                score: miss.score,
            });
            if !search.found.is_empty() {
                let found = search.found.into_iter();
                let found = found.map(|place| Candidate::new(place.rect, place.score));
                return Ok(Seen {
                    found: found.collect(),
                    missing: Missing {
                        near: misses.collect(),
                        ..Missing::default()
                    },
                });
            }
            near.extend(misses);
        }
        Ok(Seen::missing(Missing {
            near: nearest(near),
            ..Missing::default()
        }))
    }
}

/// Looks for a picture, after an earlier look only where something has changed.
async fn search(
    sought: Sought,
    screen: Frame,
    stage: &mut Stage<'_>,
) -> Result<vision::Search, Fault> {
    let known = stage.sight.searched(&sought);
    let (seen, wanted) = (screen.clone(), sought.clone());
    let search = apart(move || {
        let Sought {
            needle,
            area,
            threshold,
        } = &wanted;
        match &known {
            Some((before, known)) => {
                vision::find_again((before, known), &seen, needle, Some(*area), *threshold)
            }
            None => vision::find(&seen, needle, Some(*area), *threshold),
        }
    });
    let search = search.await?;
    stage.sight.keep_search(sought, screen, search.clone());
    Ok(search)
}
