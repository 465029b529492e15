//! What happens while something is recorded, as a film will need it.

use std::time::Duration;

use tokio::time::Instant;

use super::human;
use crate::{
    event::StepId,
    geometry::Rect,
    plan,
    timeline::{
        Caption, CaptionPosition, Cover, Covered, Pace, Span, Step, Timeline, VERSION, Window,
        Windows,
    },
};

/// How far around a secret its cover reaches, in pixels.
const MARGIN: u32 = 4;

/// What a film is told of its scenario.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    /// The scenario's name.
    pub(super) scenario: String,
    /// Its file.
    pub(super) file: String,
    pub(super) pace: Pace,
    /// What all that looks random at that pace comes from.
    pub(super) seed: u64,
    /// What its comparisons mask.
    pub(super) masks: Vec<Rect>,
}

/// What has happened since a recording began.
#[derive(Clone, Debug)]
pub(super) struct TimelineLog {
    begun: Instant,
    steps: Vec<Step>,
    captions: Vec<Caption>,
    /// Since when the last caption is shown, if it still is.
    showing: Option<Instant>,
    secrets: Vec<Shown>,
    windows: Vec<Windows>,
    /// When the windows were looked at.
    looks: Vec<f64>,
}

/// A place where a secret was typed.
#[derive(Clone, Debug)]
pub(super) struct Secret {
    area: Rect,
    /// The window that it was typed into, as it was then.
    window: Option<Window>,
}

/// A secret that is on the screen during a recording.
#[derive(Clone, Debug)]
struct Shown {
    from: f64,
    secret: Secret,
}

impl TimelineLog {
    /// One of a recording that began at `begun`.
    pub(super) const fn new(begun: Instant) -> Self {
        Self {
            begun,
            steps: Vec::new(),
            captions: Vec::new(),
            showing: None,
            secrets: Vec::new(),
            windows: Vec::new(),
            looks: Vec::new(),
        }
    }

    fn now(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// A step begins.
    pub(super) fn started(&mut self, id: StepId, parent: Option<StepId>, step: &plan::Step) {
        let (line, _) = step.origin.source.position(step.origin.span.start);
        let from = self.now();
        let parent = parent.map(|StepId(parent)| parent);
        self.steps.push(Step {
            step: id.0,
            parent: parent.filter(|parent| self.steps.iter().any(|step| step.step == *parent)),
            verb: step.verb.to_owned(),
            title: title(step),
            file: step.origin.source.name().to_owned(),
            line,
            span: Span { from, to: from },
            outcome: String::new(),
            target: None,
            zoom: step.zoom,
        });
    }

    /// A step ended, and this is what it pointed at.
    pub(super) fn finished(&mut self, StepId(id): StepId, outcome: &str, target: Option<Rect>) {
        let now = self.now();
        if let Some(step) = self.steps.iter_mut().find(|step| step.step == id) {
            step.span.to = now;
            outcome.clone_into(&mut step.outcome);
            step.target = target;
        }
    }

    /// How long the caption that is shown has to stay until anybody has read it.
    pub(super) fn unread(&self) -> Duration {
        let caption = self.captions.last();
        let Some((since, caption)) = self.showing.zip(caption) else {
            return Duration::ZERO;
        };
        let lasting = caption.span.to - caption.span.from;
        let lasting = Duration::try_from_secs_f64(lasting).unwrap_or_default();
        let wanted = human::reading(&caption.text).max(lasting);
        wanted.saturating_sub(since.elapsed())
    }

    /// Words are shown from here on, for so long if that is said, in the place of those
    /// before.
    pub(super) fn caption(
        &mut self,
        StepId(step): StepId,
        text: String,
        position: CaptionPosition,
        lasting: Option<Duration>,
    ) {
        self.end_caption();
        if text.trim().is_empty() {
            return;
        }
        let from = self.now();
        let to = lasting.map_or(f64::INFINITY, |lasting| from + lasting.as_secs_f64());
        self.captions.push(Caption {
            span: Span { from, to },
            text,
            position,
            step,
        });
        self.showing = Some(Instant::now());
    }

    /// The words are shown no longer than it takes to read them.
    pub(super) fn release_caption(&mut self) {
        let now = self.now();
        if let Some(last) = self.captions.last_mut() {
            let read = last.span.from + human::reading(&last.text).as_secs_f64();
            last.span.to = last.span.to.min(read.max(now));
        }
    }

    /// The words are shown no longer.
    pub(super) fn end_caption(&mut self) {
        self.showing = None;
        let now = self.now();
        if let Some(last) = self.captions.last_mut() {
            last.span.to = last.span.to.min(now);
        }
    }

    /// A secret has been on the screen from `since` on.
    pub(super) fn secret(&mut self, since: Instant, secret: Secret) {
        let from = since.saturating_duration_since(self.begun).as_secs_f64();
        self.secrets.push(Shown { from, secret });
    }

    /// The windows are these now.
    pub(super) fn windows(&mut self, windows: &[Window]) {
        let at = self.now();
        self.looks.push(at);
        let last = self.windows.last();
        if last.is_none_or(|last| last.windows != windows) {
            let windows = windows.to_vec();
            self.windows.push(Windows { at, windows });
        }
    }

    /// All of it, where the recording was on for `length` seconds and `masks` are masked.
    pub(super) fn into_timeline(mut self, length: f64, masks: &[Rect]) -> Timeline {
        self.steps.retain(|step| !step.outcome.is_empty());
        for caption in &mut self.captions {
            caption.span.to = caption.span.to.min(length);
        }
        let mut covers: Vec<Cover> = masks
            .iter()
            .map(|area| Cover {
                span: Span {
                    from: 0.0,
                    to: length,
                },
                area: *area,
                why: Covered::Mask,
            })
            .collect();
        for shown in &self.secrets {
            covers.extend(shown.covers(&self.windows, &self.looks, length));
        }
        Timeline {
            version: VERSION,
            length,
            steps: self.steps,
            captions: self.captions,
            covers,
            windows: self.windows,
            ..Timeline::default()
        }
    }
}

impl Secret {
    /// One that was typed into a field, or else into the window that has the keyboard: where
    /// in it, and whether it stays there, only its program knows.
    pub(super) fn typed(field: Option<Rect>, windows: &[Window], screen: Rect) -> Self {
        let window = windows.iter().find(|window| window.focused);
        let area = field.map(grown).or(window.map(|window| window.area));
        Self {
            area: area.unwrap_or(screen),
            window: window.cloned(),
        }
    }

    /// The same where its window is now; `None` if that is gone.
    pub(super) fn now(&self, windows: &[Window]) -> Option<Self> {
        let Some(before) = &self.window else {
            return Some(self.clone());
        };
        let now = again(before, windows)?;
        let area = if self.area == before.area {
            now.area
        } else {
            let (x, y) = (now.area.x - before.area.x, now.area.y - before.area.y);
            let Rect { width, height, .. } = self.area;
            Rect::new(self.area.x + x, self.area.y + y, width, height)
        };
        Some(Self {
            area,
            window: Some(now.clone()),
        })
    }
}

impl Shown {
    /// The places to cover: a secret moves and goes away with its window.
    fn covers(&self, windows: &[Windows], looks: &[f64], length: f64) -> Vec<Cover> {
        let cover = |from, to, area| Cover {
            span: Span { from, to },
            area,
            why: Covered::Secret,
        };
        let mut covers = Vec::new();
        let mut secret = self.secret.clone();
        let mut from = self.from;
        for seen in windows.iter().filter(|seen| seen.at > self.from) {
            let Some(now) = secret.now(&seen.windows) else {
                covers.push(cover(from, seen.at, secret.area));
                return covers;
            };
            if now.area != secret.area {
                covers.push(cover(from, seen.at, secret.area));
                // Since the look before, it may have been anywhere on its way.
                let before = looks.iter().rev().find(|look| **look < seen.at);
                let before = before.map_or(from, |look| look.max(self.from));
                covers.push(cover(before, seen.at, secret.area.union(now.area)));
                from = seen.at;
            }
            secret = now;
        }
        covers.push(cover(from, length, secret.area));
        covers
    }
}

/// A window, in a later look: with its title, at its place, or at least of its size.
fn again<'w>(before: &Window, windows: &'w [Window]) -> Option<&'w Window> {
    let find = |is_it: &dyn Fn(&Window) -> bool| windows.iter().find(|window| is_it(window));
    let same_title = |window: &Window| window.title == before.title;
    let same_area = |window: &Window| window.area == before.area;
    find(&|window| same_title(window) && same_area(window))
        .or_else(|| find(&same_title))
        .or_else(|| find(&same_area))
        .or_else(|| find(&|window| window.focused && window.area.size() == before.area.size()))
}

/// What a step does; of a block, what it is about: a film shows that as the title of a
/// chapter.
fn title(step: &plan::Step) -> String {
    let verb = format!("{} ", step.verb);
    match &step.action {
        plan::Action::Group(_) => step.title.strip_prefix(&verb).unwrap_or(&step.title),
        _ => &step.title,
    }
    .to_owned()
}

fn grown(area: Rect) -> Rect {
    let margin = i32::try_from(MARGIN).unwrap_or(0);
    Rect::new(
        area.x - margin,
        area.y - margin,
        area.width + 2 * MARGIN,
        area.height + 2 * MARGIN,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(title: &str, x: i32) -> Window {
        Window {
            title: title.to_owned(),
            area: Rect::new(x, 0, 200, 100),
            focused: true,
        }
    }

    fn seen(at: f64, windows: Vec<Window>) -> Windows {
        Windows { at, windows }
    }

    fn shown(secret: Secret) -> Shown {
        Shown { from: 2.0, secret }
    }

    fn places(covers: &[Cover]) -> Vec<(f64, f64, Rect)> {
        let place = |cover: &Cover| (cover.span.from, cover.span.to, cover.area);
        covers.iter().map(place).collect()
    }

    const SCREEN: Rect = Rect::new(0, 0, 1000, 800);

    #[test]
    fn the_cover_of_a_field_moves_with_its_window_and_ends_with_it() {
        let welcome = Window {
            area: Rect::new(300, 0, 500, 400),
            ..window("Welcome", 300)
        };
        let windows = [
            seen(0.0, vec![window("Login", 10)]),
            seen(5.0, vec![window("Login", 110)]),
            seen(7.0, vec![welcome]),
        ];
        let field = Some(Rect::new(50, 20, 80, 20));
        let secret = Secret::typed(field, &windows[0].windows, SCREEN);
        let (before, after) = (Rect::new(46, 16, 88, 28), Rect::new(146, 16, 88, 28));
        assert_eq!(
            places(&shown(secret).covers(&windows, &[0.0, 4.0, 5.0, 7.0], 10.0)),
            [
                (2.0, 5.0, before),
                (4.0, 5.0, before.union(after)),
                (5.0, 7.0, after),
            ]
        );
    }

    #[test]
    fn what_is_typed_into_no_field_covers_the_window_whatever_becomes_of_it() {
        let larger = Window {
            area: Rect::new(10, 0, 400, 300),
            ..window("*Note", 10)
        };
        let windows = [
            seen(0.0, vec![window("Note", 10)]),
            seen(3.0, vec![window("*Note", 10)]),
            seen(5.0, vec![larger.clone()]),
        ];
        let secret = Secret::typed(None, &windows[0].windows, SCREEN);
        let covers = shown(secret).covers(&windows, &[0.0, 3.0, 5.0], 10.0);
        assert_eq!(covers.last().unwrap().area, larger.area);
        assert_eq!(covers[0].area, window("Note", 10).area);
    }

    #[test]
    fn where_no_window_is_known_all_of_the_screen_is_covered() {
        let secret = Secret::typed(None, &[], SCREEN);
        assert_eq!(
            places(&shown(secret).covers(&[], &[], 10.0)),
            [(2.0, 10.0, SCREEN)]
        );
    }

    #[test]
    fn a_secret_is_where_its_window_is_when_the_next_recording_begins() {
        let secret = Secret::typed(
            Some(Rect::new(50, 20, 80, 20)),
            &[window("Login", 10)],
            SCREEN,
        );
        let now = secret.now(&[window("Login", 20)]).unwrap();
        assert_eq!(now.area, Rect::new(56, 16, 88, 28));
        let other = Window {
            area: Rect::new(0, 0, 50, 50),
            ..window("Other", 0)
        };
        assert!(secret.now(&[other]).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_caption_lasts_until_the_next_or_for_its_time() {
        let mut log = TimelineLog::new(Instant::now());
        let second = Duration::from_secs(1);
        let place = CaptionPosition::Bottom;
        log.caption(StepId(1), "one".to_owned(), place, None);
        tokio::time::advance(second * 2).await;
        assert!(log.unread().is_zero());
        log.caption(StepId(2), "two".to_owned(), place, Some(second));
        assert!(!log.unread().is_zero());
        tokio::time::advance(second * 3).await;
        log.caption(StepId(3), "three".to_owned(), place, None);
        let timeline = log.into_timeline(9.0, &[]);
        let spans: Vec<_> = timeline
            .captions
            .iter()
            .map(|caption| (caption.span.from, caption.span.to))
            .collect();
        assert_eq!(spans, [(0.0, 2.0), (2.0, 3.0), (5.0, 9.0)]);
    }
}
