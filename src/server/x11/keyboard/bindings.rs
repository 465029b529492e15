//! What is bound to keycodes that the keymap leaves free.
//!
//! Bindings stay from one call to the next: a program translates a keycode when
//! it reads the key, which may be long after we sent it, so a keycode must keep
//! its meaning until then. One is given another meaning only when no free one
//! is left, the one that was used longest ago first.

use x11rb::protocol::xproto::{Keycode, Window as XWindow};

use super::{
    keymap::{Keymap, Stroke},
    symbols::{canonical, pair_of},
};

/// A keycode that we gave a meaning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Binding {
    pub(super) keycode: Keycode,
    /// Plain, and with Shift.
    pub(super) keysyms: [u32; 2],
    /// Whether the two share the key only to save room: Shift does not make the
    /// one from the other.
    packed: bool,
    /// When it was used last, by our own clock.
    used: u64,
}

impl Binding {
    fn level(&self, keysym: u32) -> Option<usize> {
        self.keysyms.iter().position(|bound| *bound == keysym)
    }
}

/// All of them, and who may still have to read keys of theirs.
#[derive(Debug, Default)]
pub(in crate::server::x11) struct Bindings {
    bound: Vec<Binding>,
    clock: u64,
    /// Keys that were used until then have been read by whoever they were for.
    read: u64,
    /// The windows that got keys of ours since.
    receivers: Vec<XWindow>,
}

/// What is to be done before some keys can be pressed.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Preparation {
    /// How many of the keysyms, from the first, can be typed then.
    pub(super) ready: usize,
    /// New meanings of keycodes.
    pub(super) bind: Vec<Binding>,
    /// Whether the receivers must have read their keys before that.
    pub(super) drain: bool,
}

impl Bindings {
    /// Forgets the bindings that the keymap no longer has, because somebody replaced it.
    pub(super) fn compare_with(&mut self, keymap: &Keymap) {
        self.bound
            .retain(|binding| keymap.meaning(binding.keycode) == Some(binding.keysyms));
    }

    pub(super) fn keycodes(&self) -> Vec<Keycode> {
        self.bound.iter().map(|binding| binding.keycode).collect()
    }

    /// The key that a keysym is bound to. `alone` leaves out those that Shift
    /// does not belong to, as a chord needs it.
    pub(super) fn stroke(&self, keysym: u32, alone: bool) -> Option<Stroke> {
        let (binding, level) = find(&self.bound, canonical(keysym), alone)?;
        Some(Stroke {
            keycode: binding.keycode,
            shift: level == 1,
            group: None,
        })
    }

    /// Says what to bind so that as many of `keysyms` as possible, from the
    /// first, can be typed. `alone` is meant as in [`Bindings::stroke`].
    pub(super) fn prepare(&mut self, keymap: &Keymap, keysyms: &[u32], alone: bool) -> Preparation {
        self.clock += 1;
        let taken = self.keycodes();
        let free = keymap.free().iter();
        let room = taken.len() + free.filter(|keycode| !taken.contains(keycode)).count();
        let mut fresh: Vec<Binding> = Vec::new();
        let mut kept = 0;
        let mut ready = keysyms.len();
        for (index, keysym) in keysyms.iter().enumerate() {
            let keysym = canonical(*keysym);
            if keymap.stroke(keysym).is_some() || find(&fresh, keysym, alone).is_some() {
                continue;
            }
            if let Some((used, _)) = position(&self.bound, keysym, alone) {
                let binding = &mut self.bound[used];
                let counted = binding.used == self.clock;
                if !counted && fresh.len() + kept == room {
                    ready = index;
                    break;
                }
                kept += usize::from(!counted);
                binding.used = self.clock;
            } else if !joined(&mut fresh, keysym, alone) {
                if fresh.len() + kept == room {
                    ready = index;
                    break;
                }
                fresh.push(Binding {
                    keycode: 0,
                    keysyms: pair_of(keysym).unwrap_or([keysym; 2]),
                    packed: false,
                    used: self.clock,
                });
            }
        }
        let drain = self.place(&mut fresh, keymap);
        Preparation {
            ready,
            bind: fresh,
            drain,
        }
    }

    /// Finds keycodes for new bindings; returns whether one of them had another
    /// meaning that somebody may still have to read.
    fn place(&mut self, fresh: &mut [Binding], keymap: &Keymap) -> bool {
        let taken = self.keycodes();
        let free = keymap.free().iter().rev();
        let mut free = free.filter(|keycode| !taken.contains(keycode));
        self.bound.sort_by_key(|binding| binding.used);
        let mut oldest = self.bound.iter();
        let mut given_up = 0;
        let mut unread = false;
        for binding in fresh.iter_mut() {
            if let Some(keycode) = free.next() {
                binding.keycode = *keycode;
            } else if let Some(old) = oldest.next() {
                binding.keycode = old.keycode;
                given_up += 1;
                unread |= old.used > self.read;
            }
        }
        self.bound.drain(..given_up);
        unread
    }

    /// Remembers a binding that the X server now has.
    pub(super) fn add(&mut self, binding: Binding) {
        self.bound.push(binding);
    }

    /// Remembers who got keys.
    pub(super) fn sent_to(&mut self, window: XWindow) {
        if !self.receivers.contains(&window) {
            self.receivers.push(window);
        }
    }

    /// Who received keys since they were last known to be read. The caller makes sure that they
    /// read all keys that were sent before this preparation.
    pub(super) fn take_receivers(&mut self) -> Vec<XWindow> {
        self.read = self.clock - 1;
        std::mem::take(&mut self.receivers)
    }
}

fn position(bound: &[Binding], keysym: u32, alone: bool) -> Option<(usize, usize)> {
    let mut bound = bound.iter().enumerate();
    bound.find_map(|(index, binding)| {
        let level = binding.level(keysym).filter(|_| !(alone && binding.packed));
        level.map(|level| (index, level))
    })
}

fn find(bound: &[Binding], keysym: u32, alone: bool) -> Option<(&Binding, usize)> {
    position(bound, keysym, alone).map(|(index, level)| (&bound[index], level))
}

/// Puts a keysym that goes with no other beside one of its kind, if it may.
fn joined(fresh: &mut [Binding], keysym: u32, alone: bool) -> bool {
    if alone || pair_of(keysym).is_some() {
        return false;
    }
    let mut fresh = fresh.iter_mut();
    let single = fresh.find(|binding| binding.keysyms[0] == binding.keysyms[1]);
    single.is_some_and(|binding| {
        binding.keysyms[1] = keysym;
        binding.packed = true;
        true
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::x11::keyboard::{keymap::tests::with_free, symbols::keysym_of};

    fn keysyms(text: &str) -> Vec<u32> {
        text.chars().map(keysym_of).collect()
    }

    /// Binds what a text needs; returns how much of it can be typed, and whether
    /// keys had to be read before.
    fn bind(bindings: &mut Bindings, keymap: &Keymap, text: &str) -> (usize, bool) {
        let prepared = bindings.prepare(keymap, &keysyms(text), false);
        let drained = prepared.drain;
        if drained {
            bindings.take_receivers();
        }
        for binding in prepared.bind {
            bindings.add(binding);
        }
        (prepared.ready, drained)
    }

    fn stroke(bindings: &Bindings, char: char) -> Option<(Keycode, bool)> {
        let stroke = bindings.stroke(keysym_of(char), false)?;
        Some((stroke.keycode, stroke.shift))
    }

    #[test]
    fn what_the_keymap_has_is_not_bound() {
        let mut bindings = Bindings::default();
        assert_eq!(bind(&mut bindings, &with_free(2), "bBb"), (3, false));
        assert_eq!(bindings.keycodes(), [0; 0]);
    }

    #[test]
    fn a_text_is_bound_at_once_and_two_characters_share_a_key() {
        let mut bindings = Bindings::default();
        assert_eq!(bind(&mut bindings, &with_free(3), "字Žž本{"), (5, false));
        assert_eq!(stroke(&bindings, '字'), Some((23, false)));
        assert_eq!(stroke(&bindings, '本'), Some((23, true)));
        assert_eq!(stroke(&bindings, 'Ž'), Some((22, true)));
        assert_eq!(stroke(&bindings, '['), Some((21, false)));
        assert_eq!(bind(&mut bindings, &with_free(3), "本字"), (2, false));
    }

    #[test]
    fn a_chord_does_not_take_a_key_that_shift_makes_another_of() {
        let mut bindings = Bindings::default();
        bind(&mut bindings, &with_free(3), "字本é");
        assert_eq!(bindings.stroke(keysym_of('字'), true), None);
        assert!(bindings.stroke(keysym_of('é'), true).is_some());
        let prepared = bindings.prepare(&with_free(3), &keysyms("本"), true);
        assert_eq!(prepared.bind[0].keysyms, [keysym_of('本'); 2]);
    }

    #[test]
    fn the_key_used_longest_ago_gets_a_new_meaning_once_it_was_read() {
        let (mut bindings, keymap) = (Bindings::default(), with_free(2));
        assert_eq!(bind(&mut bindings, &keymap, "é"), (1, false));
        assert_eq!(bind(&mut bindings, &keymap, "ž"), (1, false));
        assert_eq!(bind(&mut bindings, &keymap, "é"), (1, false));
        assert_eq!(bind(&mut bindings, &keymap, "ñ"), (1, true));
        assert_eq!(stroke(&bindings, 'ž'), None);
        assert_eq!(stroke(&bindings, 'é'), Some((22, false)));
        // All that was used before has been read by now.
        assert_eq!(bind(&mut bindings, &keymap, "ő"), (1, false));
        assert_eq!(bind(&mut bindings, &keymap, "ç"), (1, true));
    }

    #[test]
    fn a_text_with_more_characters_than_room_is_bound_in_parts() {
        let (mut bindings, keymap) = (Bindings::default(), with_free(2));
        let text = "字本b漢語é字";
        assert_eq!(bind(&mut bindings, &keymap, text), (5, false));
        assert_eq!(bind(&mut bindings, &keymap, "é字"), (2, true));
    }

    #[test]
    fn nothing_can_be_typed_without_room() {
        let mut bindings = Bindings::default();
        assert_eq!(bind(&mut bindings, &with_free(0), "bé"), (1, false));
    }

    #[test]
    fn a_keymap_that_was_replaced_has_no_bindings() {
        let (mut bindings, keymap) = (Bindings::default(), with_free(2));
        bind(&mut bindings, &keymap, "é");
        bindings.compare_with(&keymap);
        assert_eq!(bindings.keycodes(), [0; 0]);
    }
}
