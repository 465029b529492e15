//! Looking for windows, and for what belongs to one.

use super::{
    Known, Missing, Near,
    glance::{Candidate, Glance, Seen, Uses},
    miss::value,
    seek::{Place, Seek},
};
use crate::{
    desktop::wire::Window,
    executor::{fault::Fault, stage::Stage, values},
    geometry::Rect,
    pattern::{self, Pattern},
    plan::{Target, WindowLook, Wording},
};

impl Seek for WindowLook {
    fn uses(&self) -> Uses {
        Uses {
            windows: true,
            ..Uses::default()
        }
    }

    async fn candidates(
        &self,
        glance: &Glance,
        place: &Place<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        glance.windows_like(self, place.area, stage)
    }

    fn wanted(&self, known: &values::Known<'_>) -> String {
        match (&self.title, &self.class) {
            (Some(title), _) => {
                let title = value(title, known);
                let with = match pattern::expression(&title) {
                    Some(_) => "whose title matches",
                    None => "with the title",
                };
                format!("a window {with} `{title}`")
            }
            (None, Some(class)) => format!("a window of the class `{}`", value(class, known)),
            (None, None) => "a window".to_owned(),
        }
    }

    fn help(&self, _missing: &Missing) -> Option<&'static str> {
        Some("to match a part of the title, put it between slashes: `{ window: /Save/ }`")
    }

    fn only(&self, is_told: bool) -> &'static str {
        if is_told {
            "the windows are"
        } else {
            "nothing similar, only"
        }
    }
}

impl Glance {
    /// The windows that match, as far as they are in an area. One that cannot be
    /// seen does not count, unless it is enough that it exists.
    fn windows_like(
        &self,
        look: &WindowLook,
        area: Rect,
        stage: &Stage<'_>,
    ) -> Result<Seen, Fault> {
        let pattern = |wording: &Option<Wording>| match wording {
            Some(wording) => stage.known.pattern(wording).map(Some),
            None => Ok(None),
        };
        let (title, class) = (pattern(&look.title)?, pattern(&look.class)?);
        let fits = |window: &&Window| {
            title
                .as_ref()
                .is_none_or(|title| title.matches(&window.title))
                && class
                    .as_ref()
                    .is_none_or(|class| of_class(class, &window.class))
        };
        let mut seen = Seen::default();
        // The list begins with the oldest; what has the keyboard is meant
        // first, and then what came last.
        for (age, window) in self.windows.iter().enumerate().filter(|(_, w)| fits(w)) {
            let place = if self.existing && area == self.screen() {
                Some(window.rect())
            } else {
                window.rect().intersection(area)
            };
            let unseen = self.unseen(window).filter(|_| !self.existing);
            if let (Some(rect), None) = (place, &unseen) {
                let recent = f32::from(u16::try_from(age).unwrap_or(u16::MAX)) / 1e6;
                let focus = if self.is_focused(window) { 1.0 } else { 0.5 };
                seen.found.push(Candidate {
                    window: Some(Known {
                        id: window.id.clone(),
                        title: window.title.clone(),
                    }),
                    ..Candidate::new(rect, focus + recent)
                });
            }
            let outside = || "it is outside the screen".to_owned();
            let why = unseen.or_else(|| place.is_none().then(outside));
            seen.missing.why = seen.missing.why.or_else(|| {
                let title = &window.title;
                why.map(|why| format!("the window `{title}` exists, but {why}"))
            });
        }
        seen.missing.near = self.all_windows();
        Ok(seen)
    }

    /// Why a window that exists cannot be seen, if it cannot.
    fn unseen(&self, window: &Window) -> Option<String> {
        let stack = self.stack.as_ref()?;
        if let Some(why) = stack.hidden(&window.id) {
            return Some(why.words().to_owned());
        }
        let Some(layer) = stack.layer(&window.id) else {
            return Some("it is outside the screen".to_owned());
        };
        if !layer.painted {
            return Some("it has not painted anything yet".to_owned());
        }
        if stack.seen_of(&window.id, self.screen()).is_empty() {
            let covering = stack.covering(&window.id).next();
            return Some(covering.map_or_else(
                || "it is outside the screen".to_owned(),
                |layer| format!("it is covered by {}", super::named(layer, stack)),
            ));
        }
        None
    }

    fn is_focused(&self, window: &Window) -> bool {
        match &self.stack {
            Some(stack) => stack.focus.as_ref() == Some(&window.id),
            None => window.focused,
        }
    }

    /// Drops what is in the area of a window but belongs to another one.
    pub(super) fn keep_parts_of(&self, window: &Known, target: &Target, seen: &mut Seen) {
        let Some(stack) = &self.stack else {
            return;
        };
        // Where to click in it is said with its reason when the click comes.
        if !target.look.compares() {
            return;
        }
        let mut foreign = None;
        seen.found.retain(|candidate| {
            let layer = stack.at(candidate.rect.middle());
            let own = layer.is_none_or(|layer| layer.belongs_to(&window.id));
            if let Some(layer) = layer.filter(|_| !own) {
                foreign = Some(super::named(layer, stack));
            }
            own
        });
        if let Some(foreign) = foreign
            && seen.found.is_empty()
        {
            let title = &window.title;
            seen.missing.why = Some(format!(
                "what is there is not part of `{title}`, but of {foreign}"
            ));
        }
    }

    /// All windows, the one with the keyboard first, then the latest.
    fn all_windows(&self) -> Vec<Near> {
        let titled = self.windows.iter().rev().filter(|w| !w.title.is_empty());
        let (active, others): (Vec<&Window>, Vec<&Window>) =
            titled.partition(|window| self.is_focused(window));
        let near = |(has, window): (&str, &Window)| Near {
            what: format!("the window `{}`{has}", window.title),
            rect: Some(window.rect()),
            score: 0.0,
        };
        let active = active.into_iter().map(|w| (", which is focused", w));
        let others = others.into_iter().map(|window| ("", window));
        active.chain(others).map(near).collect()
    }
}

/// Whether a class is that of `instance.Class`: the whole, or one of the two.
fn of_class(wanted: &Pattern, class: &str) -> bool {
    let parts = class.split_once('.');
    wanted.matches(class)
        || parts.is_some_and(|(instance, class)| wanted.matches(instance) || wanted.matches(class))
}
