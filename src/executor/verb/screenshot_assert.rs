//! `screenshot-assert`.

use std::{fmt::Write as _, time::Duration};

use tokio::time::Instant;

use crate::{
    event::{ArtifactKind, StepId},
    executor::{
        UpdateBaselines,
        change::until_still,
        fault::{Fault, Mismatch},
        stage::Stage,
    },
    geometry::Rect,
    plan::{ScreenshotAssert, Watched},
    vision::{self, Difference, Frame, Limits, Mask, picture},
};

/// How long the picture must be still before it becomes a baseline.
const STILL: Duration = Duration::from_millis(400);

/// What one assert is about.
struct Check<'a> {
    assert: &'a ScreenshotAssert,
    step: StepId,
    mask: Mask,
    limits: Limits,
    begun: Instant,
    timeout: Duration,
}

/// Holds the screen against its baseline, again and again, until they match or
/// the time is over. Stillness matters only where a baseline is made.
pub(super) async fn play(
    assert: &ScreenshotAssert,
    step: StepId,
    timeout: Duration,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    if stage.settings.dry {
        return Ok(());
    }
    let limits = Limits {
        tolerance: assert.tolerance,
        max_pixels: assert.max_pixels,
        max_cluster: assert.max_cluster,
    };
    let (mask, begun) = (mask(assert), Instant::now());
    let check = Check {
        assert,
        step,
        mask,
        limits,
        begun,
        timeout,
    };
    let baseline = match (
        stage.read_baseline(&assert.baseline)?,
        stage.settings.update_baselines,
    ) {
        (Some(baseline), UpdateBaselines::All) => return check.renew(&baseline, stage).await,
        (Some(baseline), _) => baseline,
        (None, UpdateBaselines::None) => return check.no_baseline(stage).await,
        (None, _) => return check.write("did not exist", stage).await,
    };
    let Some((actual, difference)) = check.until_match(&baseline, stage).await? else {
        return Ok(());
    };
    if stage.settings.update_baselines == UpdateBaselines::Changed {
        return check
            .write("did not match the screen any more", stage)
            .await;
    }
    check.keep_pictures(&baseline, &actual, &difference, stage)?;
    Err(Fault::Failed(check.mismatch(&difference)))
}

/// The masks in pixels of the compared region.
fn mask(assert: &ScreenshotAssert) -> Mask {
    let origin = assert.region.map(Rect::corner).unwrap_or_default();
    let shift = |rect: &Rect| {
        Rect::new(
            rect.x - origin.x,
            rect.y - origin.y,
            rect.width,
            rect.height,
        )
    };
    Mask::new(assert.mask.iter().map(shift).collect())
}

impl Check<'_> {
    /// Looks until the screen matches; `None` when it did, else the last look.
    async fn until_match(
        &self,
        baseline: &Frame,
        stage: &Stage<'_>,
    ) -> Result<Option<(Frame, Difference)>, Fault> {
        let deadline = self.begun + self.timeout;
        let mut view = stage.eyes.view(self.assert.region).await?;
        loop {
            let tolerance = self.limits.tolerance;
            let difference = vision::compare(baseline, view.frame(), &self.mask, tolerance);
            if difference.within(&self.limits) {
                return Ok(None);
            }
            if !view.next(deadline).await? {
                return Ok(Some((view.frame().clone(), difference)));
            }
        }
    }

    async fn no_baseline(&self, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let actual = stage.eyes.take(self.assert.region).await?;
        self.keep(ArtifactKind::Actual, "actual", &actual, stage)?;
        let path = stage.baseline_path(&self.assert.baseline);
        let help = "run with `--update-baselines missing` to write it, look at it, and commit it";
        Err(Fault::Failed(Mismatch {
            message: format!("there is no baseline `{}`", self.assert.baseline),
            expected: format!("the picture {}", path.display()),
            seen: "no such file".to_owned(),
            help: Some(help.to_owned()),
            goes_on: true,
        }))
    }

    /// Under `--update-baselines all`: writes what is there now, unless that is
    /// to the pixel what was there before.
    async fn renew(&self, baseline: &Frame, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let actual = self.still(stage).await?;
        if actual == *baseline {
            return Ok(());
        }
        self.save(&actual, "was written anew", stage)
    }

    async fn write(&self, why: &str, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let actual = self.still(stage).await?;
        self.save(&actual, &format!("{why} and was written"), stage)
    }

    /// A baseline that was written in this run is never a pass.
    fn save(&self, actual: &Frame, what: &str, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let name = &self.assert.baseline;
        stage.write_baseline(name, actual)?;
        self.keep(ArtifactKind::Actual, "actual", actual, stage)?;
        let help = "look at the picture, commit it, and run again: a baseline never passes in the run that wrote it";
        Err(Fault::Failed(Mismatch {
            message: format!("the baseline `{name}` {what}"),
            expected: format!("the picture {}", stage.baseline_path(name).display()),
            seen: format!(
                "{} pixels of the screen, which are now in it",
                actual.size()
            ),
            help: Some(help.to_owned()),
            goes_on: true,
        }))
    }

    /// The picture once it is still.
    async fn still(&self, stage: &mut Stage<'_>) -> Result<Frame, Fault> {
        // The time for the match may be over already; stillness gets its own.
        let until = (STILL, Instant::now() + self.timeout);
        let watched = Watched {
            region: self.assert.region,
            mask: self.assert.mask.clone(),
            max_cluster: 0,
        };
        let mut view = stage.eyes.view(watched.region).await?;
        let Some(motion) = until_still(&mut view, &watched, until).await? else {
            return Ok(view.frame().clone());
        };
        motion.keep_picture(self.step, stage).await;
        let name = &self.assert.baseline;
        let help = "mask what moves (`mask: [region]`), or give it more `timeout`";
        Err(Fault::Failed(Mismatch {
            message: format!("no baseline `{name}` could be made: the screen was never still"),
            expected: format!(
                "a picture that stays the same for {}",
                super::seconds(STILL)
            ),
            seen: motion.seen(self.timeout),
            help: Some(help.to_owned()),
            goes_on: false,
        }))
    }

    fn mismatch(&self, difference: &Difference) -> Mismatch {
        let (expected, actual) = (difference.expected_size, difference.actual_size);
        let sizes = if expected == actual {
            String::new()
        } else {
            format!("\na picture of {actual}, but the baseline is {expected}")
        };
        let largest = difference.largest_cluster();
        Mismatch {
            message: format!("the screen differs from the baseline `{}`", self.assert.baseline),
            expected: format!(
                "at most {} differing pixels, at most {} in one cluster (tolerance {} %)",
                self.limits.max_pixels,
                self.limits.max_cluster,
                percent(self.limits.tolerance),
            ),
            seen: format!(
                "{} differing pixels, {} in the largest cluster{}; still so after {}{sizes}{}",
                difference.pixels,
                largest.map_or(0, |cluster| cluster.pixels),
                largest.map_or_else(String::new, |cluster| format!(" ({})", self.on_screen(cluster.bounds))),
                super::seconds(self.timeout),
                self.areas(difference),
            ),
            help: Some(
                "if the new look is right, run with `--update-baselines changed` and commit the baseline"
                    .to_owned(),
            ),
            goes_on: false,
        }
    }

    /// Where on the screen a part of the compared region is.
    fn on_screen(&self, part: Rect) -> Rect {
        let origin = self.assert.region.map(Rect::corner).unwrap_or_default();
        part.shifted(origin)
    }

    /// The boxes of the diff picture, in words.
    fn areas(&self, difference: &Difference) -> String {
        let mut text = String::new();
        for (number, area) in (1..).zip(difference.areas()) {
            let place = self.on_screen(area.bounds);
            let _ = write!(text, "\n{number}. {} pixels in {place}", area.pixels);
        }
        text
    }

    fn keep_pictures(
        &self,
        expected: &Frame,
        actual: &Frame,
        difference: &Difference,
        stage: &mut Stage<'_>,
    ) -> Result<(), Fault> {
        let comparison = picture::comparison_picture(expected, actual, &self.mask, difference);
        let diff = picture::diff_picture(expected, actual, &self.mask, difference);
        self.keep(ArtifactKind::Comparison, "comparison", &comparison, stage)?;
        self.keep(ArtifactKind::Expected, "expected", expected, stage)?;
        self.keep(ArtifactKind::Actual, "actual", actual, stage)?;
        self.keep_png(ArtifactKind::Diff, "diff", &diff.encode_png(), stage)
    }

    fn keep(
        &self,
        kind: ArtifactKind,
        what: &str,
        frame: &Frame,
        stage: &mut Stage<'_>,
    ) -> Result<(), Fault> {
        self.keep_png(kind, what, &frame.encode_png(), stage)
    }

    fn keep_png(
        &self,
        kind: ArtifactKind,
        what: &str,
        png: &[u8],
        stage: &mut Stage<'_>,
    ) -> Result<(), Fault> {
        // Two steps may share a baseline, and each keeps its own pictures.
        let name = format!("{}.step-{}.{what}.png", self.assert.baseline, self.step.0);
        stage.keep(kind, &name, png)
    }
}

fn percent(share: f32) -> f32 {
    (share * 10_000.0).round() / 100.0
}
