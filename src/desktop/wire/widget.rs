//! Widgets, from the accessibility tree of the programs: an extension of the local
//! desktop.

use serde::{Deserialize, Serialize};

use crate::{
    geometry::Rect,
    widget::{Known, Role, States, tree::Node},
};

/// A widget of a program.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Widget {
    /// Its id on this desktop, for as long as the program keeps the widget.
    pub id: String,
    /// What it is.
    pub role: Role,
    /// Its name, or that of the label that belongs to it, if it has none of its own.
    /// Empty if it has no name.
    pub name: String,
    /// What is in it: the text of a field, the number of a slider or a progress bar, the
    /// chosen entry of a combobox. Null if it has no value, and for a password, which is not
    /// revealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Its states.
    #[serde(default)]
    pub states: States,
    /// Whether it is shown and not scrolled out of view; other windows may cover it.
    pub visible: bool,
    /// The part of the screen where it can be seen, in pixels, or would be if it were
    /// scrolled into view; null if it has no place, such as an entry of a closed menu.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Rect>,
    /// The id of its window, as in the list of windows or, for a popup, as in the stack;
    /// null if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// The name of its program.
    pub program: String,
    /// What is in it, in the order of the program. Left out where single widgets are listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Widget>,
}

impl Widget {
    /// What it is known by.
    #[must_use]
    pub fn known(&self) -> Known<'_> {
        Known {
            role: self.role,
            name: &self.name,
            value: self.value.as_deref(),
            states: &self.states,
        }
    }

    /// The widget as a part of a tree: widgets that only arrange others, or have no place, are
    /// replaced by their contents, and hidden ones are left out.
    #[must_use]
    pub fn nodes(&self) -> Vec<Node> {
        // The value of a closed combobox says what is chosen in it.
        let is_closed = self.role == Role::Combobox && self.states.expanded != Some(true);
        let children: Vec<Node> = if is_closed {
            Vec::new()
        } else {
            self.children.iter().flat_map(Self::nodes).collect()
        };
        // A page without a tab has no place, and what is in it has one.
        if self.role == Role::Generic || self.area.is_none() {
            return children;
        }
        // A label that only repeats the name of the widget adds nothing.
        let says_more = |child: &Node| {
            let is_label = child.role == Role::Label && child.children.is_empty();
            !is_label || child.name != self.name
        };
        let children = children.into_iter().filter(says_more).collect();
        vec![Node {
            role: self.role,
            name: self.name.clone(),
            value: self.value.clone().unwrap_or_default(),
            states: self.states,
            area: self.area.filter(|_| self.visible),
            children,
        }]
    }
}

/// `GET /api/widgets`: the widgets of windows, as trees.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct WidgetTrees {
    /// One for each window; or the one that was asked for.
    pub items: Vec<Widget>,
    /// What could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
}

/// A part of the desktop in which widgets are read.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All windows.
    #[default]
    All,
    /// The window that has the keyboard, with its popups and dialogs.
    Focused,
    /// The window of this id, with its popups.
    Window(String),
    /// The widget of this id and what is in it.
    Widget(String),
}

/// `POST /api/widgets/find`: what to look for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WidgetQuery {
    /// Where to look.
    pub scope: Scope,
    /// What it is; anything if it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Its name, or a regular expression between slashes that is found in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its value, or a regular expression between slashes that is found in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The states that it must be in.
    pub states: States,
    /// Whether hidden widgets count as well: in closed menus, or on tabs that are not in front.
    /// What is only scrolled out of view counts in any case.
    pub hidden: bool,
    /// Whether the nearest widgets are listed if nothing is found, which may take many times as
    /// long.
    pub near: bool,
}

impl Default for WidgetQuery {
    /// Any widget anywhere that is not hidden, or the nearest ones.
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            role: None,
            name: None,
            value: None,
            states: States::default(),
            hidden: false,
            near: true,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct WidgetsFound {
    /// The widgets that match, in the order of the programs, without what is in them; at most
    /// [`limits::WIDGETS`](super::limits::WIDGETS).
    pub items: Vec<Widget>,
    /// If nothing is found and [`WidgetQuery::near`] asks for it: the widgets with that name and a
    /// different role, with that role and a different name, or in different states, the nearest
    /// first; at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<Widget>,
    /// What could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
}

/// A program whose widgets cannot be read, or not all of them.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Unreadable {
    /// Its name, that of its window where it is not known to the accessibility bus.
    pub program: String,
    /// Why, as `it does not answer`.
    pub why: String,
    /// Whether it has widgets that are not listed, because it does not answer or has too many, so
    /// that nobody can tell what it shows; false if it has none to report.
    #[serde(default)]
    pub silent: bool,
    /// What would make them readable; null where nothing is known to help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Unreadable {
    /// Why, and what helps, as `it reports no widgets; install …`.
    #[must_use]
    pub fn reason(&self) -> String {
        match &self.remedy {
            Some(remedy) => format!("{}; {remedy}", self.why),
            None => self.why.clone(),
        }
    }
}
