//! Keys and buttons that stay down from one call to another.

use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, KEY_RELEASE_EVENT, Keycode,
};

use super::{Screen, XError, lock};
use crate::{
    desktop::wire::Holding,
    geometry::Point,
    input::{Button, Key},
};

/// What is down, in the order in which it went down.
#[derive(Default)]
pub(super) struct Down {
    /// Each key with the keycodes that were pressed for it.
    keys: Vec<(Key, Vec<Keycode>)>,
    buttons: Vec<Button>,
}

impl Down {
    /// The bits of the buttons in the state of the pointer.
    pub(super) fn mask(&self) -> u16 {
        let bits = self.buttons.iter().map(|button| 0x80 << button.number());
        bits.fold(0, |mask, bit: u16| mask | bit)
    }
}

impl Screen {
    /// Presses keys and a button, or lets them go; returns where the pointer then is.
    /// What does not all go down is let go.
    pub(in crate::server) fn hold(&self, wanted: &Holding) -> Result<Point, XError> {
        let _alone = self.pointer_alone();
        let place = match wanted.at {
            Some(point) => self.go(point)?,
            None => self.pointer()?,
        };
        let mut down = lock(&self.held);
        if wanted.down {
            let (keys, buttons) = (down.keys.len(), down.buttons.len());
            if let Err(error) = self.take(wanted, &mut down) {
                self.let_go(&mut down, |at| at < keys, |at| at < buttons)?;
                return Err(error);
            }
        } else {
            let is_key: Vec<bool> = down
                .keys
                .iter()
                .map(|(key, _)| wanted.keys.contains(key))
                .collect();
            let is_button: Vec<bool> = down
                .buttons
                .iter()
                .map(|button| wanted.button == Some(*button))
                .collect();
            self.let_go(&mut down, |at| !is_key[at], |at| !is_button[at])?;
        }
        self.round_trip()?;
        Ok(place)
    }

    /// Keys first: a button that goes down with them means something else.
    fn take(&self, wanted: &Holding, down: &mut Down) -> Result<(), XError> {
        for key in &wanted.keys {
            if !down.keys.iter().any(|(held, _)| held == key) {
                let keycodes = self.keep_down(key)?;
                down.keys.push((key.clone(), keycodes));
            }
        }
        if let Some(button) = wanted.button
            && !down.buttons.contains(&button)
        {
            self.fake(BUTTON_PRESS_EVENT, button.number(), (0, 0))?;
            down.buttons.push(button);
        }
        Ok(())
    }

    /// Lets go what does not stay, what went down last first.
    fn let_go(
        &self,
        down: &mut Down,
        key_stays: impl Fn(usize) -> bool,
        button_stays: impl Fn(usize) -> bool,
    ) -> Result<(), XError> {
        for at in (0..down.buttons.len())
            .rev()
            .filter(|at| !button_stays(*at))
        {
            let button = down.buttons.remove(at);
            self.fake(BUTTON_RELEASE_EVENT, button.number(), (0, 0))?;
        }
        for at in (0..down.keys.len()).rev().filter(|at| !key_stays(*at)) {
            let (_, keycodes) = down.keys.remove(at);
            for keycode in keycodes.into_iter().rev() {
                self.fake(KEY_RELEASE_EVENT, keycode, (0, 0))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_buttons_are_those_of_the_core_protocol() {
        let down = Down {
            keys: Vec::new(),
            buttons: vec![Button::Left, Button::Right],
        };
        assert_eq!(down.mask(), 0x100 | 0x400);
        assert_eq!(Down::default().mask(), 0);
    }
}
