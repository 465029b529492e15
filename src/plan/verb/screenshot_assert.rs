//! `screenshot-assert`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, literal, map, mask, percent, region, shown},
    written,
};
use crate::{geometry::Rect, vision::Limits};

/// How the screen is compared with a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenshotAssert {
    /// The name of the baseline, safe as a file name: `<name>.png` in the
    /// plan's folder of baselines.
    pub baseline: String,
    /// The part of the screen that counts, never empty; `None` is all of it.
    pub region: Option<Rect>,
    /// What does not count, in pixels of the screen (not of the region).
    pub mask: Vec<Rect>,
    /// How much may differ.
    pub limits: Limits,
}

impl Verb for ScreenshotAssert {
    fn title(&self) -> String {
        self.baseline.clone()
    }

    fn argument(&self, _: &Path) -> Value {
        let mut fields = vec![("baseline", literal(&self.baseline))];
        fields.extend(region(self.region));
        for (key, share) in [
            ("tolerance", self.limits.tolerance),
            ("area-tolerance", self.limits.area_tolerance),
        ] {
            fields.push((key, shown(&percent(f64::from(share)))));
        }
        fields.push(("max-pixels", self.limits.max_pixels.into()));
        fields.push(("max-cluster", self.limits.max_cluster.into()));
        fields.push(("mask", mask(&self.mask)));
        map(fields)
    }
}

impl Resolve for written::ScreenshotAssert {
    type Meant = ScreenshotAssert;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<ScreenshotAssert> {
        let baseline = resolver.file_name(&self.baseline, "baseline");
        let limits = resolver.limits(&self.limits);
        let region = resolver.optional_area(self.region.as_ref());
        let mask = resolver.mask(self.limits.mask.as_deref());
        Some(ScreenshotAssert {
            baseline: baseline?,
            region: region?,
            mask: mask?,
            limits: limits?,
        })
    }
}
