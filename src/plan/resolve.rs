//! From a scenario to its plan: defaults filled in, names looked up, values
//! held against the screen.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{Action, Plan, Record, ScreenshotAssert, Spot, Step, names, order, title};
use crate::{
    geometry::{Point, Rect, Size},
    input::Button,
    scenario::{
        self, Area, Code, Findings, Limits, Missing, Position, Problem, Scenario, Span, Spanned,
        list, nearest, ticked, verb,
    },
};

/// What holds where a scenario says nothing.
mod standard {
    use super::{Duration, Size};

    pub(super) const SIZE: Size = Size::new(1440, 900);
    pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
    /// A desktop that starts on a busy machine takes longer than a step on it.
    pub(super) const READY_TIMEOUT: Duration = Duration::from_secs(60);
    pub(super) const TOLERANCE: f64 = 0.1;
}

/// Makes the plan of a scenario and adds the problems that only its meaning
/// shows. What depends on a part that is `missing` is not judged.
pub(super) fn resolve(scenario: &Scenario, missing: Missing, findings: &mut Findings) -> Plan {
    let size = scenario.size.map_or(standard::SIZE, |size| size.value);
    let mut resolver = Resolver {
        scenario,
        missing,
        size,
        regions: HashMap::new(),
        findings,
    };
    resolver.check_regions();
    let default_mask = resolver.areas(scenario.defaults.screenshot.mask.as_deref());
    let mut steps = |steps: &[scenario::Step]| -> Vec<Step> {
        let step = |step| resolver.step(step, &default_mask);
        steps.iter().map(step).collect()
    };
    let plan = Plan {
        name: scenario.name.value.clone(),
        file: scenario.source.name().to_owned(),
        source: Arc::clone(&scenario.source),
        origin: scenario.name.span,
        description: text(scenario.description.as_ref()),
        owner: text(scenario.owner.as_ref()),
        tags: tags(&scenario.tags),
        size,
        baselines: baselines(scenario.source.name()),
        setup: steps(&scenario.setup),
        steps: steps(&scenario.steps),
        teardown: steps(&scenario.teardown),
    };
    order::check(&plan, missing, findings);
    plan
}

fn text(written: Option<&Spanned<String>>) -> Option<String> {
    written.map(|text| text.value.clone())
}

fn tags(written: &[Spanned<String>]) -> Vec<String> {
    let mut seen = HashSet::new();
    let words = written.iter().map(|tag| &tag.value);
    words.filter(|word| seen.insert(*word)).cloned().collect()
}

/// The folder of a file's baselines: `baselines/<file stem>` beside it.
fn baselines(file: &str) -> PathBuf {
    let file = Path::new(file);
    let folder = file.parent().unwrap_or(Path::new(""));
    let stem = file.file_stem().unwrap_or(file.as_os_str());
    folder.join("baselines").join(stem)
}

struct Resolver<'a> {
    scenario: &'a Scenario,
    missing: Missing,
    size: Size,
    regions: HashMap<&'a str, Rect>,
    findings: &'a mut Findings,
}

impl Resolver<'_> {
    fn check_regions(&mut self) {
        for region in &self.scenario.regions {
            self.check_rect(region.rect);
            self.regions.insert(&region.name.value, region.rect.value);
        }
    }

    fn check_rect(&mut self, rect: Spanned<Rect>) {
        if rect.value.is_empty() {
            let message = format!("this region covers no pixel: {}", rect.value);
            self.findings.add(
                Problem::new(Code::EmptyRegion, rect.span, message)
                    .label("its width or height is 0")
                    .help("give it at least one pixel, or remove it"),
            );
        } else if !self.missing.size && !self.size.to_rect().covers(rect.value) {
            let Rect { x, y, .. } = rect.value;
            let (right, bottom) = (rect.value.right(), rect.value.bottom());
            let problem = outside(rect.span, "this region is not wholly", self.size);
            let problem = problem.label(format!("from {x},{y} to {right},{bottom}"));
            self.findings
                .add(match self.size.to_rect().intersection(rect.value) {
                    Some(Rect {
                        x,
                        y,
                        width,
                        height,
                    }) => problem.help(format!(
                        "its part on the screen is `{{ x: {x}, y: {y}, width: {width}, height: \
                         {height} }}`; a larger screen is `desktop: {{ size: … }}`"
                    )),
                    None => problem.help("a larger screen is `desktop: { size: 1920x1080 }`"),
                });
        }
    }

    fn step(&mut self, step: &scenario::Step, default_mask: &[Rect]) -> Step {
        let action = self.action(step, default_mask);
        let default = self.scenario.defaults.timeout.map(|timeout| timeout.value);
        let default = match action {
            // A short default is meant for steps, not for a desktop's start.
            Action::WaitReady => default.unwrap_or_default().max(standard::READY_TIMEOUT),
            _ => default.unwrap_or(standard::TIMEOUT),
        };
        Step {
            origin: step.span,
            title: title::of(step),
            timeout: step.timeout.map_or(default, |timeout| timeout.value),
            soft: step.soft.is_some_and(|soft| soft.value),
            action,
        }
    }

    fn action(&mut self, step: &scenario::Step, default_mask: &[Rect]) -> Action {
        match &step.action {
            verb::Action::WaitReady => Action::WaitReady,
            verb::Action::Launch(launch) => Action::Launch {
                command: launch.command.value.clone(),
            },
            verb::Action::Click(click) => Action::Click {
                at: click.target.map(|target| self.spot(target)),
                button: click.button.unwrap_or(Button::Left),
                count: click.count.unwrap_or(1),
            },
            verb::Action::Type(r#type) => Action::Type {
                text: r#type.text.value.clone(),
            },
            verb::Action::Press(press) => Action::Press {
                key: press.key.value.clone(),
                times: press.times.map_or(1, |times| times.value),
            },
            verb::Action::Hotkey(hotkey) => Action::Hotkey {
                chord: hotkey.keys.value.clone(),
            },
            verb::Action::ScreenshotAssert(assert) => {
                Action::ScreenshotAssert(self.screenshot_assert(assert, default_mask))
            }
            verb::Action::Record(verb::Record::Start(name)) => {
                names::check(name, "recording", self.findings);
                Action::Record(Record::Start {
                    name: name.value.clone(),
                })
            }
            verb::Action::Record(verb::Record::Stop) => Action::Record(Record::Stop),
        }
    }

    fn spot(&mut self, position: Spanned<Position>) -> Spot {
        match position.value {
            Position::Share { x, y } => Spot::Share { x, y },
            Position::Pixel(point) => {
                if !self.missing.size && !self.size.contains(point) {
                    let problem = outside(position.span, "this position is not", self.size);
                    let last = Point::new(edge(self.size.width), edge(self.size.height));
                    self.findings.add(
                        problem
                            .label(format!("`[0, 0]` to `[{}, {}]` are on it", last.x, last.y))
                            .help(
                                "a position in percent fits every screen: `50%,50%`; a larger \
                                 screen is `desktop: { size: 1920x1080 }`",
                            ),
                    );
                }
                Spot::At(point)
            }
        }
    }

    fn screenshot_assert(
        &mut self,
        assert: &verb::ScreenshotAssert,
        default_mask: &[Rect],
    ) -> ScreenshotAssert {
        names::check(&assert.baseline, "baseline", self.findings);
        let own = &assert.limits;
        let shared = &self.scenario.defaults.screenshot;
        let tolerance = own.tolerance.or(shared.tolerance);
        let number = |of: fn(&Limits) -> Option<Spanned<u64>>| {
            of(own).or(of(shared)).map_or(0, |number| number.value)
        };
        ScreenshotAssert {
            baseline: assert.baseline.value.clone(),
            max_pixels: number(|limits| limits.max_pixels),
            max_cluster: number(|limits| limits.max_cluster),
            tolerance: narrow(tolerance.map_or(standard::TOLERANCE, |share| share.value)),
            region: assert.region.as_ref().and_then(|area| self.area(area)),
            mask: match &own.mask {
                Some(mask) => self.areas(Some(mask)),
                None => default_mask.to_vec(),
            },
        }
    }

    fn areas(&mut self, areas: Option<&[Area]>) -> Vec<Rect> {
        let areas = areas.unwrap_or_default().iter();
        areas.filter_map(|area| self.area(area)).collect()
    }

    /// The rectangle of an area; `None` where its name is a problem.
    fn area(&mut self, area: &Area) -> Option<Rect> {
        match area {
            Area::Rect(rect) => {
                self.check_rect(*rect);
                Some(rect.value)
            }
            Area::Named(name) => {
                let found = self.regions.get(name.value.as_str()).copied();
                if found.is_none() && !self.missing.regions && !self.findings.is_full() {
                    self.findings.add(self.unknown_region(name));
                }
                found
            }
        }
    }

    fn unknown_region(&self, name: &Spanned<String>) -> Problem {
        let message = format!("there is no region {}", ticked(&name.value));
        let problem = Problem::new(Code::UnknownRegion, name.span, message);
        let names = self.scenario.regions.iter();
        let names = names.map(|region| region.name.value.as_str());
        match nearest(&name.value, names.clone()) {
            Some(near) => problem
                .label(format!("did you mean {}?", ticked(near)))
                .help(format!("the regions are {}", list(names))),
            None if self.scenario.regions.is_empty() => problem
                .label("this scenario has no `regions`")
                .help(format!(
                    "add it at the top level:\nregions:\n  {}: {{ x: 0, y: 0, width: 100, height: \
                     28 }}",
                    scenario::shown(&name.value, 40)
                )),
            None => problem
                .label("not a region of this scenario")
                .help(format!("the regions are {}", list(names))),
        }
    }
}

fn outside(span: Span, what: &str, screen: Size) -> Problem {
    let message = format!("{what} on the screen, which has {screen} pixels");
    Problem::new(Code::OutsideScreen, span, message)
}

fn edge(pixels: u32) -> i32 {
    i32::try_from(pixels.saturating_sub(1)).unwrap_or(i32::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share of 1 keeps all the digits that a person writes"
)]
fn narrow(share: f64) -> f32 {
    share as f32
}
