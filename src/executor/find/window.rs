//! Looking for windows.

use super::{
    Near,
    glance::{Glance, Seen, nearest},
};
use crate::{
    desktop::wire::Window,
    executor::{fault::Fault, stage::Stage},
    geometry::Rect,
    pattern::Pattern,
    plan::{WindowLook, Wording},
};

impl Glance {
    /// The windows that are meant, as far as they are in an area.
    pub(super) fn windows_like(
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
        // The list begins with the oldest; what has the keyboard is meant
        // first, and then what came last.
        let mut found = Vec::new();
        for (age, window) in self.windows.iter().enumerate().filter(|(_, w)| fits(w)) {
            let place = bounds(window);
            if let Some(rect) = place.intersection(area) {
                let recent = f32::from(u16::try_from(age).unwrap_or(u16::MAX)) / 1e6;
                let focus = if window.focused { 1.0 } else { 0.5 };
                found.push((rect, focus + recent));
            }
        }
        let wanted = title.as_ref().or(class.as_ref()).map(Pattern::to_string);
        Ok(Seen {
            found,
            near: self.other_windows(&wanted.unwrap_or_default()),
            ..Seen::default()
        })
    }

    /// The windows that there are, those with the nearest titles first.
    fn other_windows(&self, wanted: &str) -> Vec<Near> {
        let wanted = wanted.trim_matches('/').to_lowercase();
        let near = |window: &Window| Near {
            what: format!("the window `{}`", window.title),
            rect: Some(bounds(window)),
            #[expect(clippy::cast_possible_truncation, reason = "a share of 1")]
            score: strsim::normalized_levenshtein(&wanted, &window.title.to_lowercase()) as f32,
        };
        let titled = self.windows.iter().filter(|w| !w.title.is_empty());
        nearest(titled.map(near).collect())
    }
}

const fn bounds(window: &Window) -> Rect {
    Rect::new(window.x, window.y, window.width, window.height)
}

/// Whether a class is that of `instance.Class`: the whole, or one of the two.
fn of_class(wanted: &Pattern, class: &str) -> bool {
    let parts = class.split_once('.');
    wanted.matches(class)
        || parts.is_some_and(|(instance, class)| wanted.matches(instance) || wanted.matches(class))
}
