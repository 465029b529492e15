//! The widgets of a window, and what can be seen of them.

use std::collections::HashSet;

use super::{
    Reference,
    role::AtspiRole,
    state::{AtspiStates, State},
};
use crate::{
    geometry::{Point, Rect},
    widget::Role,
};

/// What toolkits report instead of a position if there is none.
const NOWHERE: i32 = i32::MIN;

/// How far below its parent a popup of GTK 4 begins at most, in pixels.
const BELOW: i32 = 100;

/// How a toolkit reports its widgets.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Toolkit {
    /// GTK 3, which `LibreOffice` uses too.
    Gtk3,
    /// Positions are those in the window, and what can be seen does not say that it is
    /// showing.
    Gtk4,
    /// Qt 5 and 6: the chosen tab does not say so.
    Qt,
    /// Java: labels name their fields, and not the other way round.
    Swing,
    /// Chromium, and all that is made with it.
    Chromium,
    /// Firefox.
    Gecko,
    /// Any other.
    #[default]
    Other,
}

impl Toolkit {
    /// The toolkit with this name.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "gtk" => Self::Gtk3,
            "GTK" => Self::Gtk4,
            "Qt" => Self::Qt,
            "J2SE-access-bridge" => Self::Swing,
            "Chromium" => Self::Chromium,
            "Gecko" => Self::Gecko,
            _ => Self::Other,
        }
    }

    /// Whether it can look for roles itself (`org.a11y.atspi.Collection`), and finds what
    /// a walk through the tree would find.
    pub(crate) const fn collects(self) -> bool {
        matches!(self, Self::Gtk3 | Self::Chromium | Self::Gecko)
    }

    /// Whether it reports all widgets that it was asked for before in one answer
    /// (`org.a11y.atspi.Cache`), as they are now.
    pub(crate) const fn lists(self) -> bool {
        matches!(self, Self::Gtk4)
    }
}

/// Where the widgets of a window are, seen from the screen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) toolkit: Toolkit,
    /// The upper left corner of what the window shows, on the screen.
    pub(crate) corner: Point,
    /// The popups of the window, on the screen.
    pub(crate) popups: Vec<Rect>,
}

/// What can be seen of a widget.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum View {
    /// Nothing, and scrolling shows nothing either: it is in a closed menu, or on a page
    /// that is not in front.
    #[default]
    Hidden,
    /// Nothing, because it is scrolled out of view.
    Away,
    /// It, as far as no other window covers it.
    There,
}

/// A widget as its program reports it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) reference: Reference,
    pub(crate) role: AtspiRole,
    pub(crate) states: AtspiStates,
    /// Its own name, as it is.
    pub(crate) name: String,
    /// Where it says that it is.
    pub(crate) told: Option<Rect>,
    /// Where it is in the list of its tree.
    pub(crate) parent: Option<usize>,
    pub(crate) children: Vec<usize>,
    /// Whether all that is in it is in the tree.
    pub(crate) is_whole: bool,
    /// Whether more is in it than is read.
    pub(crate) is_cut: bool,
    /// What can be seen of it.
    pub(crate) view: View,
    /// Its place on the screen; `None` if it has no place.
    pub(crate) area: Option<Rect>,
    /// The part of the screen in which what is in it can be seen; `None` if that is
    /// everywhere.
    pub(crate) frame: Option<Rect>,
    /// How far the place that it reports is from the one on the screen.
    pub(crate) shift: Point,
    /// Whether it is in something that is shown in a window of its own.
    pub(crate) is_popped_up: bool,
}

/// The widgets of one window, a parent before what is in it.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) origin: Origin,
    /// Whether it is not complete, because its program stopped answering.
    pub(crate) is_silent: bool,
    /// Whether it is not complete, because it is too large.
    pub(crate) is_cut: bool,
    /// The tables that are lists: all that they have is one column without a title.
    lists: HashSet<usize>,
}

impl Tree {
    /// An empty one.
    pub(crate) fn new(origin: Origin) -> Self {
        Self {
            origin,
            ..Self::default()
        }
    }

    /// Adds a widget below another one that is in the list; returns its place.
    pub(crate) fn add(&mut self, mut node: Node, parent: Option<usize>) -> usize {
        let at = self.nodes.len();
        self.is_cut |= node.is_cut;
        node.parent = parent;
        self.place(&mut node);
        if let Some(parent) = parent {
            self.nodes[parent].children.push(at);
        }
        self.nodes.push(node);
        at
    }

    /// Finds out where a widget is and what can be seen of it.
    fn place(&self, node: &mut Node) {
        let parent = node.parent.map(|parent| &self.nodes[parent]);
        node.shift = self.shift(node, parent);
        node.area = node
            .told
            .filter(has_place)
            .map(|told| told.shifted(node.shift));
        let pops_up = node.role.pops_up() || self.popup(node, parent).is_some();
        node.is_popped_up = pops_up || parent.is_some_and(|parent| parent.is_popped_up);
        // What is in a window of its own is not cut off by what it belongs to.
        let outer = parent.and_then(|parent| parent.frame).filter(|_| !pops_up);
        node.view = self.view(node, parent, outer);
        // Qt does not say which of its boxes can be scrolled, and cuts off what is in any.
        let clips = node.role.clips() || self.origin.toolkit == Toolkit::Qt && node.role.arranges();
        let inner = node.area.filter(|_| clips && node.view != View::Away);
        node.frame = match (outer, inner) {
            // Nothing of it is in view, and so nothing of what is in it.
            (Some(outer), Some(inner)) => Some(outer.intersection(inner).unwrap_or_default()),
            (one, other) => one.or(other),
        };
    }

    fn shift(&self, node: &Node, parent: Option<&Node>) -> Point {
        match self.origin.toolkit {
            Toolkit::Gtk4 => {
                let usual = parent.map_or(self.origin.corner, |parent| parent.shift);
                self.popup(node, parent).unwrap_or(usual)
            }
            Toolkit::Swing => {
                parent.map_or_else(Point::default, |menu| self.below_menu(node, menu))
            }
            _ => Point::default(),
        }
    }

    /// How far an entry of a menu of Swing is from where it says that it is: where it
    /// would be if the menu opened over its title and not below. It is in the tree twice,
    /// in the menu and in what the menu opens.
    fn below_menu(&self, entry: &Node, menu: &Node) -> Point {
        let bar = menu.parent.map(|bar| &self.nodes[bar]);
        let is_in_bar = bar.is_some_and(|bar| bar.role.role() == Role::Menubar);
        match menu.role {
            AtspiRole::MENU if is_in_bar => {
                let height = menu.told.map_or(0, |title| title.height);
                Point::new(0, i32::try_from(height).unwrap_or_default())
            }
            AtspiRole::POPUP_MENU => {
                let same = |node: &&Node| node.reference == entry.reference;
                let same = self.nodes.iter().find(same);
                same.map_or_else(Point::default, |same| same.shift)
            }
            _ => Point::default(),
        }
    }

    /// How far the reported place of a popup of GTK 4 is from its place on the screen. Widgets in
    /// it report where they would be if it began where its parent does.
    fn popup(&self, node: &Node, parent: Option<&Node>) -> Option<Point> {
        if self.origin.toolkit != Toolkit::Gtk4 {
            return None;
        }
        let (told, owner) = (node.told.filter(has_place)?, parent?.told?);
        let below = told.y - owner.y;
        let height = i64::from(told.height) + i64::from(below);
        let is_it = |popup: &&Rect| {
            (0..=BELOW).contains(&below)
                && popup.width == told.width
                && i64::from(popup.height) == height
        };
        let popup = self.origin.popups.iter().find(is_it)?;
        Some(Point::new(popup.x - owner.x, popup.y - owner.y))
    }

    fn view(&self, node: &Node, parent: Option<&Node>, frame: Option<Rect>) -> View {
        let toolkit = self.origin.toolkit;
        let is_visible = node.states.has(State::Visible);
        let Some(parent) = parent else {
            // A frame of Swing does not report it.
            return if is_visible || toolkit == Toolkit::Swing {
                View::There
            } else {
                View::Hidden
            };
        };
        if parent.view == View::Hidden || self.is_shut_in(node, parent) {
            return View::Hidden;
        }
        let shows = is_visible && (toolkit == Toolkit::Gtk4 || node.states.has(State::Showing));
        let Some(area) = node.area else {
            // Swing says of rows that are out of view that they are not even visible.
            let is_item = matches!(parent.role.role(), Role::List | Role::Table | Role::Tree)
                && (is_visible || toolkit == Toolkit::Swing);
            // What is scrolled out of a viewport of GTK 3 has a size and no place.
            let is_beyond = toolkit == Toolkit::Gtk3
                && is_visible
                && frame.is_some()
                && node
                    .told
                    .is_some_and(|told| told.x == NOWHERE && !told.is_empty());
            // What only arranges others may have no size, and they have one. A page of
            // tabs in GTK 4 does not even tell a place.
            let measures = matches!(toolkit, Toolkit::Gtk4 | Toolkit::Qt) && node.told.is_some();
            // A viewport of GTK 3 that was scrolled has lost its place.
            let is_shown = shows || is_visible && node.role == AtspiRole::VIEWPORT;
            // Firefox shows the entries of a combobox in another one without a place.
            let is_stand_in = toolkit == Toolkit::Gecko && node.role.role() == Role::Combobox;
            // Where GTK 3 hides the tabs, the page in front has no place.
            let is_page = toolkit == Toolkit::Gtk3 && node.role.role() == Role::Tab && shows;
            let arranges =
                is_shown && !measures && (node.role.arranges() || is_stand_in || is_page);
            return match parent.view {
                View::Away => View::Away,
                _ if is_item || is_beyond => View::Away,
                _ if arranges => View::There,
                _ => View::Hidden,
            };
        };
        let is_in_frame = frame.is_none_or(|frame| frame.intersection(area).is_some());
        match (shows, is_in_frame) {
            (true, true) => View::There,
            (_, false) => View::Away,
            (false, true) => View::Hidden,
        }
    }

    /// Whether a widget is an entry of a combobox that is closed, and says that it is
    /// where the combobox is.
    fn is_shut_in(&self, node: &Node, parent: &Node) -> bool {
        let is_shut = |combobox: &Node| {
            combobox.role.role() == Role::Combobox
                && combobox.states.has(State::Expandable)
                && !combobox.states.has(State::Expanded)
        };
        self.origin.toolkit == Toolkit::Chromium
            && node.role.role() != Role::Textbox
            && is_shut(parent)
    }

    /// The part of the screen where a widget can be seen, or could be if it were scrolled
    /// into view; `None` if it is hidden.
    pub(crate) fn seen(&self, at: usize) -> Option<Rect> {
        let node = &self.nodes[at];
        let parent = node.parent.map(|parent| &self.nodes[parent]);
        let pops_up = parent.is_some_and(|parent| node.is_popped_up && !parent.is_popped_up);
        let frame = parent.and_then(|parent| parent.frame).filter(|_| !pops_up);
        match node.view {
            View::Hidden => None,
            View::Away => frame.filter(|frame| !frame.is_empty()).or(node.area),
            View::There => match (node.area, frame) {
                (Some(area), Some(frame)) => area.intersection(frame),
                (area, _) => area,
            },
        }
    }

    /// All that is in a widget, itself first, in the order of the program.
    pub(crate) fn below(&self, at: usize) -> Vec<usize> {
        let mut all = Vec::new();
        let mut next = vec![at];
        while let Some(at) = next.pop() {
            all.push(at);
            next.extend(self.nodes[at].children.iter().rev());
        }
        all
    }

    /// What a widget is, in the words of ARIA. A box without a name only arranges what is
    /// in it, what opens from a bar of menus, or from a menu, is an entry of it, and a
    /// table of one column is a list.
    pub(crate) fn role(&self, at: usize) -> Role {
        let node = &self.nodes[at];
        let role = node.role.role();
        let parent = node.parent.map(|parent| &self.nodes[parent]);
        let above = parent.map(|parent| parent.role.role());
        match (role, above) {
            (Role::Group, _) if node.name.is_empty() => Role::Generic,
            (Role::Menu, Some(Role::Menubar | Role::Menu)) => Role::Menuitem,
            // Swing has labels in its lists.
            (Role::Label, Some(Role::List)) => Role::Listitem,
            (Role::Table, _) if self.lists.contains(&at) => Role::List,
            (Role::Cell, _) if node.parent.is_some_and(|it| self.lists.contains(&it)) => {
                Role::Listitem
            }
            _ => role,
        }
    }

    /// Finds the tables that are lists.
    pub(crate) fn find_lists(&mut self) {
        let is_list = |table: &Node| {
            let cells = || table.children.iter().map(|cell| &self.nodes[*cell]);
            let mut columns = cells().filter_map(|cell| cell.area.map(|area| area.x));
            let first = columns.next();
            let is_cell = |cell: &Node| cell.role.role() == Role::Cell || cell.view == View::Hidden;
            table.role.role() == Role::Table
                && first.is_some()
                && cells().all(is_cell)
                && columns.all(|column| Some(column) == first)
        };
        let tables = self.nodes.iter().enumerate();
        let lists = tables.filter(|(_, node)| is_list(node)).map(|(at, _)| at);
        self.lists = lists.collect();
    }
}

/// Whether what is reported is a place.
fn has_place(told: &Rect) -> bool {
    let is_nowhere = told.x == NOWHERE || told.y == NOWHERE || (told.x == -1 && told.y == -1);
    !is_nowhere && !told.is_empty()
}
