//! One step: its modifiers, its timeout, what it does.

use std::time::Duration;

use super::{Resolver, standard, target::narrow};
use crate::{
    input::{Button, Key},
    plan::{Action, ExpectChange, Record, Retry, ScreenshotAssert, Step, Wait, title},
    scenario::{self, Code, Problem, Span, Val, verb},
    vision::Limits,
};

impl Resolver<'_, '_> {
    /// The plan of a step; `None` where a value of it is a problem.
    pub(super) fn step(&mut self, written: &scenario::Step) -> Option<Step> {
        let modifiers = &written.modifiers;
        let name = match &modifiers.name {
            Some(name) => self.text(name).map(Some),
            None => Some(None),
        };
        let condition = match &modifiers.condition {
            Some(condition) => self.condition(condition).map(Some),
            None => Some(None),
        };
        let retry = self.retry(modifiers.retry.as_deref());
        let expect_change = self.expect_change(modifiers.expect_change.as_deref());
        let timeout = self.optional(modifiers.timeout.as_ref());
        let soft = self.optional(modifiers.soft.as_ref());
        let hidden = self.optional(modifiers.hidden.as_ref());
        let action = self.action(&written.action);
        let capture = match &modifiers.capture {
            Some(capture) => self.captured_by(written, capture).map(Some),
            None => Some(None),
        };
        let action = action?;
        let title = title::of(name?.as_ref(), written, &action);
        Some(Step {
            origin: self.origin(written.span),
            verb: written.verb,
            title,
            timeout: timeout?.unwrap_or_else(|| self.timeout(&action)),
            retry: retry?,
            soft: soft?.unwrap_or(false),
            condition: condition?.map(Box::new),
            expect_change: expect_change?.map(Box::new),
            capture: capture?,
            hidden: hidden?.unwrap_or(false),
            action,
        })
    }

    /// How long a step may take that does not say it.
    fn timeout(&self, action: &Action) -> Duration {
        let default = self.defaults.timeout.unwrap_or(standard::TIMEOUT);
        match action {
            // A short default is meant for steps, not for a desktop's start.
            Action::WaitReady | Action::Restart { .. } => default.max(standard::READY_TIMEOUT),
            Action::If { .. } | Action::RepeatUntil { .. } | Action::Group { .. } => {
                standard::BLOCK_TIMEOUT
            }
            // What takes its time by design gets it on top.
            Action::Wait(wait) => default + wait.pause.unwrap_or_default(),
            Action::Type {
                text,
                speed,
                verify,
            } => {
                let length = u32::try_from(text.to_string().chars().count()).unwrap_or(u32::MAX);
                let pauses = speed.unwrap_or_default().saturating_mul(length);
                let requests = u32::from(speed.is_some()) + u32::from(*verify);
                let each = standard::TYPED + standard::REQUEST * requests;
                let more = length.saturating_sub(standard::SHORT_TEXT);
                default + pauses + each.saturating_mul(more)
            }
            _ => default,
        }
    }

    fn retry(&mut self, written: Option<&scenario::Retry>) -> Option<Retry> {
        let Some(written) = written else {
            return Some(Retry::default());
        };
        let times = self.value(&written.times);
        let pause = self.optional(written.pause.as_ref());
        Some(Retry {
            times: times?,
            pause: pause?.unwrap_or_default(),
        })
    }

    fn expect_change(
        &mut self,
        written: Option<&scenario::ExpectChange>,
    ) -> Option<Option<ExpectChange>> {
        let Some(written) = written else {
            return Some(None);
        };
        let within = self.value(&written.within);
        let watched = self.watched(&written.watched);
        Some(Some(ExpectChange {
            within: within?,
            watched: watched?,
        }))
    }

    /// What a step captures, which is known to those after it.
    fn captured_by(
        &mut self,
        step: &scenario::Step,
        written: &scenario::Capture,
    ) -> Option<crate::plan::Capture> {
        let is_command = match &step.action {
            verb::Action::Run(_) => true,
            verb::Action::Assert(assert) => matches!(**assert, verb::Assert::Command(_)),
            _ => false,
        };
        if !is_command {
            self.add(nothing_to_capture(step.verb, written.name.span));
            return None;
        }
        let name = &written.name;
        self.names.captured.insert(name.value.clone());
        let file = self.file.scenario.source.name();
        self.desk.uses.captured(file, name);
        self.capture(written)
    }

    fn action(&mut self, written: &verb::Action) -> Option<Action> {
        Some(match written {
            verb::Action::WaitReady => Action::WaitReady,
            verb::Action::Launch(launch) => Action::Launch(self.command(&launch.command)?),
            verb::Action::Run(run) => Action::Run(self.run(run)?),
            verb::Action::Type(typed) => self.typed(typed)?,
            verb::Action::Press(press) => {
                let key = self.value(&press.key);
                let times = self.optional(press.times.as_ref());
                Action::Press {
                    key: key?,
                    times: times?.unwrap_or(1),
                }
            }
            verb::Action::Hotkey(hotkey) => Action::Hotkey {
                chord: self.value(&hotkey.keys)?.chord,
            },
            verb::Action::Wait(wait) => Action::Wait(Box::new(self.wait(wait)?)),
            verb::Action::Assert(assert) => Action::Assert(self.assert(assert)?),
            verb::Action::Screenshot(shot) => {
                let name = self.file_name(&shot.name, "picture");
                let region = self.optional_area(shot.region.as_ref());
                Action::Screenshot {
                    name: name?,
                    region: region?,
                }
            }
            verb::Action::ScreenshotAssert(assert) => {
                Action::ScreenshotAssert(Box::new(self.screenshot_assert(assert)?))
            }
            verb::Action::Record(verb::Record::Start(name)) => Action::Record(Record::Start {
                name: self.file_name(name, "recording")?,
            }),
            verb::Action::Record(verb::Record::Stop) => Action::Record(Record::Stop),
            verb::Action::Resize(resize) => {
                let size = self.value(&resize.size);
                self.screen.known &= size.is_some();
                let size = size?;
                self.screen.resize(size);
                Action::Resize { size }
            }
            verb::Action::Restart(restart) => Action::Restart {
                process: self.value(&restart.process)?.0.to_owned(),
            },
            verb::Action::Upload(upload) => self.upload(upload)?,
            verb::Action::Download(download) => self.download(download)?,
            verb::Action::Click(_)
            | verb::Action::Move(_)
            | verb::Action::Drag(_)
            | verb::Action::Scroll(_) => self.pointing(written)?,
            verb::Action::Use(_)
            | verb::Action::If(_)
            | verb::Action::ForEach(_)
            | verb::Action::RepeatUntil(_)
            | verb::Action::Group(_) => self.block(written)?,
        })
    }

    fn pointing(&mut self, written: &verb::Action) -> Option<Action> {
        Some(match written {
            verb::Action::Click(click) => {
                let at = self.optional_target(click.target.as_ref());
                let button = self.optional(click.button.as_ref());
                let count = self.optional(click.count.as_ref());
                let modifiers = self.held(&click.modifiers);
                Action::Click {
                    at: at?,
                    button: button?.unwrap_or(Button::Left),
                    count: count?.unwrap_or(1),
                    modifiers: modifiers?,
                }
            }
            verb::Action::Move(to) => Action::Move {
                to: self.target(&to.target)?,
            },
            verb::Action::Drag(drag) => {
                let from = self.optional_target(drag.from.as_ref());
                let to = self.target(&drag.to);
                let button = self.optional(drag.button.as_ref());
                let modifiers = self.held(&drag.modifiers);
                Action::Drag {
                    from: from?.map(Box::new),
                    to: Box::new(to?),
                    button: button?.unwrap_or(Button::Left),
                    modifiers: modifiers?,
                }
            }
            verb::Action::Scroll(scroll) => {
                let at = self.optional_target(scroll.target.as_ref());
                let direction = self.value(&scroll.direction);
                let amount = self.optional(scroll.amount.as_ref());
                Action::Scroll {
                    at: at?,
                    direction: direction?,
                    amount: amount?.unwrap_or(1),
                }
            }
            _ => return None,
        })
    }

    fn held(&mut self, written: &[Val<Key>]) -> Option<Vec<Key>> {
        let keys: Vec<Option<Key>> = written.iter().map(|key| self.value(key)).collect();
        keys.into_iter().collect()
    }

    fn typed(&mut self, written: &verb::Type) -> Option<Action> {
        let text = self.text(&written.text);
        let speed = self.optional(written.speed.as_ref());
        let verify = self.optional(written.verify.as_ref());
        let (text, verify) = (text?, verify?.unwrap_or(false));
        self.check_typed(&text, written.text.span);
        if verify && text.is_secret() {
            self.add(verified_secret(written.text.span));
        }
        Some(Action::Type {
            text,
            speed: speed?,
            verify,
        })
    }

    fn wait(&mut self, written: &verb::Wait) -> Option<Wait> {
        let mut wait = Wait::default();
        let pause = self.optional(written.pause.as_ref());
        let sight = match &written.sight {
            Some(sight) => self.sight(sight).map(Some),
            None => Some(None),
        };
        let stable = self.optional(written.stable.as_ref());
        let changed = self.optional(written.changed.as_ref());
        let watched = self.watched(&written.watched);
        (wait.pause, wait.sight, wait.stable) = (pause?, sight?, stable?);
        (wait.changed, wait.watched) = (changed?.unwrap_or(false), watched?);
        if let Some(word) = &written.word {
            match self.value(word)? {
                verb::Awaited::Pause(pause) => wait.pause = Some(pause),
                verb::Awaited::Name(name) => {
                    let target = self.target_by_name(&name, word.span)?;
                    let gone = false;
                    wait.sight = Some(crate::plan::Sight { target, gone });
                }
            }
        }
        Some(wait)
    }

    fn screenshot_assert(&mut self, written: &verb::ScreenshotAssert) -> Option<ScreenshotAssert> {
        let baseline = self.file_name(&written.baseline, "baseline");
        let limits = &written.limits;
        let tolerance = self.optional(limits.tolerance.as_ref());
        let area_tolerance = self.optional(limits.area_tolerance.as_ref());
        let max_pixels = self.optional(limits.max_pixels.as_ref());
        let max_cluster = self.optional(limits.max_cluster.as_ref());
        let region = self.optional_area(written.region.as_ref());
        let mask = self.mask(limits.mask.as_deref());
        let defaults = &self.defaults;
        let tolerance = tolerance?.or(defaults.tolerance);
        let area_tolerance = area_tolerance?.or(defaults.area_tolerance);
        let max_pixels = max_pixels?.or(defaults.max_pixels);
        let max_cluster = max_cluster?.or(defaults.max_cluster);
        let usual = Limits::default();
        Some(ScreenshotAssert {
            baseline: baseline?,
            region: region?,
            mask: mask?,
            limits: Limits {
                tolerance: tolerance.map_or(usual.tolerance, narrow),
                area_tolerance: area_tolerance.map_or(usual.area_tolerance, narrow),
                max_pixels: max_pixels.map_or(usual.max_pixels, u64::from),
                max_cluster: max_cluster.map_or(usual.max_cluster, u64::from),
            },
        })
    }
}

fn nothing_to_capture(verb: &str, span: Span) -> Problem {
    Problem::new(
        Code::UnknownKey,
        span,
        format!("`{verb}` leaves nothing that could be captured"),
    )
    .label("only the output of a command can be")
    .help("write it beside a `run`: `- run: date` with `capture: today` below")
}

fn verified_secret(span: Span) -> Problem {
    Problem::new(
        Code::ExposedSecret,
        span,
        "a secret cannot be verified: a field for passwords gives nothing away",
    )
    .label("a secret is typed here")
    .help("leave `verify` out")
}
