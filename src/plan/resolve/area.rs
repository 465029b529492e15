//! Parts of the screen, compared with its size.

use std::sync::Arc;

use super::{Resolver, standard};
use crate::{
    geometry::{Point, Rect, Size},
    plan::Watched,
    scenario::{
        self, Area, Code, Problem, RectWritten, Span, Spanned, nearest, shown, these, ticked,
    },
};

/// What is known about the size of the screen, step by step.
#[derive(Clone, Copy, Debug)]
pub(super) struct ScreenSize {
    /// At the start.
    pub(super) size: Size,
    /// Now, as large as it may be.
    pub(super) now: Size,
    /// The largest it ever is.
    pub(super) largest: Size,
    /// Whether it is known at all.
    pub(super) known: bool,
}

impl Default for ScreenSize {
    fn default() -> Self {
        Self::of(standard::SIZE)
    }
}

impl ScreenSize {
    const fn of(size: Size) -> Self {
        Self {
            size,
            now: size,
            largest: size,
            known: true,
        }
    }

    /// It has a different size from here on.
    pub(super) fn resize(&mut self, to: Size) {
        self.now = to;
        self.largest = larger(self.largest, to);
    }

    /// It has either size from here on.
    pub(super) fn either(&mut self, other: Self) {
        self.now = larger(self.now, other.now);
        self.largest = larger(self.largest, other.largest);
        self.known &= other.known;
    }
}

fn larger(one: Size, two: Size) -> Size {
    Size::new(one.width.max(two.width), one.height.max(two.height))
}

/// A region of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    rect: Rect,
    /// Whether it was compared with the screen.
    checked: bool,
}

impl Resolver<'_, '_> {
    pub(in crate::plan) fn read_screen(&mut self) {
        let file = Arc::clone(&self.file);
        if let Some(size) = &file.scenario.desktop.size {
            match self.value(size) {
                Some(size) => self.screen = ScreenSize::of(size),
                None => self.screen.known = false,
            }
        }
        self.screen.known &= !file.missing.size;
    }

    pub(in crate::plan) fn read_regions(&mut self) {
        let file = Arc::clone(&self.file);
        let resized = resizes(&file.scenario);
        for (name, rect) in &file.scenario.names.regions {
            let Some(rect) = self.written_rect(rect) else {
                continue;
            };
            // Where the screen changes, only the step that looks knows its size.
            if resized {
                self.check_covers_something(rect);
            } else {
                self.check_rect(rect);
            }
            let region = Region {
                rect: rect.value,
                checked: !resized,
            };
            self.regions.insert(name.value.clone(), region);
        }
    }

    fn written_rect(&mut self, written: &RectWritten) -> Option<Spanned<Rect>> {
        let (x, y) = (self.value(&written.x), self.value(&written.y));
        let (width, height) = (self.value(&written.width), self.value(&written.height));
        let rect = Rect::new(x?, y?, width?, height?);
        Some(Spanned::new(rect, written.span))
    }

    /// A rectangle that is written out.
    pub(in crate::plan) fn rect(&mut self, written: &RectWritten) -> Option<Rect> {
        let rect = self.written_rect(written)?;
        self.check_rect(rect);
        Some(rect.value)
    }

    fn check_covers_something(&mut self, rect: Spanned<Rect>) -> bool {
        if !rect.value.is_empty() {
            return true;
        }
        let message = format!("this region covers no pixels: {}", rect.value);
        self.add(
            Problem::new(Code::EmptyRegion, rect.span, message)
                .label("its width or height is 0")
                .help("give it at least one pixel, or remove it"),
        );
        false
    }

    fn check_rect(&mut self, rect: Spanned<Rect>) {
        let screen = self.screen.now.to_rect();
        if !self.check_covers_something(rect) || !self.screen.known || screen.covers(rect.value) {
            return;
        }
        let Rect { x, y, .. } = rect.value;
        let (right, bottom) = (rect.value.right(), rect.value.bottom());
        let what = if screen.intersection(rect.value).is_some() {
            "this region extends beyond"
        } else {
            "this region is not on"
        };
        let problem = outside(rect.span, what, self.screen.now);
        let problem = problem.label(format!("it extends from {x},{y} to {right},{bottom}"));
        self.add(match screen.intersection(rect.value) {
            Some(Rect {
                x,
                y,
                width,
                height,
            }) => problem.help(format!(
                "the part on the screen is `{{ x: {x}, y: {y}, width: {width}, height: \
                 {height} }}`; for a larger screen, set `desktop: {{ size: … }}`"
            )),
            None => problem.help("for a larger screen, set `desktop: { size: 1920x1080 }`"),
        });
    }

    /// Compares a pixel with the size of the screen.
    pub(in crate::plan) fn check_point(&mut self, point: Point, span: Span) {
        let screen = self.screen.now;
        if !self.screen.known || screen.contains(point) {
            return;
        }
        let last = Point::new(edge(screen.width), edge(screen.height));
        let problem = outside(span, "this position is not on", screen);
        self.add(
            problem
                .label(format!("use `[0, 0]` to `[{}, {}]`", last.x, last.y))
                .help(
                    "a position in percent fits every screen: `50%,50%`; for a larger screen, \
                     set `desktop: { size: 1920x1080 }`",
                ),
        );
    }

    /// The region of a name, if there is one; compared with the screen.
    pub(in crate::plan) fn region(&mut self, name: &str, span: Span) -> Option<Rect> {
        self.desk.uses.named(self.file.scenario.source.name(), name);
        let region = *self.regions.get(name)?;
        if !region.checked {
            self.check_rect(Spanned::new(region.rect, span));
        }
        Some(region.rect)
    }

    pub(in crate::plan) fn has_region(&self, name: &str) -> bool {
        self.regions.contains_key(name)
    }

    pub(in crate::plan) fn areas(&mut self, areas: Option<&[Area]>) -> Option<Vec<Rect>> {
        let areas = areas.unwrap_or_default().iter();
        let rects: Vec<Option<Rect>> = areas.map(|area| self.area(area)).collect();
        rects.into_iter().collect()
    }

    /// The rectangle of an area; `None` where its name is a problem.
    pub(in crate::plan) fn area(&mut self, area: &Area) -> Option<Rect> {
        match area {
            Area::Rect(rect) => self.rect(rect),
            Area::Named(name) => {
                let known = self.known(name)?;
                let found = self.region(&known, name.span);
                if found.is_none() && !self.file.missing.regions && !self.is_full() {
                    let problem = self.unknown_region(&known, name.span);
                    self.add(problem);
                }
                found
            }
        }
    }

    /// The same for an area that may be left out.
    pub(in crate::plan) fn optional_area(&mut self, area: Option<&Area>) -> Option<Option<Rect>> {
        match area {
            Some(area) => self.area(area).map(Some),
            None => Some(None),
        }
    }

    /// Which changes of the screen count.
    pub(in crate::plan) fn watched(&mut self, written: &scenario::Watched) -> Option<Watched> {
        let region = self.optional_area(written.region.as_ref());
        let mask = self.mask(written.mask.as_deref());
        let max_cluster = self.optional(written.max_cluster.as_ref());
        Some(Watched {
            region: region?,
            mask: mask?,
            max_cluster: u64::from(max_cluster?.unwrap_or(0)),
        })
    }

    /// The step's own mask, else that of the defaults.
    pub(in crate::plan) fn mask(&mut self, own: Option<&[Area]>) -> Option<Vec<Rect>> {
        match own {
            Some(own) => self.areas(Some(own)),
            None => Some(self.defaults.mask.clone()),
        }
    }

    fn unknown_region(&self, name: &str, span: Span) -> Problem {
        let message = format!("there is no region {}", ticked(name));
        let problem = Problem::new(Code::UnknownRegion, span, message);
        let names = || self.regions.keys().map(String::as_str);
        match nearest(name, names()) {
            Some(near) => problem
                .label(format!("did you mean {}?", ticked(near)))
                .help(these("region", names())),
            None if self.regions.is_empty() => problem
                .label("this scenario has no `regions`")
                .help(format!(
                    "add it at the top level:\nregions:\n  {}: {{ x: 0, y: 0, width: 100, height: \
                     28 }}",
                    shown(name, 40)
                )),
            None => problem
                .label("unknown region")
                .help(these("region", names())),
        }
    }

    pub(in crate::plan) fn read_defaults(&mut self) {
        let file = Arc::clone(&self.file);
        let written = &file.scenario.names.defaults;
        let limits = &written.screenshot;
        let timeout = self.optional(written.timeout.as_ref()).flatten();
        let tolerance = self.optional(limits.tolerance.as_ref()).flatten();
        let area_tolerance = self.optional(limits.area_tolerance.as_ref()).flatten();
        let max_pixels = self.optional(limits.max_pixels.as_ref()).flatten();
        let max_cluster = self.optional(limits.max_cluster.as_ref()).flatten();
        let mask = self.areas(limits.mask.as_deref()).unwrap_or_default();
        let defaults = &mut self.defaults;
        defaults.timeout = timeout.or(defaults.timeout);
        defaults.tolerance = tolerance.or(defaults.tolerance);
        defaults.area_tolerance = area_tolerance.or(defaults.area_tolerance);
        defaults.max_pixels = max_pixels.or(defaults.max_pixels);
        defaults.max_cluster = max_cluster.or(defaults.max_cluster);
        if limits.mask.is_some() {
            defaults.mask = mask;
        }
    }
}

/// Whether a step of the file, or of a file that it uses, may give the screen
/// another size.
fn resizes(scenario: &scenario::Scenario) -> bool {
    fn any(steps: &[scenario::Step]) -> bool {
        steps.iter().any(|step| {
            let own = matches!(
                step.action,
                scenario::Action::Resize(_) | scenario::Action::Use(_)
            );
            own || step.action.blocks().any(any)
        })
    }
    scenario
        .all_steps()
        .any(|step| any(std::slice::from_ref(step)))
}

fn outside(span: Span, what: &str, screen: Size) -> Problem {
    let message = format!("{what} the screen, which is {screen}");
    Problem::new(Code::OutsideScreen, span, message)
}

fn edge(pixels: u32) -> i32 {
    i32::try_from(pixels.saturating_sub(1)).unwrap_or(i32::MAX)
}
