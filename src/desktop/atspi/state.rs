//! The states of AT-SPI and what they are in the words of the API.
//!
//! The numbers are those of `AtspiStateType` in at-spi2-core; a set of states travels as
//! two numbers of 32 bits, the lower one first.

use super::role::AtspiRole;
use crate::widget::{Checked, States};

/// A set of states.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct AtspiStates(u64);

/// A state, by its place in the set.
#[derive(Clone, Copy)]
pub(crate) enum State {
    Checked = 4,
    Defunct = 6,
    Editable = 7,
    Enabled = 8,
    Expandable = 9,
    Expanded = 10,
    Focused = 12,
    Pressed = 20,
    Selectable = 22,
    Selected = 23,
    Sensitive = 24,
    Showing = 25,
    Visible = 30,
    Indeterminate = 32,
    ReadOnly = 43,
}

impl AtspiStates {
    /// The set that travels as these numbers.
    pub(crate) fn of(numbers: &[u32]) -> Self {
        let number = |at: usize| u64::from(numbers.get(at).copied().unwrap_or_default());
        Self(number(0) | number(1) << 32)
    }

    pub(crate) const fn has(self, state: State) -> bool {
        self.0 & (1 << state as u64) != 0
    }

    /// What they are for a widget of this role.
    pub(crate) fn states(self, role: AtspiRole) -> States {
        let checked = || {
            if self.has(State::Indeterminate) {
                Checked::Mixed
            } else if self.has(State::Checked) {
                Checked::Yes
            } else {
                Checked::No
            }
        };
        let selectable = self.has(State::Selectable) || self.has(State::Selected);
        let expandable = self.has(State::Expandable) || self.has(State::Expanded);
        let pressed = self.has(State::Pressed) || self.has(State::Checked);
        let editable = self.has(State::Editable) && !self.has(State::ReadOnly);
        let says_so = self.has(State::Editable) || self.has(State::ReadOnly);
        States {
            checked: role.may_be_checked().then(checked),
            selected: selectable.then(|| self.has(State::Selected)),
            // GTK 4 says only the second.
            enabled: Some(self.has(State::Enabled) || self.has(State::Sensitive)),
            focused: Some(self.has(State::Focused)),
            expanded: expandable.then(|| self.has(State::Expanded)),
            pressed: role.toggles().then_some(pressed),
            editable: says_so.then_some(editable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(states: &[State]) -> AtspiStates {
        AtspiStates(states.iter().fold(0, |set, state| set | 1 << *state as u64))
    }

    #[test]
    fn a_set_of_states_travels_as_two_numbers() {
        let set = AtspiStates::of(&[1 << 25 | 1 << 30, 1 << 11]);
        assert!(set.has(State::Showing) && set.has(State::Visible) && set.has(State::ReadOnly));
        assert!(!set.has(State::Checked));
        assert_eq!(AtspiStates::of(&[]), AtspiStates::default());
    }

    #[test]
    fn a_state_is_told_where_a_widget_can_be_in_it() {
        let checkbox = AtspiRole(7);
        let states = set(&[State::Sensitive]).states(checkbox);
        assert_eq!(states.checked, Some(Checked::No));
        assert_eq!(states.enabled, Some(true));
        assert_eq!((states.selected, states.pressed), (None, None));
        let mixed = set(&[State::Checked, State::Indeterminate]).states(checkbox);
        assert_eq!(mixed.checked, Some(Checked::Mixed));
        let toggle = set(&[State::Checked]).states(AtspiRole(62));
        assert_eq!((toggle.pressed, toggle.checked), (Some(true), None));
    }
}
