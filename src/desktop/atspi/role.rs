//! The roles of AT-SPI and what they are in the words of ARIA.
//!
//! The numbers are those of `AtspiRole` in at-spi2-core, which every toolkit sends.

use crate::widget::Role;

/// The greatest number of a role.
const LAST: u32 = 130;

/// A role of AT-SPI.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct AtspiRole(pub(crate) u32);

impl AtspiRole {
    pub(crate) const LABEL: Self = Self(29);
    pub(crate) const MENU: Self = Self(33);
    pub(crate) const PASSWORD: Self = Self(40);
    pub(crate) const POPUP_MENU: Self = Self(41);
    const SCROLL_PANE: Self = Self(49);
    pub(crate) const VIEWPORT: Self = Self(68);

    /// What it is in the words of ARIA.
    pub(crate) const fn role(self) -> Role {
        match self.0 {
            2 | 101 | 102 => Role::Alert,
            7 => Role::Checkbox,
            8 | 35 | 45 | 59 => Role::Menuitem,
            10 | 57 => Role::Columnheader,
            11 => Role::Combobox,
            16 | 9 | 19 | 22 => Role::Dialog,
            23 | 28 | 69 => Role::Window,
            26 | 27 | 100 => Role::Img,
            29 | 81 | 116 => Role::Label,
            31 | 98 | 121 => Role::List,
            32 => Role::Listitem,
            33 | 41 => Role::Menu,
            34 => Role::Menubar,
            37 => Role::Tab,
            38 => Role::Tablist,
            40 | 60 | 61 | 76 | 77 | 79 => Role::Textbox,
            42 | 103 => Role::Progressbar,
            43 | 62 | 129 => Role::Button,
            44 => Role::Radio,
            48 => Role::Scrollbar,
            50 => Role::Separator,
            15 | 51 => Role::Slider,
            52 => Role::Spinbutton,
            54 => Role::Statusbar,
            55 => Role::Table,
            56 => Role::Cell,
            63 => Role::Toolbar,
            64 => Role::Tooltip,
            65 | 66 => Role::Tree,
            82 | 92..=96 => Role::Document,
            83 => Role::Heading,
            87 | 99 | 39 => Role::Group,
            88 => Role::Link,
            90 => Role::Row,
            91 => Role::Treeitem,
            130 => Role::Switch,
            _ => Role::Generic,
        }
    }

    /// The roles of AT-SPI that may be one in the words of ARIA; some depend on what they
    /// are in.
    pub(crate) fn all_of(role: Role) -> impl Iterator<Item = Self> {
        (0..=LAST).map(Self).filter(move |atspi| atspi.may_be(role))
    }

    /// Whether it may be this in the words of ARIA.
    pub(crate) fn may_be(self, role: Role) -> bool {
        match (role, self.role()) {
            (Role::Menuitem, Role::Menu) => true,
            (wanted, is) => wanted == is,
        }
    }

    /// Whether it may only arrange what is in it, and have no place of its own.
    pub(crate) const fn arranges(self) -> bool {
        matches!(self.role(), Role::Generic | Role::Group)
    }

    /// Whether what is in it is seen only as far as it is inside its area.
    pub(crate) const fn clips(self) -> bool {
        matches!(
            self.role(),
            Role::List | Role::Table | Role::Tree | Role::Document
        ) || self.0 == Self::SCROLL_PANE.0
            || self.0 == Self::VIEWPORT.0
    }

    /// Whether it is shown in a window of its own, in front of what it belongs to.
    pub(crate) const fn pops_up(self) -> bool {
        self.0 == Self::MENU.0 || self.0 == Self::POPUP_MENU.0
    }

    /// Whether it is a button that stays pressed.
    pub(crate) const fn toggles(self) -> bool {
        self.0 == 62
    }

    /// Whether it may be checked.
    pub(crate) const fn may_be_checked(self) -> bool {
        matches!(self.role(), Role::Checkbox | Role::Radio | Role::Switch)
            || matches!(self.0, 8 | 45)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_that_toolkits_send_is_known_in_the_words_of_aria() {
        for (number, role) in [
            (7, Role::Checkbox),
            (23, Role::Window),
            (35, Role::Menuitem),
            (40, Role::Textbox),
            (43, Role::Button),
            (61, Role::Textbox),
            (20, Role::Generic),
            (1000, Role::Generic),
        ] {
            assert_eq!(AtspiRole(number).role(), role, "{number}");
        }
        let buttons: Vec<u32> = AtspiRole::all_of(Role::Button).map(|role| role.0).collect();
        assert_eq!(buttons, [43, 62, 129]);
    }
}
