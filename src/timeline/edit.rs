//! What people can change in a timeline afterwards: captions and zooms.
//!
//! The steps of a scenario define both, so the same change is written there; here it changes what
//! the film shows without playing the scenario again.

use super::{Caption, CaptionPosition, Span, Timeline, Zoom};

/// The verb of a step that is a caption.
const CAPTION: &str = "caption";

/// Times that belong together differ by no more than this, in seconds.
const CLOSE: f64 = 0.05;

/// The words of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The words; an empty text ends the previous caption.
    pub text: String,
    /// Where they are.
    pub position: CaptionPosition,
    /// For how many seconds, of a caption that is a step of its own; until the next caption
    /// if it is `None`.
    pub lasting: Option<f64>,
}

impl Timeline {
    /// Gives the step these words; nothing happens if there is no such step.
    pub fn say(&mut self, number: usize, said: &Said) {
        let Some(step) = self.steps.iter().find(|step| step.step == number) else {
            return;
        };
        let (from, to) = (step.span.from, step.span.to);
        let is_step = step.verb == CAPTION;
        let mut open = self.open_captions();
        open.retain(|step| *step != number);
        let before = self.captions.iter().find(|caption| caption.step == number);
        let from = before.map_or(from, |caption| caption.span.from);
        self.captions.retain(|caption| caption.step != number);
        if !said.text.trim().is_empty() {
            let to = match (is_step, said.lasting) {
                (true, Some(lasting)) => from + lasting,
                (true, None) => from,
                (false, _) => to,
            };
            if is_step && said.lasting.is_none() {
                open.push(number);
            }
            self.captions.push(Caption {
                span: Span { from, to },
                text: said.text.clone(),
                position: said.position,
                step: number,
            });
        }
        self.lay_out(&open);
    }

    /// Removes the words of the step. A step that is only a caption is removed.
    pub fn say_nothing(&mut self, number: usize) {
        let open = self.open_captions();
        self.captions.retain(|caption| caption.step != number);
        self.steps
            .retain(|step| step.step != number || step.verb != CAPTION);
        self.lay_out(&open);
    }

    /// Sets what the film shows while the step is played; `None` for what it would show anyway.
    pub fn zoom(&mut self, number: usize, zoom: Option<Zoom>) {
        if let Some(step) = self.steps.iter_mut().find(|step| step.step == number) {
            step.zoom = zoom;
        }
    }

    /// When captions begin or end because of a step, in their order.
    fn turns(&self) -> Vec<f64> {
        let has_words = |step| self.captions.iter().any(|caption| caption.step == step);
        let ends = self.steps.iter();
        let ends = ends.filter(|step| step.verb == CAPTION && !has_words(step.step));
        let starts = self.captions.iter().map(|caption| caption.span.from);
        let mut turns: Vec<f64> = starts.chain(ends.map(|step| step.span.from)).collect();
        turns.sort_by(f64::total_cmp);
        turns
    }

    /// The steps whose captions stay until the next one: none of them says how long.
    fn open_captions(&self) -> Vec<usize> {
        let turns = self.turns();
        let is_step = |number| {
            let mut steps = self.steps.iter();
            steps.any(|step| step.step == number && step.verb == CAPTION)
        };
        let open = self.captions.iter().filter(|caption| {
            let next = next_turn(&turns, caption.span.from).unwrap_or(self.length);
            is_step(caption.step) && caption.span.to >= next.min(self.length) - CLOSE
        });
        open.map(|caption| caption.step).collect()
    }

    /// No two captions are there at once, and those of the open ones stay until the next.
    fn lay_out(&mut self, open: &[usize]) {
        self.captions
            .sort_by(|one, other| one.span.from.total_cmp(&other.span.from));
        let turns = self.turns();
        let length = self.length;
        for caption in &mut self.captions {
            let step = self.steps.iter().find(|step| step.step == caption.step);
            let beside = step.filter(|step| step.verb != CAPTION);
            let wanted = if open.contains(&caption.step) {
                f64::INFINITY
            } else {
                beside.map_or(caption.span.to, |step| caption.span.to.max(step.span.to))
            };
            let next = next_turn(&turns, caption.span.from).unwrap_or(length);
            caption.span.to = wanted.min(next).min(length).max(caption.span.from);
        }
    }
}

fn next_turn(turns: &[f64], after: f64) -> Option<f64> {
    turns.iter().copied().find(|turn| *turn > after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Step;

    /// Steps of two seconds each; those named `caption` are one.
    fn timeline(verbs: &[&str]) -> Timeline {
        let steps = verbs.iter().zip(0_u32..).map(|(verb, number)| Step {
            step: number as usize,
            verb: (*verb).to_owned(),
            span: Span {
                from: f64::from(number) * 2.0,
                to: f64::from(number) * 2.0 + 2.0,
            },
            ..Step::default()
        });
        let steps: Vec<Step> = steps.collect();
        Timeline {
            length: f64::from(u32::try_from(steps.len()).unwrap()) * 2.0,
            steps,
            ..Timeline::default()
        }
    }

    fn said(text: &str, lasting: Option<f64>) -> Said {
        Said {
            text: text.to_owned(),
            position: CaptionPosition::Top,
            lasting,
        }
    }

    fn shown(timeline: &Timeline) -> Vec<(&str, f64, f64)> {
        let captions = timeline.captions.iter();
        captions
            .map(|caption| (&*caption.text, caption.span.from, caption.span.to))
            .collect()
    }

    #[test]
    fn a_caption_stays_until_the_next_for_its_time_or_while_its_step_is_played() {
        let mut timeline = timeline(&["caption", "click", "caption", "type", "press"]);
        timeline.say(0, &said("one", None));
        assert_eq!(shown(&timeline), [("one", 0.0, 4.0)]);
        timeline.say(2, &said("two", Some(1.5)));
        timeline.say(4, &said("five", Some(9.0)));
        let all = [("one", 0.0, 4.0), ("two", 4.0, 5.5), ("five", 8.0, 10.0)];
        assert_eq!(shown(&timeline), all);
        timeline.say(2, &said("two", None));
        assert_eq!(shown(&timeline)[1], ("two", 4.0, 8.0));
        timeline.say(1, &said("beside", None));
        assert_eq!(shown(&timeline)[0], ("one", 0.0, 2.0));
        assert_eq!(shown(&timeline)[1], ("beside", 2.0, 4.0));
    }

    #[test]
    fn what_was_cut_short_by_a_caption_is_there_again_without_it() {
        let mut timeline = timeline(&["caption", "click", "caption", "type"]);
        timeline.say(0, &said("one", None));
        timeline.say(1, &said("beside", None));
        timeline.say_nothing(1);
        assert_eq!(shown(&timeline), [("one", 0.0, 4.0)]);
        // A caption without words ends the one before; without its step nothing does.
        timeline.say_nothing(2);
        assert_eq!(shown(&timeline), [("one", 0.0, 8.0)]);
        assert_eq!(timeline.steps.len(), 3);
        timeline.say(0, &said(" ", None));
        assert!(timeline.captions.is_empty());
        timeline.say(9, &said("nobody", None));
        assert!(timeline.captions.is_empty());
    }

    #[test]
    fn a_zoom_is_of_its_step_alone() {
        let mut timeline = timeline(&["click", "type"]);
        timeline.zoom(1, Some(Zoom::Action));
        assert_eq!(timeline.steps[0].zoom, None);
        assert_eq!(timeline.steps[1].zoom, Some(Zoom::Action));
        timeline.zoom(1, None);
        assert_eq!(timeline.steps[1].zoom, None);
    }
}
