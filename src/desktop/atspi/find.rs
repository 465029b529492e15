//! Widgets in trees: those that match, those that nearly match, all of a window.

use std::collections::{HashMap, HashSet};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};

use super::{
    AT_ONCE, Reference, Source, Toolkit, Tree, View, Windows,
    describe::{self, may_be_called},
};
use crate::{
    desktop::wire::{Scope, Widget, limits},
    widget::{Role, Wanted},
};

/// What is looked for, and where.
pub(crate) struct Search<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) wanted: Wanted,
    /// Whether hidden widgets count.
    pub(crate) hidden: bool,
    /// Whether to report the nearest widgets if nothing matches.
    pub(crate) near: bool,
}

/// A window of a program, and what was read from it.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) tree: Tree,
    /// The widget in question, in the tree: the window itself, or one in it.
    pub(crate) top: usize,
    /// Those of its widgets that may be what is looked for, where only those were read.
    pub(crate) some: Option<Vec<usize>>,
    /// Its window on the screen, if that is known.
    pub(crate) id: Option<String>,
    pub(crate) program: String,
}

impl Window {
    /// The widget in question and everything in it, as far as it was read.
    pub(crate) fn all(&self) -> Vec<usize> {
        match &self.some {
            Some(some) => some.clone(),
            None => self.tree.below(self.top),
        }
    }
}

/// The widgets that match; if there are none, the nearest ones, unless only possible matches were
/// read.
pub(crate) async fn found(
    source: &impl Source,
    all: &[Window],
    search: &Search<'_>,
    windows: &Windows,
) -> (Vec<Widget>, Vec<Widget>) {
    let items = meant(source, all, search, windows).await;
    let is_partial = all.iter().any(|window| window.some.is_some());
    let near = if items.is_empty() && search.near && !is_partial {
        near(source, all, search, windows).await
    } else {
        Vec::new()
    };
    (items, near)
}

/// A widget of a window, without what is in it.
pub(crate) async fn describe(
    source: &impl Source,
    window: &Window,
    at: usize,
    windows: &Windows,
) -> Widget {
    let tree = &window.tree;
    let node = &tree.nodes[at];
    let value = describe::value(source, tree, at).await;
    let name = describe::name(source, tree, at, value.as_deref()).await;
    // GTK 4 only knows where a widget is in its window.
    let is_placed = window.id.is_some() || tree.origin.toolkit != Toolkit::Gtk4;
    let area = tree.seen(at).filter(|_| is_placed);
    // A frame of Swing does not report its place.
    let area = area.or_else(|| {
        let id = window.id.as_ref().filter(|_| node.parent.is_none())?;
        let itself = windows.listed.iter().find(|listed| listed.id == *id)?;
        Some(itself.rect())
    });
    let popup = area.filter(|_| node.is_popped_up).and_then(|area| {
        let id = window.id.as_deref()?;
        let layer = windows.popup_over(id, area.middle())?;
        Some(layer.id.clone())
    });
    let role = tree.role(at);
    let mut states = node.states.states(node.role);
    if role == Role::Tab && tree.origin.toolkit == Toolkit::Qt {
        // The bar of tabs has the name of the one in front.
        let bar = node.parent.map(|bar| &tree.nodes[bar]);
        states.selected = Some(bar.is_some_and(|bar| bar.name == node.name));
    }
    let is_there = node.view == View::There && area.is_some();
    Widget {
        id: node.reference.id(),
        role,
        name,
        value,
        states,
        visible: is_there && is_where_it_says(source, tree, at).await,
        area,
        window: popup.or_else(|| window.id.clone()),
        program: window.program.clone(),
        children: Vec::new(),
    }
}

/// Whether a row is where its program says that it is: GTK 4 still tells the last place of
/// one that was scrolled out of view, where there is another one by now.
async fn is_where_it_says(source: &impl Source, tree: &Tree, at: usize) -> bool {
    let node = &tree.nodes[at];
    let is_row = matches!(
        tree.role(at),
        Role::Listitem | Role::Treeitem | Role::Row | Role::Cell
    );
    let (Some(list), Some(told)) = (node.parent, node.told) else {
        return true;
    };
    if tree.origin.toolkit != Toolkit::Gtk4 || !is_row {
        return true;
    }
    let list = &tree.nodes[list].reference;
    let Some(there) = source.at(list, told.middle()).await else {
        return true;
    };
    let parent = |at: &usize| tree.nodes[*at].parent;
    let mut nodes = tree.nodes.iter();
    let found = nodes.position(|node| there.contains(&node.reference));
    std::iter::successors(found, parent).any(|it| it == at)
}

/// Widgets of windows, each without what is in it, in this order.
async fn all(source: &impl Source, these: Vec<(&Window, usize)>, windows: &Windows) -> Vec<Widget> {
    let describing: Vec<BoxFuture<'_, Widget>> = these
        .into_iter()
        .map(|(window, at)| describe(source, window, at, windows).boxed())
        .collect();
    stream::iter(describing).buffered(AT_ONCE).collect().await
}

/// A window, or a widget, with all that is in it and not hidden; nothing if it is hidden
/// itself.
pub(crate) async fn whole(
    source: &impl Source,
    window: &Window,
    windows: &Windows,
) -> Option<Widget> {
    let nodes = &window.tree.nodes;
    let mut order = window.all();
    order.retain(|at| nodes[*at].view != View::Hidden || *at == window.top);
    let these = order.iter().map(|at| (window, *at)).collect();
    let widgets = all(source, these, windows).await;
    let mut described: HashMap<usize, Widget> = order.iter().copied().zip(widgets).collect();
    // What is in a widget comes after it in the list.
    for at in order.iter().rev() {
        let children: Vec<Widget> = nodes[*at]
            .children
            .iter()
            .filter_map(|child| described.remove(child))
            .collect();
        if let Some(widget) = described.get_mut(at) {
            widget.children = children;
        }
    }
    described.remove(&window.top)
}

/// The widgets that match, each once.
async fn meant(
    source: &impl Source,
    all: &[Window],
    search: &Search<'_>,
    windows: &Windows,
) -> Vec<Widget> {
    let wanted = &search.wanted;
    let mut seen: HashSet<&Reference> = HashSet::new();
    let mut may_be = Vec::new();
    for (window, at) in candidates(all, search.hidden) {
        let node = &window.tree.nodes[at];
        let role = window.tree.role(at);
        if wanted.is_role(role)
            && may_be_called((role, &node.name, None), window.tree.origin.toolkit, wanted)
            // An open combobox of GTK 3 has its entries twice.
            && seen.insert(&node.reference)
        {
            may_be.push((window, at));
        }
    }
    let described = self::all(source, may_be.clone(), windows).await;
    let all = may_be.into_iter().zip(described);
    let meant: Vec<_> = all
        .filter(|(_, widget)| wanted.is(widget.known()))
        .collect();
    let is_shell = |outer: &((&Window, usize), Widget)| {
        let mut all = meant.iter();
        all.any(|inner| is_inside(inner, outer))
    };
    let meant = meant.iter().filter(|one| !is_shell(one));
    meant
        .map(|(_, widget)| widget.clone())
        .take(limits::WIDGETS)
        .collect()
}

/// Whether a button is the one that another one of the same name is made of, as those of
/// GTK 4 that open menus are.
fn is_inside(
    ((within, at), inner): &((&Window, usize), Widget),
    ((window, outside), outer): &((&Window, usize), Widget),
) -> bool {
    let is_alike = outer.role == Role::Button
        && inner.role == outer.role
        && inner.name == outer.name
        && std::ptr::eq(*within, *window);
    let parent = |at: &usize| window.tree.nodes[*at].parent;
    is_alike && std::iter::successors(parent(at), parent).any(|above| above == *outside)
}

/// The widgets that can be looked for; hidden ones only where that is asked for.
fn candidates(windows: &[Window], hidden: bool) -> impl Iterator<Item = (&Window, usize)> {
    let all = windows.iter().flat_map(|window| {
        let all = window.all().into_iter();
        all.map(move |at| (window, at))
    });
    all.filter(move |(window, at)| {
        let is_shown = window.tree.nodes[*at].view != View::Hidden;
        (hidden || is_shown) && window.tree.role(*at) != Role::Generic
    })
}

/// The widgets that nearly match, the nearest first.
async fn near(
    source: &impl Source,
    all: &[Window],
    search: &Search<'_>,
    windows: &Windows,
) -> Vec<Widget> {
    let wanted = &search.wanted;
    let mut near: Vec<(f64, &Window, usize)> = Vec::new();
    for (window, at) in candidates(all, search.hidden) {
        let tree = &window.tree;
        // What belongs to a name is only known once it is asked for.
        if let Some(like) = wanted.likeness(tree.role(at), &tree.nodes[at].name) {
            near.push((like, window, at));
        }
    }
    near.sort_by(|(one, ..), (two, ..)| two.total_cmp(one));
    near.truncate(limits::NEAR_WIDGETS * 2);
    let these = near.into_iter().map(|(_, window, at)| (window, at));
    let widgets = self::all(source, these.collect(), windows).await;
    let like = |widget: Widget| Some((wanted.likeness(widget.role, &widget.name)?, widget));
    let mut described: Vec<(f64, Widget)> = widgets.into_iter().filter_map(like).collect();
    described.sort_by(|(one, _), (two, _)| two.total_cmp(one));
    described.truncate(limits::NEAR_WIDGETS);
    described.into_iter().map(|(_, widget)| widget).collect()
}
