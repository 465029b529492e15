//! The widgets of a desktop in memory.

use std::time::Duration;

use super::{MemoryDesktop, Result, future::Fate, not_found, operation};
use crate::{
    desktop::{
        bounds,
        wire::{Scope, Unreadable, Widget, WidgetQuery, WidgetTrees, WidgetsFound, limits},
    },
    geometry::Point,
    widget::{Role, Wanted},
};

impl MemoryDesktop {
    /// The same, whose programs have these widgets some time after its start, one tree
    /// for each window, in place of those before.
    #[must_use]
    pub fn widgets_after(self, after: Duration, trees: Vec<Widget>) -> Self {
        self.fated(after, Fate::Widgets(trees))
    }

    /// The same, some of whose widgets cannot be read.
    #[must_use]
    pub fn unreadable(self, program: Unreadable) -> Self {
        self.fated(Duration::ZERO, Fate::Unreadable(program))
    }

    /// The widgets in a scope, as trees.
    pub(super) fn trees(&self, scope: &Scope) -> Result<WidgetTrees> {
        let items = self.scoped(scope);
        if items.is_empty() && matches!(scope, Scope::Window(_) | Scope::Widget(_)) {
            return Err(not_found(&operation::WIDGETS.to_string()));
        }
        Ok(WidgetTrees {
            items,
            unreadable: self.unreadable_ones(),
        })
    }

    /// The widgets that are meant, as the local desktop finds them.
    pub(super) fn widgets_like(&self, query: &WidgetQuery) -> Result<WidgetsFound> {
        let wanted = bounds::widget(query)?;
        let trees = self.trees(&query.scope)?;
        let mut all = Vec::new();
        for tree in &trees.items {
            flatten(tree, &mut all);
        }
        all.retain(|widget| query.hidden || widget.area.is_some());
        let is_meant = |widget: &&Widget| wanted.is(widget.known());
        let items: Vec<Widget> = all.iter().filter(is_meant).cloned().collect();
        let near = if items.is_empty() && query.near {
            near(&wanted, all)
        } else {
            Vec::new()
        };
        Ok(WidgetsFound {
            items,
            near,
            unreadable: trees.unreadable,
        })
    }

    /// Scrolls to a widget.
    pub(super) fn revealed(&self, id: &str) -> Result<Widget> {
        self.acted(format!("reveal {id}"));
        self.lock().revealed.push(id.to_owned());
        let found = self.scoped(&Scope::Widget(id.to_owned())).pop();
        found.ok_or_else(|| not_found(&operation::REVEAL_WIDGET.to_string()))
    }

    fn scoped(&self, scope: &Scope) -> Vec<Widget> {
        let mut trees: Vec<Widget> = Vec::new();
        for fate in self.happened() {
            if let Fate::Widgets(now) = fate {
                trees.clone_from(now);
            }
        }
        let state = self.lock();
        for tree in &mut trees {
            reveal(tree, &state.revealed);
            if let Some((id, before)) = &state.field {
                fill(tree, id, state.typed.get(*before..).unwrap_or_default());
            }
        }
        drop(state);
        let of_window = |id: &str| {
            let is_there = |tree: &Widget| tree.window.as_deref() == Some(id);
            trees
                .iter()
                .filter(|tree| is_there(tree))
                .cloned()
                .collect()
        };
        match scope {
            Scope::All => trees,
            Scope::Focused => self
                .stacked()
                .focus
                .map_or_else(Vec::new, |id| of_window(&id)),
            Scope::Window(id) => of_window(id),
            Scope::Widget(id) => trees
                .iter()
                .find_map(|tree| below(tree, id))
                .into_iter()
                .collect(),
        }
    }

    /// The field at this place takes from now on what is typed.
    pub(super) fn enter(&self, at: Point) {
        let trees = self.scoped(&Scope::All);
        let field = trees.iter().find_map(|tree| field_at(tree, at));
        let mut state = self.lock();
        let before = state.typed.len();
        state.field = field.map(|id| (id, before));
    }

    fn unreadable_ones(&self) -> Vec<Unreadable> {
        self.happened()
            .filter_map(|fate| match fate {
                Fate::Unreadable(program) => Some(program.clone()),
                _ => None,
            })
            .collect()
    }
}

/// The widgets that nearly match, the nearest first.
fn near(wanted: &Wanted, all: Vec<Widget>) -> Vec<Widget> {
    let like = |widget: Widget| Some((wanted.likeness(widget.role, &widget.name)?, widget));
    let mut near: Vec<(f64, Widget)> = all.into_iter().filter_map(like).collect();
    near.sort_by(|(one, _), (two, _)| two.total_cmp(one));
    near.truncate(limits::NEAR_WIDGETS);
    near.into_iter().map(|(_, widget)| widget).collect()
}

/// Every widget of a tree that can be looked for, each alone.
fn flatten(tree: &Widget, all: &mut Vec<Widget>) {
    if tree.role != Role::Generic {
        all.push(Widget {
            children: Vec::new(),
            ..tree.clone()
        });
    }
    for child in &tree.children {
        flatten(child, all);
    }
}

fn below(tree: &Widget, id: &str) -> Option<Widget> {
    if tree.id == id {
        return Some(tree.clone());
    }
    tree.children.iter().find_map(|child| below(child, id))
}

/// The id of the field that has a point.
fn field_at(tree: &Widget, at: Point) -> Option<String> {
    let inside = tree.children.iter().find_map(|child| field_at(child, at));
    let is_here = tree.role == Role::Textbox && tree.area.is_some_and(|area| area.contains(at));
    inside.or_else(|| is_here.then(|| tree.id.clone()))
}

/// What was typed is in the field that was clicked before.
fn fill(tree: &mut Widget, id: &str, text: &str) {
    if tree.id == id && !text.is_empty() {
        tree.value = Some(text.to_owned());
    }
    for child in &mut tree.children {
        fill(child, id, text);
    }
}

/// What was scrolled to is in view.
fn reveal(tree: &mut Widget, revealed: &[String]) {
    tree.visible |= revealed.contains(&tree.id);
    for child in &mut tree.children {
        reveal(child, revealed);
    }
}
