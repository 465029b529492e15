//! The keyboard, by XTEST: keysyms to keycodes of the keymap that is set now.
//!
//! XTEST presses keycodes, and what a keycode means is a matter of the keymap.
//! So a key is looked up in the group that is active, then in the others, which
//! are locked while it goes down, each in its plain and its shifted level.
//! Keysyms that are nowhere are bound to keycodes that the keymap leaves free
//! (see `bindings`). Programs learn of a binding before they meet the key,
//! because X delivers `MappingNotify` and `KeyPress` in order.

mod bindings;
mod keymap;
mod symbols;

use std::sync::MutexGuard;

use tokio_util::sync::CancellationToken;
use x11rb::protocol::{
    xkb::{self, ConnectionExt as _},
    xproto::{ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, Keycode, ModMask},
};

pub(super) use self::bindings::Bindings;
pub(in crate::server) use self::symbols::can_type;
use self::{
    keymap::{Keymap, Stroke},
    symbols::{CAPS_LOCK, SHIFT, keysym_of},
};
use super::{Screen, XError, lock};
use crate::input::{Chord, Key};

/// XKB's name for the keyboard that the core protocol speaks of.
const CORE_KEYBOARD: u16 = 0x100;

/// How many characters are sent before waiting for the X server, and before
/// asking whether anybody still wants the text.
const BATCH: usize = 64;

impl Screen {
    /// Types `text` into the window that has the focus, until `unwanted`.
    ///
    /// The caller has made sure that every character is one that
    /// [`can_type`] accepts.
    pub(in crate::server) fn type_text(
        &self,
        text: &str,
        unwanted: &CancellationToken,
    ) -> Result<(), XError> {
        let keysyms: Vec<u32> = text.chars().map(keysym_of).collect();
        self.with_keyboard(&[], |keyboard| {
            let mut rest = &keysyms[..];
            while !rest.is_empty() {
                if unwanted.is_cancelled() {
                    return Ok(());
                }
                let (now, later) = rest.split_at(keyboard.prepare(rest, false)?);
                for batch in now.chunks(BATCH) {
                    if unwanted.is_cancelled() {
                        return Ok(());
                    }
                    for keysym in batch {
                        drop(keyboard.hold(&[*keysym], false)?);
                    }
                    keyboard.sent()?;
                }
                rest = later;
            }
            Ok(())
        })
    }

    /// Presses and releases one key, unless it is `unwanted` by then; answers
    /// whether anybody got it.
    pub(in crate::server) fn press(
        &self,
        key: &Key,
        unwanted: &CancellationToken,
    ) -> Result<bool, XError> {
        self.press_together(std::slice::from_ref(key), unwanted)
    }

    /// Presses the keys of a chord in their order and releases them in the
    /// opposite order, unless it is `unwanted` by then; returns whether anybody
    /// got it.
    pub(in crate::server) fn hotkey(
        &self,
        chord: &Chord,
        unwanted: &CancellationToken,
    ) -> Result<bool, XError> {
        self.press_together(chord.keys(), unwanted)
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
        let keysyms = keysyms(keys);
        self.with_keyboard(&keysyms, |keyboard| {
            keyboard.prepare_all(&keysyms)?;
            let held = keyboard.hold(&keysyms, true)?;
            let done = work();
            drop(held);
            let up = keyboard.sent();
            let done = done?;
            up.map(|()| done)
        })
    }

    /// Presses a key, which stays down; returns the keycodes of it.
    pub(super) fn keep_down(&self, key: &Key) -> Result<Vec<Keycode>, XError> {
        let keysyms = [key.keysym()];
        self.with_keyboard(&keysyms, |keyboard| {
            keyboard.prepare_all(&keysyms)?;
            let keycodes = keyboard.hold(&keysyms, true)?.kept();
            keyboard.sent()?;
            Ok(keycodes)
        })
    }

    fn press_together(&self, keys: &[Key], unwanted: &CancellationToken) -> Result<bool, XError> {
        let keysyms = keysyms(keys);
        self.with_keyboard(&keysyms, |keyboard| {
            keyboard.prepare_all(&keysyms)?;
            if unwanted.is_cancelled() {
                return Ok(false);
            }
            let strokes = keysyms.iter().map(|keysym| keyboard.stroke(*keysym, true));
            let keycodes = strokes.map(|stroke| Ok(stroke?.keycode));
            let heard = self.is_heard(&keycodes.collect::<Result<Vec<_>, XError>>()?)?;
            drop(keyboard.hold(&keysyms, true)?);
            keyboard.sent()?;
            Ok(heard)
        })
    }

    /// Runs `work` with the keyboard, for keys like `keysyms`, with Caps Lock
    /// off. Puts it and the active group back afterwards, also when `work` fails.
    fn with_keyboard<T>(
        &self,
        keysyms: &[u32],
        work: impl FnOnce(&mut Keyboard<'_>) -> Result<T, XError>,
    ) -> Result<T, XError> {
        let mut bindings = lock(&self.typing);
        let before = self.connection.xkb_get_state(CORE_KEYBOARD)?.reply()?;
        // Whoever presses Caps Lock wants to change it.
        let caps = if keysyms.contains(&CAPS_LOCK) {
            ModMask::from(0_u16)
        } else {
            before.locked_mods & ModMask::LOCK
        };
        let others = ModMask::from(u16::from(before.locked_mods) & !u16::from(ModMask::LOCK));
        let active = u8::from(before.group);
        let mut keymap = Keymap::read(&self.connection, active, others)?;
        bindings.compare_with(&keymap);
        keymap.learn(&bindings.keycodes());
        let caps_on = u16::from(caps) != 0;
        if caps_on {
            self.lock_caps(ModMask::from(0_u16))?;
        }
        let mut keyboard = Keyboard {
            screen: self,
            group: active,
            used_ours: false,
            keymap,
            bindings,
        };
        let done = work(&mut keyboard);
        let changed = keyboard.group != active;
        drop(keyboard);
        if changed {
            self.lock_group(u8::from(before.locked_group))?;
        }
        if caps_on {
            self.lock_caps(caps)?;
        }
        if changed || caps_on {
            self.round_trip()?;
        }
        done
    }

    fn lock_caps(&self, caps: ModMask) -> Result<(), XError> {
        let none = ModMask::from(0_u16);
        let unchanged = xkb::Group::M1;
        self.connection.xkb_latch_lock_state(
            CORE_KEYBOARD,
            ModMask::LOCK,
            caps,
            false,
            unchanged,
            none,
            false,
            0,
        )?;
        Ok(())
    }

    fn lock_group(&self, group: u8) -> Result<(), XError> {
        let none = ModMask::from(0_u16);
        let group = xkb::Group::from(group);
        self.connection.xkb_latch_lock_state(
            CORE_KEYBOARD,
            none,
            none,
            true,
            group,
            none,
            false,
            0,
        )?;
        Ok(())
    }
}

/// The keyboard while somebody works it.
struct Keyboard<'s> {
    screen: &'s Screen,
    keymap: Keymap,
    bindings: MutexGuard<'s, Bindings>,
    /// The group that is locked now.
    group: u8,
    /// Whether keys of ours were pressed since the last look at who got them.
    used_ours: bool,
}

impl Keyboard<'_> {
    /// Binds what is missing of `keysyms`, as far as there is room; returns how
    /// many of them, from the first, can be typed now: at least one. `alone` is
    /// meant as in [`Bindings::stroke`].
    fn prepare(&mut self, keysyms: &[u32], alone: bool) -> Result<usize, XError> {
        let prepared = self.bindings.prepare(&self.keymap, keysyms, alone);
        if prepared.ready == 0 {
            let problem = "the keymap has no free key to type with";
            return Err(XError::Request(problem.to_owned()));
        }
        if prepared.drain {
            self.screen.drain(&self.bindings.take_receivers())?;
        }
        // All at once: one wait for the X server.
        let connection = &self.screen.connection;
        let changed = !prepared.bind.is_empty();
        let mut requests = Vec::with_capacity(prepared.bind.len());
        for binding in prepared.bind {
            let keysyms = &binding.keysyms;
            let request = connection.change_keyboard_mapping(1, binding.keycode, 2, keysyms)?;
            requests.push((request, binding));
        }
        for (request, binding) in requests {
            request.check()?;
            self.bindings.add(binding);
        }
        if changed {
            self.screen.keymap_changed()?;
        }
        Ok(prepared.ready)
    }

    fn prepare_all(&mut self, keysyms: &[u32]) -> Result<(), XError> {
        if self.prepare(keysyms, true)? < keysyms.len() {
            let problem = "the keymap does not have enough free keys for this hotkey";
            return Err(XError::Request(problem.to_owned()));
        }
        Ok(())
    }

    fn stroke(&self, keysym: u32, alone: bool) -> Result<Stroke, XError> {
        let ours = || self.bindings.stroke(keysym, alone);
        let lost = || XError::Request(format!("no key produces the keysym {keysym:#x}"));
        self.keymap.stroke(keysym).or_else(ours).ok_or_else(lost)
    }

    /// Presses keys, with Shift before those that need it. They are down as long
    /// as the answer is kept.
    fn hold(&mut self, keysyms: &[u32], alone: bool) -> Result<Held<'_>, XError> {
        let shift = self.stroke(SHIFT, true)?;
        let mut down = Held {
            screen: self.screen,
            keycodes: Vec::with_capacity(keysyms.len() + 1),
        };
        for keysym in keysyms {
            let stroke = self.stroke(*keysym, alone)?;
            self.used_ours |= self.bindings.stroke(*keysym, alone) == Some(stroke);
            if let Some(group) = stroke.group.filter(|group| *group != self.group) {
                self.screen.lock_group(group)?;
                self.group = group;
            }
            if stroke.shift && !down.keycodes.contains(&shift.keycode) {
                down.press(shift.keycode)?;
            }
            down.press(stroke.keycode)?;
        }
        Ok(down)
    }

    /// Waits until the X server has done what was sent, and remembers who got it.
    fn sent(&mut self) -> Result<(), XError> {
        if !std::mem::take(&mut self.used_ours) {
            return self.screen.round_trip();
        }
        if let Some(window) = self.screen.receiver()? {
            self.bindings.sent_to(window);
        }
        Ok(())
    }
}

fn keysyms(keys: &[Key]) -> Vec<u32> {
    keys.iter().map(Key::keysym).collect()
}

/// Keys that are down. They go up in the opposite order, whatever happens.
struct Held<'s> {
    screen: &'s Screen,
    keycodes: Vec<Keycode>,
}

impl Held<'_> {
    /// Leaves the keys down.
    fn kept(mut self) -> Vec<Keycode> {
        std::mem::take(&mut self.keycodes)
    }

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
