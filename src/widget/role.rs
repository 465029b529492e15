//! What a widget is.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! roles {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal)*) => {
        /// What a widget is, in the words of ARIA (WAI-ARIA 1.2, section 5.4, where
        /// most of these names are defined; `label` and `statusbar` are the names that
        /// testers of desktop programs use).
        #[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Role {
            $($(#[doc = $doc])+ $variant,)*
            /// Anything that has no role of its own, such as a box that only arranges
            /// others. It cannot be looked for.
            #[default]
            Generic,
        }

        impl Role {
            /// The names of all roles that can be looked for.
            pub const NAMES: [&'static str; [$($name),*].len()] = [$($name),*];

            /// The roles that can be looked for, in the order of [`Role::NAMES`].
            const ALL: [Self; Self::NAMES.len()] = [$(Self::$variant),*];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Generic => "generic",
                }
            }
        }
    };
}

roles! {
    /// Something to press.
    Button "button"
    /// A box that is checked or not.
    Checkbox "checkbox"
    /// One of several choices that exclude each other.
    Radio "radio"
    /// A field for text, of one line or many.
    Textbox "textbox"
    /// A field with a list of choices that opens.
    Combobox "combobox"
    /// A bar of menus, as at the top of a window.
    Menubar "menubar"
    /// A list of commands that opens.
    Menu "menu"
    /// A command of a menu.
    Menuitem "menuitem"
    /// The handle that brings a page of several to the front.
    Tab "tab"
    /// The handles of such pages.
    Tablist "tablist"
    /// A list.
    List "list"
    /// An entry of a list.
    Listitem "listitem"
    /// A list whose entries can have entries below them.
    Tree "tree"
    /// An entry of a tree.
    Treeitem "treeitem"
    /// Rows and columns.
    Table "table"
    /// A row of a table.
    Row "row"
    /// A cell of a table.
    Cell "cell"
    /// The title of a column.
    Columnheader "columnheader"
    /// A handle that is moved along a line to choose a number.
    Slider "slider"
    /// A field for a number, with buttons for the next and the one before.
    Spinbutton "spinbutton"
    /// How far something has come.
    Progressbar "progressbar"
    /// A bar by which a view is moved.
    Scrollbar "scrollbar"
    /// Something that leads to another place.
    Link "link"
    /// A title above a section.
    Heading "heading"
    /// A picture.
    Img "img"
    /// A window that asks or tells something.
    Dialog "dialog"
    /// A message that wants attention.
    Alert "alert"
    /// A window.
    Window "window"
    /// A text that is only read.
    Label "label"
    /// A bar of buttons.
    Toolbar "toolbar"
    /// A bar in which a program says what it does.
    Statusbar "statusbar"
    /// A switch that is on or off.
    Switch "switch"
    /// Things that belong together, with a name.
    Group "group"
    /// A document, such as a page of a browser.
    Document "document"
    /// A line between things.
    Separator "separator"
    /// A text that appears beside the pointer.
    Tooltip "tooltip"
}

impl Role {
    /// The role of this name that can be looked for.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Role {
    /// A name that this version does not know is [`Role::Generic`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(Self::from_name(&name).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_by_its_name() {
        for (name, role) in Role::NAMES.into_iter().zip(Role::ALL) {
            assert_eq!(Role::from_name(name), Some(role));
            assert_eq!(role.to_string(), name);
        }
        assert_eq!(Role::from_name("generic"), None);
    }

    #[test]
    fn a_role_of_a_later_version_is_read_as_generic() {
        let read = |json| serde_json::from_str::<Role>(json).unwrap();
        assert_eq!(read("\"checkbox\""), Role::Checkbox);
        assert_eq!(read("\"hologram\""), Role::Generic);
    }
}
