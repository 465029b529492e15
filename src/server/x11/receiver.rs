//! Whether anybody gets a key that is pressed now: the window that has the
//! keyboard, a program that has taken it for itself, or one that has asked for
//! just this chord, as window managers do.

use x11rb::{
    errors::ReplyError,
    protocol::xproto::{ConnectionExt as _, GrabMode, GrabStatus, Keycode, ModMask},
};

use super::{Screen, XError};

impl Screen {
    /// Whether anybody gets a chord of these keys.
    pub(super) fn is_heard(&self, keycodes: &[Keycode]) -> Result<bool, XError> {
        let focus = self.focused()?;
        Ok(self.is_shown(focus)?
            || self.is_keyboard_grabbed()?
            || self.is_chord_grabbed(keycodes)?)
    }

    /// Whether a program has taken the keyboard for itself alone. X11 tells it only
    /// to one that tries the same, so this is asked where nobody has the focus:
    /// nobody sees it come and go then.
    pub(super) fn is_keyboard_grabbed(&self) -> Result<bool, XError> {
        let (now, mode) = (x11rb::CURRENT_TIME, GrabMode::ASYNC);
        let tried = self
            .connection
            .grab_keyboard(true, self.root, now, mode, mode)?
            .reply()?;
        if tried.status == GrabStatus::SUCCESS {
            self.connection.ungrab_keyboard(now)?;
        }
        Ok(tried.status == GrabStatus::ALREADY_GRABBED)
    }

    /// Whether a program has asked for this chord wherever the focus is: then X11
    /// refuses it to everybody else.
    fn is_chord_grabbed(&self, keycodes: &[Keycode]) -> Result<bool, XError> {
        let Some((key, held)) = keycodes.split_last() else {
            return Ok(false);
        };
        let mapping = self.connection.get_modifier_mapping()?.reply()?;
        let width = usize::from(mapping.keycodes_per_modifier()).max(1);
        let rows = mapping.keycodes.chunks(width).enumerate();
        let bits = rows.filter(|(_, row)| row.iter().any(|keycode| held.contains(keycode)));
        let modifiers = bits.fold(0_u16, |mask, (bit, _)| mask | 1 << bit);
        let (modifiers, mode) = (ModMask::from(modifiers), GrabMode::ASYNC);
        let tried = self
            .connection
            .grab_key(true, self.root, modifiers, *key, mode, mode)?
            .check();
        match tried {
            Ok(()) => {
                self.connection.ungrab_key(*key, self.root, modifiers)?;
                Ok(false)
            }
            Err(ReplyError::X11Error(_)) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }
}
