//! What happens while something is recorded, as a film will need it.

use std::time::Duration;

use tokio::time::Instant;

use super::secret_place::{Secret, Shown};
use crate::{
    event::StepId,
    geometry::Rect,
    plan,
    timeline::{
        Caption, CaptionPosition, Cover, Covered, Pace, Span, Step, Timeline, VERSION, Window,
        Windows, reading_time,
    },
};

/// What a film learns about its scenario.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    /// The scenario's name.
    pub(super) scenario: String,
    /// Its file.
    pub(super) file: String,
    pub(super) pace: Pace,
    /// The seed of everything that looks random at that pace.
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

    /// How long the current caption still has to stay until it can have been read.
    pub(super) fn unread(&self) -> Duration {
        let caption = self.captions.last();
        let Some((since, caption)) = self.showing.zip(caption) else {
            return Duration::ZERO;
        };
        let lasting = caption.span.to - caption.span.from;
        let wanted = seconds(reading_time(&caption.text)).max(seconds(lasting));
        wanted.saturating_sub(since.elapsed())
    }

    /// Words are shown from here on, for a given time if there is one, instead of the previous
    /// ones.
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
            let read = last.span.from + reading_time(&last.text);
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

    /// The whole timeline, if the recording lasted `length` seconds and `masks` are masked.
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

/// A time, where it has an end.
fn seconds(time: f64) -> Duration {
    Duration::try_from_secs_f64(time).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;

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
