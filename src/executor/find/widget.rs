//! Looking for widgets, in the accessibility trees of the programs.

use std::fmt::Write as _;

use super::{
    Found, Known, Missing, Near,
    glance::{Candidate, Glance, Seen, Uses},
    miss::{NARROW, value},
    seek::{Place, Seek},
};
use crate::{
    desktop::{
        DesktopError,
        wire::{Scope, Unreadable, Widget, WidgetQuery, WidgetsFound},
    },
    executor::{fault::Fault, stage::Stage, values},
    geometry::{Point, Rect},
    pattern::Pattern,
    plan::{WidgetLook, Wording},
    widget::Role,
};

impl Seek for WidgetLook {
    fn uses(&self) -> Uses {
        Uses {
            windows: true,
            widgets: true,
            ..Uses::default()
        }
    }

    async fn candidates(
        &self,
        glance: &Glance,
        place: &Place<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let place = (place.area, place.outer);
        glance.widgets_like(self, place, stage).await
    }

    fn wanted(&self, known: &values::Known<'_>) -> String {
        let mut what = format!("a widget with the role `{}`", self.role);
        if let Some(name) = &self.name {
            let _ = write!(what, ", the name `{}`", value(name, known));
        }
        if let Some(text) = &self.value {
            let _ = write!(what, ", the value `{}`", value(text, known));
        }
        for (state, is) in self.states.known() {
            let _ = write!(what, ", {state}: {is}");
        }
        what
    }

    fn help(&self, missing: &Missing) -> Option<&'static str> {
        Some(if missing.several > 0 {
            NARROW
        } else {
            "`deskhand ctl tree` prints the widgets of a desktop as they are now; to match a part \
             of a name, put it between slashes: `name: /Save/`"
        })
    }

    /// How similar they are, the desktop does not say.
    fn only(&self, _is_told: bool) -> &'static str {
        "the nearest are"
    }

    /// In a closed menu, on another page.
    async fn hidden(&self, stage: &Stage<'_>) -> Result<Option<String>, Fault> {
        let mut query = query(self, stage)?;
        query.hidden = true;
        query.near = false;
        let found = ask(&query, stage).await?;
        let first = found.and_then(|found| found.items.into_iter().next());
        Ok(first.map(|widget| {
            let title = described(&widget);
            let program = &widget.program;
            format!(
                "`{title}` exists in `{program}`, but it is hidden: in a closed menu, on a page \
                 that is not in front, or in a window that is not shown"
            )
        }))
    }
}

impl Glance {
    /// The widgets that match and can be seen, as far as they are in an area, or in what `outer`
    /// found. If it is enough that they exist, also those that are covered, minimized or scrolled
    /// out of view; what a program hides does not exist for anybody who looks at the screen.
    async fn widgets_like(
        &self,
        look: &WidgetLook,
        (area, outer): (Rect, Option<&Found>),
        stage: &Stage<'_>,
    ) -> Result<Seen, Fault> {
        let mut query = query(look, stage)?;
        query.scope = scope(outer);
        query.near = self.near;
        let Some(found) = ask(&query, stage).await? else {
            return Ok(Seen::default());
        };
        let mut seen = Seen::default();
        for widget in found.items {
            let place = widget.area.and_then(|place| place.intersection(area));
            let inside = place.is_some() || query.scope != Scope::All;
            if self.existing && inside {
                let rect = place.or(widget.area).unwrap_or(area);
                seen.found.push(self.candidate(widget, rect));
                continue;
            }
            let unseen = self.unseen_widget(&widget, area);
            match (place, unseen) {
                (Some(rect), None) => seen.found.push(self.candidate(widget, rect)),
                (_, Some(why)) if inside => {
                    let title = described(&widget);
                    let why = format!("`{title}` exists, but {why}");
                    seen.missing.why = seen.missing.why.or(Some(why));
                    seen.missing.unseen.push(widget);
                }
                _ => {}
            }
        }
        if seen.found.is_empty() {
            // If only one window is looked at, nothing is known about others.
            let is_scoped = query.scope != Scope::All;
            let mut unreadable = found.unreadable.iter();
            let silent = unreadable.find(|program| program.silent || is_scoped);
            seen.missing.unsure = silent.map(unread);
            let near = found.near.iter().map(|widget| self::near(widget, look));
            seen.missing.near = near.collect();
            seen.missing.notes = found.unreadable.iter().map(unread).collect();
        }
        Ok(seen)
    }

    fn candidate(&self, widget: Widget, rect: Rect) -> Candidate {
        let title = |id: &str| {
            let known = self.windows.iter().find(|window| window.id == id);
            known.map_or_else(String::new, |window| window.title.clone())
        };
        Candidate {
            point: Some(point(&widget, rect)),
            window: widget.window.clone().map(|id| Known {
                title: title(&id),
                id,
            }),
            widget: Some(Box::new(widget)),
            ..Candidate::new(rect, 1.0)
        }
    }

    /// Why a widget that exists cannot be seen, if it cannot.
    fn unseen_widget(&self, widget: &Widget, area: Rect) -> Option<String> {
        let Some(place) = widget.area else {
            return Some("it is hidden".to_owned());
        };
        if self.stack.is_some() && widget.window.is_none() {
            return Some("its window is not on the screen yet".to_owned());
        }
        if let (Some(stack), Some(id)) = (&self.stack, &widget.window) {
            if let Some(why) = stack.hidden(id) {
                return Some(format!("its window {}", why.words().replacen("it ", "", 1)));
            }
            let is_there = stack.layer(id).is_some();
            if is_there && widget.visible && stack.seen_of(id, place).is_empty() {
                let covering = stack.covering(id).next();
                return Some(covering.map_or_else(
                    || "it is outside the screen".to_owned(),
                    |layer| format!("it is covered by {}", super::named(layer, stack)),
                ));
            }
        }
        if !widget.visible {
            return Some("it is scrolled out of view".to_owned());
        }
        if place.intersection(area).is_some() {
            return None;
        }
        let is_whole = self.screen == area;
        Some(if is_whole {
            "it is outside the screen".to_owned()
        } else {
            format!("it is at {}, not in the place to look in", place.corner())
        })
    }
}

/// What the desktop is asked for.
fn query(look: &WidgetLook, stage: &Stage<'_>) -> Result<WidgetQuery, Fault> {
    let text = |wording: &Option<Wording>| match wording {
        Some(wording) => Ok(Some(stage.known.pattern(wording)?.to_string())),
        None => Ok::<_, Fault>(None),
    };
    Ok(WidgetQuery {
        role: Some(look.role),
        name: text(&look.name)?,
        value: text(&look.value)?,
        states: look.states,
        ..WidgetQuery::default()
    })
}

/// Where the desktop looks, where the target is looked for in another one.
fn scope(outer: Option<&Found>) -> Scope {
    let Some(outer) = outer else {
        return Scope::All;
    };
    match (&outer.widget, &outer.window) {
        (Some(widget), _) => Scope::Widget(widget.id.clone()),
        (None, Some(window)) if outer.is_window => Scope::Window(window.id.clone()),
        _ => Scope::All,
    }
}

/// What the desktop finds; `None` if the place to look in is gone by now.
async fn ask(query: &WidgetQuery, stage: &Stage<'_>) -> Result<Option<WidgetsFound>, Fault> {
    match stage.eyes.timed(stage.desktop.find_widgets(query)).await {
        Ok(found) => Ok(Some(found)),
        Err(DesktopError::Status(refused)) if refused.status == 404 => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A widget as it is now; `None` if it is gone.
pub(in crate::executor) async fn now(id: &str, stage: &Stage<'_>) -> Result<Option<Widget>, Fault> {
    let query = WidgetQuery {
        scope: Scope::Widget(id.to_owned()),
        hidden: true,
        near: false,
        ..WidgetQuery::default()
    };
    let found = ask(&query, stage).await?;
    let items = found.map_or_else(Vec::new, |found| found.items);
    Ok(items.into_iter().find(|widget| widget.id == id))
}

/// The widgets of a scope that match and are shown.
pub(in crate::executor) async fn find_in(
    scope: Scope,
    name: Option<&Pattern>,
    stage: &Stage<'_>,
) -> Result<Vec<Widget>, Fault> {
    let query = WidgetQuery {
        scope,
        name: name.map(Pattern::to_string),
        near: false,
        ..WidgetQuery::default()
    };
    let found = ask(&query, stage).await?;
    Ok(found.map_or_else(Vec::new, |found| found.items))
}

/// Where a widget is and where to point at it; `None` if it has no place.
pub(super) fn found(widget: Widget) -> Option<Found> {
    let rect = widget.area?;
    Some(Found {
        rect,
        point: point(&widget, rect),
        window: widget.window.clone().map(|id| Known {
            title: String::new(),
            id,
        }),
        widget: Some(Box::new(widget)),
        ..Found::default()
    })
}

/// The middle of a widget, or of the mark of one that has a mark at its left: the rest
/// of such a widget may be empty, and a click there do nothing.
fn point(widget: &Widget, rect: Rect) -> Point {
    let has_mark = matches!(widget.role, Role::Checkbox | Role::Radio);
    let width = if has_mark {
        rect.width.min(rect.height)
    } else {
        rect.width
    };
    Rect { width, ..rect }.middle()
}

/// A widget as a tree of widgets would show it: `button "Save"`.
pub(in crate::executor) fn described(widget: &Widget) -> String {
    let Widget { role, name, .. } = widget;
    if name.is_empty() {
        role.to_string()
    } else {
        format!("{role} \"{name}\"")
    }
}

/// One of several widgets that are meant.
pub(super) fn one_of(widget: &Widget, rect: Rect) -> Near {
    Near {
        what: format!("`{}` in `{}`", described(widget), widget.program),
        rect: Some(rect),
        score: 0.0,
    }
}

/// A widget that does not match, with what makes the difference.
fn near(widget: &Widget, look: &WidgetLook) -> Near {
    let mut what = described(widget);
    let wanted: Vec<&str> = look.states.known().map(|(state, _)| state).collect();
    for (state, value) in widget.states.known() {
        if wanted.contains(&state) {
            what = match value {
                "true" => format!("{what} [{state}]"),
                value => format!("{what} [{state}={value}]"),
            };
        }
    }
    if let Some(value) = widget.value.as_ref().filter(|_| look.value.is_some()) {
        what = format!("{what}: {value}");
    }
    Near {
        what: format!("`{what}` in `{}`", widget.program),
        rect: widget.area,
        score: 0.0,
    }
}

/// A program whose widgets were not looked at.
fn unread(program: &Unreadable) -> String {
    let (name, reason) = (&program.program, program.reason());
    format!("the widgets of `{name}` cannot be read: {reason}")
}

impl Missing {
    /// Several things match, and nothing says which one is meant.
    pub(super) fn several(found: &[Candidate]) -> Self {
        let each = found.iter().filter_map(|candidate| {
            let widget = candidate.widget.as_ref()?;
            Some(one_of(widget, candidate.rect))
        });
        Self {
            near: each.collect(),
            several: found.len(),
            ..Self::default()
        }
    }
}
