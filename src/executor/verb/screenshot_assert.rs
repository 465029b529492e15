//! `screenshot-assert`.

use std::{fmt::Write as _, path::Path, time::Duration};

use futures_util::future::join;
use tokio::time::Instant;

use super::{Play, Turn};
use crate::{
    event::{ArtifactKind, StepId},
    executor::{
        UpdateBaselines,
        baseline::Variant,
        change::until_still,
        difference::in_words,
        fault::{Fault, Mismatch, seconds},
        stage::Stage,
        view::View,
    },
    geometry::Rect,
    plan::{ScreenshotAssert, Watched},
    vision::{self, Difference, Frame, Mask, picture},
};

/// How long the picture must be still before it becomes a baseline.
const STILL: Duration = Duration::from_millis(400);

/// What one assert is about.
struct Check<'a> {
    assert: &'a ScreenshotAssert,
    step: StepId,
    mask: Mask,
    begun: Instant,
    timeout: Duration,
}

/// Compares the screen with its baseline, again and again, until they match or
/// the time is over. Stillness matters only where a baseline is made.
impl Play for ScreenshotAssert {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        if stage.settings.dry {
            return Ok(());
        }
        hold(self, turn, stage).await
    }
}

async fn hold(
    assert: &ScreenshotAssert,
    turn: &Turn<'_>,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let (step, timeout) = (turn.id, turn.limit());
    let (mask, begun) = (mask(assert), Instant::now());
    let check = Check {
        assert,
        step,
        mask,
        begun,
        timeout,
    };
    // Each takes about as long as the other, and they use different processors.
    let (baselines, view) = join(
        stage.read_baseline(&assert.baseline),
        stage.eyes.view(assert.region),
    )
    .await;
    let baselines = baselines?;
    // Other programs may be open than at the last comparison.
    stage.environment = None;
    match stage.settings.update_baselines {
        UpdateBaselines::All if !baselines.is_empty() => {
            return check.renew(&baselines, stage).await;
        }
        UpdateBaselines::None if baselines.is_empty() => return check.no_baseline(stage).await,
        _ if baselines.is_empty() => {
            let path = stage.baseline_path(&assert.baseline);
            return check.write(&path, "did not exist", stage).await;
        }
        _ => {}
    }
    let actual = match check.until_match(&baselines, view?).await? {
        Seen::Like(variant) => return check.passes(variant, stage),
        Seen::Other(actual) => actual,
    };
    let changed = stage.settings.update_baselines == UpdateBaselines::Changed;
    let nearest = check.nearest(&baselines, &actual, stage).await;
    if changed {
        let why = "no longer matched the screen";
        return check.write(&nearest.path, why, stage).await;
    }
    check.differs(nearest, &actual, stage).await
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

/// What to do about a baseline that was written in this run.
const WRITTEN_HELP: &str = "look at the picture, commit it, and run again: a baseline never \
                            passes in the run that wrote it";

/// What the screen finally shows.
enum Seen<'v> {
    /// A picture of the baseline.
    Like(&'v Variant),
    /// Something else: what the last look saw.
    Other(Frame),
}

impl Check<'_> {
    /// Looks until the screen matches a picture of the baseline.
    async fn until_match<'v>(
        &self,
        baselines: &'v [Variant],
        mut view: View<'_>,
    ) -> Result<Seen<'v>, Fault> {
        let deadline = self.begun + self.timeout;
        loop {
            let matches = |variant: &&Variant| {
                self.compare(&variant.frame, view.frame())
                    .within(&self.assert.limits)
            };
            if let Some(variant) = baselines.iter().find(matches) {
                return Ok(Seen::Like(variant));
            }
            if !view.next(deadline).await? {
                return Ok(Seen::Other(view.frame().clone()));
            }
        }
    }

    /// The screen looks like a picture of the baseline. One that was written in this run
    /// proves nothing: it was the screen.
    fn passes(&self, variant: &Variant, stage: &Stage<'_>) -> Result<(), Fault> {
        if !stage.written.has(&variant.path) {
            return Ok(());
        }
        Err(Fault::Failed(Mismatch {
            message: format!(
                "the baseline `{}` was written earlier in this run",
                self.assert.baseline
            ),
            expected: format!("the picture {}", variant.path.display()),
            seen: "the same picture".to_owned(),
            help: Some(WRITTEN_HELP.to_owned()),
            goes_on: true,
            ..Mismatch::default()
        }))
    }

    fn compare(&self, baseline: &Frame, actual: &Frame) -> Difference {
        vision::compare(baseline, actual, &self.mask, &self.assert.limits)
    }

    /// The picture of the baseline that the screen should look like: the one of
    /// this environment, else the one that it looks like most.
    async fn nearest<'v>(
        &self,
        baselines: &'v [Variant],
        actual: &Frame,
        stage: &mut Stage<'_>,
    ) -> &'v Variant {
        let [first, others @ ..] = baselines else {
            unreachable!("a comparison has something to compare with");
        };
        if others.is_empty() {
            return first;
        }
        let now = stage.environment().await;
        let is_of_here = |variant: &&Variant| variant.environment.is_like(now);
        let by_pixels = |variant: &&Variant| self.compare(&variant.frame, actual).pixels;
        let of_here = baselines.iter().filter(is_of_here).min_by_key(by_pixels);
        of_here
            .or_else(|| baselines.iter().min_by_key(by_pixels))
            .unwrap_or(first)
    }

    async fn no_baseline(&self, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let actual = stage.eyes.take(self.assert.region).await?;
        let path = stage.baseline_path(&self.assert.baseline);
        self.keep_actual(&path, &actual, stage).await?;
        let help =
            "look at the picture, make it the baseline with `deskhand accept`, and commit it";
        Err(Fault::Failed(Mismatch {
            message: format!("there is no baseline `{}`", self.assert.baseline),
            expected: format!("the picture {}", path.display()),
            seen: "no such file".to_owned(),
            help: Some(help.to_owned()),
            goes_on: true,
            ..Mismatch::default()
        }))
    }

    /// Under `--update-baselines all`: writes what is there now, unless that is
    /// to the pixel what was there before.
    async fn renew(&self, baselines: &[Variant], stage: &mut Stage<'_>) -> Result<(), Fault> {
        let actual = self.still(stage).await?;
        let nearest = self.nearest(baselines, &actual, stage).await;
        if actual == nearest.frame {
            return self.passes(nearest, stage);
        }
        self.save(&nearest.path, &actual, "was written again", stage)
            .await
    }

    async fn write(&self, path: &Path, why: &str, stage: &mut Stage<'_>) -> Result<(), Fault> {
        let actual = self.still(stage).await?;
        self.save(path, &actual, &format!("{why} and was written"), stage)
            .await
    }

    /// A baseline that was written in this run is never a pass.
    async fn save(
        &self,
        path: &Path,
        actual: &Frame,
        what: &str,
        stage: &mut Stage<'_>,
    ) -> Result<(), Fault> {
        let name = &self.assert.baseline;
        stage.write_baseline(path, actual).await?;
        self.keep(ArtifactKind::Actual, "actual", &actual.encode_png(), stage)?;
        Err(Fault::Failed(Mismatch {
            message: format!("the baseline `{name}` {what}"),
            expected: format!("the picture {}", path.display()),
            seen: format!("{} pixels of the screen, which it shows now", actual.size()),
            help: Some(WRITTEN_HELP.to_owned()),
            goes_on: true,
            ..Mismatch::default()
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
        let help = "mask what moves (`mask: [region]`), or increase `timeout`";
        Err(Fault::Failed(Mismatch {
            message: format!(
                "the baseline `{name}` could not be created: the screen kept \
                              changing"
            ),
            expected: format!("a picture that does not change for {}", seconds(STILL)),
            seen: motion.seen(self.timeout),
            help: Some(help.to_owned()),
            ..Mismatch::default()
        }))
    }

    /// Keeps the pictures, and says what differs.
    async fn differs(
        &self,
        baseline: &Variant,
        actual: &Frame,
        stage: &mut Stage<'_>,
    ) -> Result<(), Fault> {
        let difference = self.compare(&baseline.frame, actual);
        let of_environment = baseline.environment.changes(stage.environment().await);
        self.keep_pictures(baseline, actual, &difference, stage)
            .await?;
        let mismatch = self.mismatch(&difference, &of_environment);
        let frames = [&baseline.frame, actual];
        let changes = in_words(frames, difference, self.assert.limits, stage).await?;
        let origin = self.assert.region.map(Rect::corner).unwrap_or_default();
        Err(Fault::Failed(Mismatch {
            changes: Box::new(changes.within(origin)),
            ..mismatch
        }))
    }

    fn mismatch(&self, difference: &Difference, changes: &[String]) -> Mismatch {
        let (expected, actual) = (difference.expected_size, difference.actual_size);
        let mut seen = String::new();
        if !changes.is_empty() {
            let _ = writeln!(seen, "different environment: {}", changes.join("; "));
        }
        let largest = difference.largest_cluster();
        let _ = write!(
            seen,
            "{} differing pixels, {} in the largest cluster{}, still after {}",
            difference.pixels,
            largest.map_or(0, |cluster| cluster.pixels),
            largest.map_or_else(String::new, |cluster| {
                format!(" ({})", self.on_screen(cluster.bounds))
            }),
            seconds(self.timeout),
        );
        if expected != actual {
            let _ = write!(
                seen,
                "\na picture of {actual}, but the baseline is {expected}"
            );
        }
        let (name, limits) = (&self.assert.baseline, &self.assert.limits);
        let (message, help) = if changes.is_empty() {
            (
                format!("the screen differs from the baseline `{name}`"),
                "if the new picture is right, make it the baseline with `deskhand accept` and \
                 commit it",
            )
        } else {
            (
                format!(
                    "the screen differs from the baseline `{name}`, which was made in a \
                         different environment"
                ),
                "if the picture is right in this environment, add it as a variant with \
                 `deskhand accept --variant NAME`, or play in the environment of the baseline",
            )
        };
        Mismatch {
            message,
            expected: format!(
                "at most {} differing pixels, at most {} in one cluster (tolerance {} %, area \
                 tolerance {} %)",
                limits.max_pixels,
                limits.max_cluster,
                percent(limits.tolerance),
                percent(limits.area_tolerance),
            ),
            seen,
            help: Some(help.to_owned()),
            ..Mismatch::default()
        }
    }

    /// Where on the screen a part of the compared region is.
    fn on_screen(&self, part: Rect) -> Rect {
        let origin = self.assert.region.map(Rect::corner).unwrap_or_default();
        part.shifted(origin)
    }

    async fn keep_pictures(
        &self,
        baseline: &Variant,
        actual: &Frame,
        difference: &Difference,
        stage: &mut Stage<'_>,
    ) -> Result<(), Fault> {
        let expected = &baseline.frame;
        let comparison = picture::comparison_picture(expected, actual, &self.mask, difference);
        let diff = picture::diff_picture(expected, actual, &self.mask, difference);
        let png = comparison.encode_png();
        self.keep(ArtifactKind::Comparison, "comparison", &png, stage)?;
        let png = expected.encode_png();
        self.keep(ArtifactKind::Expected, "expected", &png, stage)?;
        self.keep_actual(&baseline.path, actual, stage).await?;
        self.keep(ArtifactKind::Diff, "diff", &diff.encode_png(), stage)
    }

    /// Keeps the screen, to be accepted as the baseline of that file.
    async fn keep_actual(
        &self,
        path: &Path,
        actual: &Frame,
        stage: &mut Stage<'_>,
    ) -> Result<(), Fault> {
        let candidate = stage.candidate(path).await;
        self.keep(ArtifactKind::Actual, "actual", &actual.encode_png(), stage)?;
        if let Some(kept) = stage.artifacts.last_mut() {
            kept.candidate = Some(Box::new(candidate));
        }
        Ok(())
    }

    fn keep(
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
