//! The keyboard, by XTEST: keysyms to keycodes of the keymap that is set now.
//!
//! XTEST presses keycodes, and what a keycode means is a matter of the keymap.
//! So a key is looked up in the first group of the keymap, in its plain and its
//! shifted level. Keysyms that are not there are bound, two by two, to keycodes
//! that the keymap leaves free. Programs learn of a binding before they meet the
//! key, because X delivers `MappingNotify` and `KeyPress` in order. A binding is
//! given up again, so that the keymap stays as it was; before that, the program
//! must have read its keys (see `drain`): it would read an old key anew.

use std::collections::HashMap;

use x11rb::{
    connection::Connection,
    protocol::{
        xkb::{self, ConnectionExt as _},
        xproto::{ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, Keycode, ModMask},
    },
    rust_connection::RustConnection,
};
use xkeysym::Keysym;

use super::{Screen, XError, lock};
use crate::input::{Chord, Key};

/// XKB's name for the keyboard that the core protocol speaks of.
const CORE_KEYBOARD: u16 = 0x100;

/// How many characters are sent before waiting for the X server.
const BATCH: usize = 64;

/// The keysyms of the keypad, `KP_Space` to `KP_Equal`.
const KEYPAD: std::ops::RangeInclusive<u32> = 0xff80..=0xffbd;

/// Where a keysym is on the keyboard.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Stroke {
    keycode: Keycode,
    shift: bool,
}

/// The keymap as it was read, and our own bindings.
struct Keyboard {
    strokes: HashMap<u32, Stroke>,
    /// Keycodes without a meaning of their own.
    free: Vec<Keycode>,
    /// Keysyms that we bound.
    bound: Vec<(u32, Stroke)>,
}

impl Keyboard {
    /// Reads the keymap of the X server.
    fn read(connection: &RustConnection) -> Result<Self, XError> {
        let setup = connection.setup();
        let first = setup.min_keycode;
        let count = setup.max_keycode - first + 1;
        let map = connection.get_keyboard_mapping(first, count)?.reply()?;
        let width = usize::from(map.keysyms_per_keycode).max(1);
        Ok(Self::from_rows(first, map.keysyms.chunks(width)))
    }

    fn from_rows<'a>(first: Keycode, rows: impl Iterator<Item = &'a [u32]>) -> Self {
        let mut keyboard = Self {
            strokes: HashMap::new(),
            free: Vec::new(),
            bound: Vec::new(),
        };
        for (keycode, row) in (first..=Keycode::MAX).zip(rows) {
            if row.iter().all(|keysym| *keysym == 0) {
                keyboard.free.push(keycode);
                continue;
            }
            for (level, shift) in [(0, false), (1, true)] {
                let keysym = row.get(level).copied().unwrap_or(0);
                let stroke = Stroke { keycode, shift };
                // With Shift held, programs take a key of the keypad for another.
                let usable = !shift || !KEYPAD.contains(&keysym);
                if keysym != 0 && usable {
                    // The first key of a keysym wins: the main block comes
                    // before the odd keys of multimedia keyboards.
                    keyboard.strokes.entry(keysym).or_insert(stroke);
                }
            }
        }
        keyboard
    }

    /// How many of `keysyms`, from the first, can be typed with the bindings
    /// that there are and those that there is room for; and what is missing.
    fn first_part(&self, keysyms: &[u32]) -> (usize, Vec<u32>) {
        let room = self.free.len() * 2;
        let mut missing = Vec::new();
        for (index, keysym) in keysyms.iter().enumerate() {
            if self.strokes.contains_key(keysym) || missing.contains(keysym) {
                continue;
            }
            if missing.len() == room {
                return (index, missing);
            }
            missing.push(*keysym);
        }
        (keysyms.len(), missing)
    }
}

impl Screen {
    /// Types `text` into the window that has the focus.
    ///
    /// The caller has made sure that every character is one that
    /// [`can_type`] accepts.
    pub(in crate::server) fn type_text(&self, text: &str) -> Result<(), XError> {
        let keysyms: Vec<u32> = text.chars().map(keysym_of).collect();
        self.with_plain_keyboard(|keyboard| {
            let shift = self.stroke(keyboard, SHIFT)?.keycode;
            let mut rest = &keysyms[..];
            while !rest.is_empty() {
                let (now, later) = rest.split_at(self.prepare(keyboard, rest)?);
                for batch in now.chunks(BATCH) {
                    for keysym in batch {
                        let stroke = self.stroke(keyboard, *keysym)?;
                        let keycodes = [shift, stroke.keycode];
                        drop(self.hold(&keycodes[usize::from(!stroke.shift)..])?);
                    }
                    self.round_trip()?;
                }
                rest = later;
            }
            Ok(())
        })
    }

    /// Presses and releases one key.
    pub(in crate::server) fn press(&self, key: &Key) -> Result<(), XError> {
        self.press_together(std::slice::from_ref(key))
    }

    /// Presses the keys of a chord in their order and releases them in the
    /// opposite order.
    pub(in crate::server) fn hotkey(&self, chord: &Chord) -> Result<(), XError> {
        self.press_together(chord.keys())
    }

    /// Runs `work` with `keys` down. They go up afterwards, also when it fails.
    pub(super) fn holding<T>(
        &self,
        keys: &[Key],
        work: impl FnOnce() -> Result<T, XError>,
    ) -> Result<T, XError> {
        if keys.is_empty() {
            return work();
        }
        self.with_plain_keyboard(|keyboard| {
            let held = self.hold(&self.keycodes(keyboard, keys)?)?;
            let done = work();
            drop(held);
            let up = self.round_trip();
            let done = done?;
            up.map(|()| done)
        })
    }

    fn press_together(&self, keys: &[Key]) -> Result<(), XError> {
        self.with_plain_keyboard(|keyboard| {
            drop(self.hold(&self.keycodes(keyboard, keys)?)?);
            self.round_trip()
        })
    }

    /// What to press for `keys`, with Shift before those that need it.
    fn keycodes(&self, keyboard: &mut Keyboard, keys: &[Key]) -> Result<Vec<Keycode>, XError> {
        let mut keycodes = Vec::with_capacity(keys.len() + 1);
        for key in keys {
            let stroke = self.stroke(keyboard, key.keysym())?;
            let shift = self.stroke(keyboard, SHIFT)?.keycode;
            if stroke.shift && !keycodes.contains(&shift) {
                keycodes.push(shift);
            }
            keycodes.push(stroke.keycode);
        }
        Ok(keycodes)
    }

    /// Presses keys, which are down as long as the answer is kept.
    fn hold(&self, keycodes: &[Keycode]) -> Result<Held<'_>, XError> {
        let mut down = Held {
            screen: self,
            keycodes: Vec::with_capacity(keycodes.len()),
        };
        for keycode in keycodes {
            down.press(*keycode)?;
        }
        Ok(down)
    }

    /// Runs `work` with the first group active and Caps Lock off, as if it were
    /// a fresh keyboard, and puts both back afterwards, also when `work` fails.
    fn with_plain_keyboard<T>(
        &self,
        work: impl FnOnce(&mut Keyboard) -> Result<T, XError>,
    ) -> Result<T, XError> {
        let _alone = lock(&self.typing);
        let mut keyboard = Keyboard::read(&self.connection)?;
        let before = self.connection.xkb_get_state(CORE_KEYBOARD)?.reply()?;
        let caps = before.locked_mods & ModMask::LOCK;
        let changed = u8::from(before.locked_group) != 0 || u16::from(caps) != 0;
        if changed {
            self.lock_state(ModMask::from(0_u16), xkb::Group::M1)?;
        }
        let done = work(&mut keyboard);
        let tidied = self.give_up_bindings(&mut keyboard);
        if changed {
            self.lock_state(caps, before.locked_group)?;
        }
        let done = done?;
        tidied.map(|()| done)
    }

    fn lock_state(&self, caps: ModMask, group: xkb::Group) -> Result<(), XError> {
        let none = ModMask::from(0_u16);
        self.connection
            .xkb_latch_lock_state(
                CORE_KEYBOARD,
                ModMask::LOCK,
                caps,
                true,
                group,
                none,
                false,
                0,
            )?
            .check()?;
        Ok(())
    }

    fn stroke(&self, keyboard: &mut Keyboard, keysym: u32) -> Result<Stroke, XError> {
        if !keyboard.strokes.contains_key(&keysym) {
            self.prepare(keyboard, &[keysym])?;
        }
        let full = || XError::Request("the keymap has no free key to type with".to_owned());
        keyboard.strokes.get(&keysym).copied().ok_or_else(full)
    }

    /// Binds what is missing of `keysyms`, as far as there is room; answers how
    /// many of them, from the first, can be typed now: at least one.
    fn prepare(&self, keyboard: &mut Keyboard, keysyms: &[u32]) -> Result<usize, XError> {
        let (mut ready, mut missing) = keyboard.first_part(keysyms);
        if ready == 0 {
            self.give_up_bindings(keyboard)?;
            (ready, missing) = keyboard.first_part(keysyms);
        }
        for pair in missing.chunks(2) {
            let Some(keycode) = keyboard.free.pop() else {
                break;
            };
            let (plain, shifted) = (pair[0], pair[pair.len() - 1]);
            self.connection
                .change_keyboard_mapping(1, keycode, 2, &[plain, shifted])?
                .check()?;
            // Alone, a keysym stands in both levels and is found in the plain one.
            for (keysym, shift) in [(shifted, plain != shifted), (plain, false)] {
                let stroke = Stroke { keycode, shift };
                if keyboard.strokes.insert(keysym, stroke).is_none() {
                    keyboard.bound.push((keysym, stroke));
                }
            }
        }
        Ok(ready.max(1))
    }

    /// Makes the keycodes that we bound free again, once their keys are read.
    fn give_up_bindings(&self, keyboard: &mut Keyboard) -> Result<(), XError> {
        if keyboard.bound.is_empty() {
            return Ok(());
        }
        self.drain()?;
        for (keysym, Stroke { keycode, .. }) in std::mem::take(&mut keyboard.bound) {
            keyboard.strokes.remove(&keysym);
            if !keyboard.free.contains(&keycode) {
                self.connection
                    .change_keyboard_mapping(1, keycode, 1, &[0])?
                    .check()?;
                keyboard.free.push(keycode);
            }
        }
        Ok(())
    }
}

/// Keys that are down. They go up in the opposite order, whatever happens.
struct Held<'s> {
    screen: &'s Screen,
    keycodes: Vec<Keycode>,
}

impl Held<'_> {
    fn press(&mut self, keycode: Keycode) -> Result<(), XError> {
        self.screen.fake(KEY_PRESS_EVENT, keycode, (0, 0))?;
        self.keycodes.push(keycode);
        Ok(())
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        for keycode in self.keycodes.iter().rev() {
            // Without a connection there is no key either.
            let _ = self.screen.fake(KEY_RELEASE_EVENT, *keycode, (0, 0));
        }
    }
}

/// `Shift_L`.
const SHIFT: u32 = 0xffe1;

/// Whether a character can be typed: everything but control characters other
/// than tab and newline.
pub(in crate::server) fn can_type(char: char) -> bool {
    matches!(char, '\n' | '\t') || !char.is_control()
}

fn keysym_of(char: char) -> u32 {
    match char {
        '\n' => 0xff0d,
        '\t' => 0xff09,
        other => Keysym::from_char(other).raw(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> Keyboard {
        let rows: [&[u32]; 4] = [
            &[0x7a, 0x5a, 0, 0],     // z Z
            &[0x37, 0x2f, 0x7b, 0],  // 7 / {
            &[0, 0, 0, 0],           // free
            &[0xffe1, 0, 0xffe1, 0], // Shift_L
        ];
        Keyboard::from_rows(20, rows.into_iter())
    }

    #[test]
    fn plain_and_shifted_levels_are_found() {
        let keyboard = german();
        let expect = |keycode, shift| Some(Stroke { keycode, shift });
        assert_eq!(keyboard.strokes.get(&0x7a).copied(), expect(20, false));
        assert_eq!(keyboard.strokes.get(&0x2f).copied(), expect(21, true));
    }

    #[test]
    fn deeper_levels_are_left_to_a_binding_and_free_keys_are_known() {
        let keyboard = german();
        assert_eq!(keyboard.strokes.get(&0x7b), None);
        assert_eq!(keyboard.free, [22]);
    }

    #[test]
    fn control_characters_cannot_be_typed() {
        assert!("tab\tline\n é 漢 🙂".chars().all(can_type));
        assert!(!"\u{1b}\u{7}\r".chars().any(can_type));
    }
}
