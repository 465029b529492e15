//! Reads the trees of programs.
//!
//! A question takes a twentieth of a millisecond and its answer's way as long again, so
//! many are asked at once; but never so many that a program which works them off one
//! after another seems to be silent.

use std::collections::HashSet;

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};

use super::{
    bus::{Bus, BusError, Reference},
    role::AtspiRole,
    state::{AtspiStates, State},
};
use crate::{
    geometry::{Point, Rect},
    widget::Role,
};

/// How many questions wait for their answers at once.
pub(super) const AT_ONCE: usize = 32;

/// No tree is followed further down; the deepest that was seen, of a file manager, has 23.
pub(super) const DEEPEST: usize = 60;

/// No more widgets are read of one window.
pub(super) const MOST: usize = 20_000;

/// What toolkits say in the place of a position that is none.
const NOWHERE: i32 = i32::MIN;

/// A widget as its program reports it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) reference: Reference,
    pub(super) role: AtspiRole,
    pub(super) states: AtspiStates,
    /// Its own name, as it is.
    pub(super) name: String,
    /// Where it says that it is; `None` if it has no place.
    pub(super) area: Option<Rect>,
    /// How large it says that it is, also where it has no place.
    size: (u32, u32),
    /// Where it is in the list of its tree.
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
}

/// The widgets of one window, a parent before what is in it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// Why it is not complete, if it is not.
    pub(super) broken: Option<BusError>,
    /// The tables that are lists: all that they have is one column without a title.
    lists: HashSet<usize>,
}

/// How a toolkit tells of its widgets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Toolkit {
    /// GTK 4: positions are those in the window, and what can be seen does not say that
    /// it is showing.
    Gtk4,
    /// All others.
    Other,
}

/// Where the widgets of a window are, seen from the screen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) toolkit: Toolkit,
    /// The upper left corner of the window's surface, on the screen.
    pub(super) corner: Point,
}

/// Reads a widget with all that is in it, hidden or not, and what it is in itself.
/// Answers where in the tree the widget is.
///
/// # Errors
///
/// It is not there.
pub(super) async fn tree_of(
    bus: &Bus,
    lineage: &[Reference],
    origin: Origin,
) -> Result<(Tree, usize), BusError> {
    let mut tree = Tree::default();
    for reference in lineage {
        let (mut node, children) = read(bus, reference.clone(), origin).await?;
        let at = tree.nodes.len();
        node.parent = at.checked_sub(1);
        if let Some(parent) = node.parent {
            tree.nodes[parent].children.push(at);
        }
        tree.nodes.push(node);
        if at + 1 == lineage.len() {
            let level = children
                .into_iter()
                .map(|child| (Some(at), child))
                .collect();
            tree.grow(bus, level, origin, true).await;
            return Ok((tree, at));
        }
    }
    Err(BusError::Refused("there is no such widget".to_owned()))
}

/// The widgets that a widget is in, the window first, and itself last.
pub(super) async fn lineage(bus: &Bus, widget: &Reference) -> Result<Vec<Reference>, BusError> {
    let root = Reference::root(&widget.program);
    let mut lineage = vec![widget.clone()];
    for _ in 0..DEEPEST {
        match bus.parent(&lineage[lineage.len() - 1]).await? {
            Some(parent) if parent != root && parent.program == widget.program => {
                lineage.push(parent);
            }
            _ => break,
        }
    }
    lineage.reverse();
    Ok(lineage)
}

/// Reads a window with all that is in it, as far as that matters: what is hidden, and
/// what is in it, only where `hidden` is asked for.
pub(super) async fn tree(bus: &Bus, top: &Reference, origin: Origin, hidden: bool) -> Tree {
    let mut tree = Tree::default();
    let level = vec![(None, top.clone())];
    tree.grow(bus, level, origin, hidden).await;
    tree
}

/// A widget, and what is in it.
type Answer = Result<(Node, Vec<Reference>), BusError>;

async fn read(bus: &Bus, reference: Reference, origin: Origin) -> Answer {
    let of = &reference;
    let (role, states, name, children, area) = tokio::join!(
        bus.role(of),
        bus.states(of),
        bus.name(of),
        bus.children(of),
        bus.area(of, origin.toolkit == Toolkit::Gtk4)
    );
    let role = role?;
    // Not everything has a name, children or a place.
    let name = answered(name)?.unwrap_or_default();
    let children = answered(children)?.unwrap_or_default();
    let area = answered(area)?;
    let size = area.map_or((0, 0), |area| (area.width, area.height));
    let node = Node {
        role,
        states: states?,
        name,
        area: area.and_then(|area| on_screen(area, origin)),
        size,
        parent: None,
        children: Vec::new(),
        reference,
    };
    Ok((node, children))
}

/// What was answered; nothing where the program does not know the question.
fn answered<T>(answer: Result<T, BusError>) -> Result<Option<T>, BusError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(BusError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The place on the screen of what is there in its window; nothing where it has none.
fn on_screen(area: Rect, origin: Origin) -> Option<Rect> {
    let is_nowhere = area.x == NOWHERE || area.y == NOWHERE || area.x == -1 && area.y == -1;
    if is_nowhere || area.width == 0 || area.height == 0 {
        return None;
    }
    Some(match origin.toolkit {
        Toolkit::Gtk4 => area.shifted(origin.corner),
        Toolkit::Other => area,
    })
}

impl Tree {
    /// Reads widgets, each with the place of its parent in the list, and all that is in
    /// them.
    async fn grow(
        &mut self,
        bus: &Bus,
        mut level: Vec<(Option<usize>, Reference)>,
        origin: Origin,
        hidden: bool,
    ) {
        for _ in 0..DEEPEST {
            let mut reading: Vec<BoxFuture<'_, (Option<usize>, Answer)>> = Vec::new();
            for (parent, reference) in level {
                let read = async move { (parent, read(bus, reference, origin).await) };
                reading.push(read.boxed());
            }
            // In the order of the program, whichever answer comes first.
            let mut reading = stream::iter(reading).buffered(AT_ONCE);
            let mut next = Vec::new();
            while let Some((parent, read)) = reading.next().await {
                match read {
                    Ok((node, children)) => {
                        let at = self.add(node, parent, origin.toolkit, hidden);
                        let inside = children.into_iter().map(|child| (at, child));
                        next.extend(inside.filter(|(at, _)| at.is_some()));
                    }
                    // It has gone since its parent named it.
                    Err(BusError::Refused(_)) => {}
                    Err(error) => {
                        self.broken = Some(error);
                        return;
                    }
                }
            }
            drop(reading);
            if next.is_empty() {
                break;
            }
            level = next;
        }
        self.find_lists();
    }

    /// Adds a widget, unless it does not matter; answers its place in the list.
    fn add(
        &mut self,
        mut node: Node,
        parent: Option<usize>,
        toolkit: Toolkit,
        hidden: bool,
    ) -> Option<usize> {
        node.parent = parent;
        let is_gone = node.states.has(State::Defunct) || self.nodes.len() >= MOST;
        if is_gone || !hidden && self.is_hidden(&node, toolkit) {
            return None;
        }
        let at = self.nodes.len();
        if let Some(parent) = parent {
            self.nodes[parent].children.push(at);
        }
        self.nodes.push(node);
        Some(at)
    }

    /// Whether a widget in the list is hidden, or in something that is.
    pub(super) fn hides(&self, at: usize, toolkit: Toolkit) -> bool {
        let node = &self.nodes[at];
        self.is_hidden(node, toolkit)
            || node
                .parent
                .is_some_and(|parent| self.hides(parent, toolkit))
    }

    /// Whether a widget whose parent is in the tree is hidden: in a closed menu, on a
    /// page that is not in front. What is only scrolled out of view is not.
    fn is_hidden(&self, node: &Node, toolkit: Toolkit) -> bool {
        let says_visible = node.states.has(State::Visible);
        let shows = says_visible && (toolkit == Toolkit::Gtk4 || node.states.has(State::Showing));
        let parent = node.parent.map(|parent| &self.nodes[parent]);
        let in_view = parent.is_none_or(|parent| self.is_in_view(parent));
        let may_scroll = parent.is_some_and(|parent| self.scrolls(parent)) && in_view;
        match node.area {
            // What is scrolled out of view keeps its place, and says that it is not shown.
            Some(_) => !shows && !may_scroll,
            // Other lists say that it is shown, and have no place for it.
            None if may_scroll => !says_visible,
            // What only arranges others may have no size, and they have one.
            None => {
                let arranges = node.role.role() == Role::Generic && node.size == (0, 0);
                !(arranges && toolkit != Toolkit::Gtk4 && shows)
            }
        }
    }

    /// Whether a widget has a place, or is in something that has one.
    fn is_in_view(&self, node: &Node) -> bool {
        node.area.is_some()
            || node
                .parent
                .is_some_and(|parent| self.is_in_view(&self.nodes[parent]))
    }

    /// Whether a widget, or what it is in, shows only a part of what it has.
    fn scrolls(&self, node: &Node) -> bool {
        node.role.clips()
            || node
                .parent
                .is_some_and(|parent| self.scrolls(&self.nodes[parent]))
    }

    /// Finds the tables that are lists.
    fn find_lists(&mut self) {
        let is_list = |node: &Node| {
            let cells = || node.children.iter().map(|cell| &self.nodes[*cell]);
            let mut columns = cells().filter_map(|cell| cell.area.map(|area| area.x));
            let first = columns.next();
            node.role.role() == Role::Table
                && first.is_some()
                && cells().all(|cell| cell.role.role() == Role::Cell)
                && columns.all(|column| Some(column) == first)
        };
        let lists = self.nodes.iter().enumerate();
        let lists = lists.filter(|(_, node)| is_list(node)).map(|(at, _)| at);
        self.lists = lists.collect();
    }

    /// What a widget is, in the words of ARIA. A box without a name only arranges what is
    /// in it, and what opens from a bar of menus, or from a menu, is an entry of it.
    pub(super) fn role(&self, at: usize) -> Role {
        let node = &self.nodes[at];
        let role = node.role.role();
        let above = node.parent.map(|parent| self.nodes[parent].role.role());
        match (role, above) {
            (Role::Group, _) if node.name.is_empty() => Role::Generic,
            (Role::Menu, Some(Role::Menubar | Role::Menu)) => Role::Menuitem,
            (Role::Table, _) if self.lists.contains(&at) => Role::List,
            (Role::Cell, _) if node.parent.is_some_and(|it| self.lists.contains(&it)) => {
                Role::Listitem
            }
            _ => role,
        }
    }

    /// The part of a widget that can be seen in its window, and the nearest part of the
    /// screen in which it could be: that of what it is scrolled in.
    pub(super) fn seen(&self, at: usize) -> (Option<Rect>, Option<Rect>) {
        let node = &self.nodes[at];
        let mut seen = node.area;
        let mut frame = None;
        let mut above = node.parent;
        while let Some(parent) = above.map(|at| &self.nodes[at]) {
            if parent.role.pops_up() {
                break;
            }
            if parent.role.clips()
                && let Some(area) = parent.area
            {
                frame = frame.map_or(Some(area), |frame: Rect| frame.intersection(area));
                seen = seen.and_then(|seen| seen.intersection(area));
            }
            above = parent.parent;
        }
        (seen, frame)
    }

    /// Whether a widget is in something that is shown in a window of its own.
    pub(super) fn is_popped_up(&self, at: usize) -> bool {
        let node = &self.nodes[at];
        node.role.pops_up() || node.parent.is_some_and(|parent| self.is_popped_up(parent))
    }

    /// All that is in a widget, itself first.
    pub(super) fn below(&self, at: usize) -> Vec<usize> {
        let mut all = vec![at];
        let mut next = 0;
        while next < all.len() {
            let children = self.nodes[all[next]].children.clone();
            all.extend(children);
            next += 1;
        }
        all
    }
}
