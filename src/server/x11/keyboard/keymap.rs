//! The keymap that is set now, read by XKB.
//!
//! A key has one to four groups (one for each layout) and in each a type, which
//! says which modifiers lead to which of its symbols. The core protocol's view of
//! it hides the types, so a second symbol looks as if Shift made it, which is
//! wrong for `Print` (Alt makes it `Sys_Req`).

use std::collections::HashMap;

use x11rb::{
    protocol::{
        xkb::{ConnectionExt as _, GetMapMap, KeySymMap, KeyType, MapPart, VMod},
        xproto::{Keycode, ModMask},
    },
    rust_connection::RustConnection,
};

use super::{
    CORE_KEYBOARD,
    symbols::{KEYPAD, canonical},
};
use crate::server::x11::XError;

/// Where a keysym is on the keyboard.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Stroke {
    pub(super) keycode: Keycode,
    pub(super) shift: bool,
    /// The group that must be active; `None` where it makes no difference.
    pub(super) group: Option<u8>,
}

/// What a key means in one group: plain, and with Shift alone.
type Meaning = [u32; 2];

/// One key: what it means in each of its groups.
#[derive(Debug)]
struct Row {
    keycode: Keycode,
    groups: Vec<Meaning>,
    /// What a group means that the key does not have.
    beyond: Beyond,
}

/// XKB's three ways to bring a group within those that a key has.
#[derive(Clone, Copy, Debug)]
enum Beyond {
    Wrap,
    Clamp,
    Redirect(u8),
}

impl Row {
    fn meaning(&self, group: u8) -> Meaning {
        let count = self.groups.len();
        let group = usize::from(group);
        let within = match self.beyond {
            _ if group < count => group,
            Beyond::Wrap => group % count.max(1),
            Beyond::Clamp => count.saturating_sub(1),
            Beyond::Redirect(to) => Some(usize::from(to)).filter(|to| *to < count).unwrap_or(0),
        };
        self.groups.get(within).copied().unwrap_or_default()
    }
}

/// The keymap, with one group active and perhaps modifiers locked.
pub(super) struct Keymap {
    rows: Vec<Row>,
    strokes: HashMap<u32, Stroke>,
    /// Keycodes without a meaning.
    free: Vec<Keycode>,
    pub(super) active: u8,
}

impl Keymap {
    /// Reads the keymap of the X server. `active` is the group that is active,
    /// and `locked` the modifiers that stay on while keys are pressed.
    pub(super) fn read(
        connection: &RustConnection,
        active: u8,
        locked: ModMask,
    ) -> Result<Self, XError> {
        let parts = MapPart::KEY_TYPES | MapPart::KEY_SYMS | MapPart::MODIFIER_MAP;
        let (none, no_modifier) = (MapPart::from(0_u16), VMod::from(0_u16));
        let reply = connection
            .xkb_get_map(
                CORE_KEYBOARD,
                parts,
                none,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                no_modifier,
                0,
                0,
                0,
                0,
                0,
                0,
            )?
            .reply()?;
        Ok(Self::of(reply.map, reply.first_key_sym, active, locked))
    }

    fn of(map: GetMapMap, first: Keycode, active: u8, locked: ModMask) -> Self {
        let types = map.types_rtrn.unwrap_or_default();
        let keys = map.syms_rtrn.unwrap_or_default();
        let modifiers = map.modmap_rtrn.unwrap_or_default();
        let is_modifier = |keycode: Keycode| {
            let mut mapped = modifiers.iter();
            mapped.any(|key| key.keycode == keycode && u16::from(key.mods) != 0)
        };
        let mut keymap = Self {
            rows: Vec::with_capacity(keys.len()),
            strokes: HashMap::new(),
            free: Vec::new(),
            active,
        };
        for (keycode, key) in (first..=Keycode::MAX).zip(&keys) {
            if key.syms.iter().all(|keysym| *keysym == 0) {
                if !is_modifier(keycode) {
                    keymap.free.push(keycode);
                }
            } else {
                keymap.rows.push(row(keycode, key, &types, locked));
            }
        }
        keymap
    }

    /// What a key means in the active group, plain and with Shift.
    pub(super) fn meaning(&self, keycode: Keycode) -> Option<Meaning> {
        let row = self.rows.iter().find(|row| row.keycode == keycode)?;
        Some(row.meaning(self.active))
    }

    /// Learns where every keysym is, without the keys that are `ours`. The
    /// active group comes first, then the others in their order; in a group the
    /// first key wins, because the main block comes before the odd keys of
    /// multimedia keyboards.
    pub(super) fn learn(&mut self, ours: &[Keycode]) {
        let count = self.rows.iter().map(|row| row.groups.len()).max();
        let count = u8::try_from(count.unwrap_or(0)).unwrap_or(u8::MAX);
        let others = (0..count).filter(|group| *group != self.active);
        let rows = self.rows.iter();
        let rows: Vec<&Row> = rows.filter(|row| !ours.contains(&row.keycode)).collect();
        for group in std::iter::once(self.active).chain(others) {
            for row in &rows {
                let [plain, shifted] = row.meaning(group);
                for (keysym, shift) in [(plain, false), (shifted, true)] {
                    // With Shift held, programs take a key of the keypad for another.
                    let usable = !shift || (shifted != plain && !KEYPAD.contains(&keysym));
                    if keysym != 0 && usable {
                        let stroke = Stroke {
                            keycode: row.keycode,
                            shift,
                            group: (row.groups.len() > 1).then_some(group),
                        };
                        self.strokes.entry(canonical(keysym)).or_insert(stroke);
                    }
                }
            }
        }
    }

    /// The key that has a keysym of its own accord.
    pub(super) fn stroke(&self, keysym: u32) -> Option<Stroke> {
        self.strokes.get(&canonical(keysym)).copied()
    }

    /// The keycodes without a meaning.
    pub(super) fn free(&self) -> &[Keycode] {
        &self.free
    }
}

fn row(keycode: Keycode, key: &KeySymMap, types: &[KeyType], locked: ModMask) -> Row {
    let count = key.group_info & 0x0f;
    let width = usize::from(key.width).max(1);
    let groups = key.syms.chunks(width).zip(key.kt_index);
    let groups = groups.take(usize::from(count)).map(|(symbols, kind)| {
        let kind = types.get(usize::from(kind));
        [ModMask::from(0_u16), ModMask::SHIFT].map(|shift| {
            let level = kind.map_or(0, |kind| level(kind, locked | shift));
            symbols.get(level).copied().unwrap_or(0)
        })
    });
    Row {
        keycode,
        groups: groups.collect(),
        beyond: match key.group_info & 0xc0 {
            0x40 => Beyond::Clamp,
            0x80 => Beyond::Redirect((key.group_info & 0x30) >> 4),
            _ => Beyond::Wrap,
        },
    }
}

/// The level that modifiers lead to in a type of keys.
fn level(kind: &KeyType, modifiers: ModMask) -> usize {
    let effective = modifiers & kind.mods_mask;
    let mut entries = kind.map.iter();
    let entry = entries.find(|entry| entry.active && entry.mods_mask == effective);
    entry.map_or(0, |entry| entry.level.into())
}

#[cfg(test)]
pub(super) mod tests {
    use x11rb::protocol::xkb::KTMapEntry;

    use super::*;

    const NUM_LOCK: ModMask = ModMask::M2;

    fn kind(mask: ModMask, leads: &[(ModMask, u8)]) -> KeyType {
        let lead = |(mods_mask, level): &(ModMask, u8)| KTMapEntry {
            active: true,
            mods_mask: *mods_mask,
            level: *level,
            ..KTMapEntry::default()
        };
        KeyType {
            mods_mask: mask,
            map: leads.iter().map(lead).collect(),
            ..KeyType::default()
        }
    }

    fn types() -> [KeyType; 4] {
        let shift = ModMask::SHIFT;
        [
            kind(ModMask::from(0_u16), &[]),
            kind(shift, &[(shift, 1)]),
            kind(shift | NUM_LOCK, &[(shift, 1), (NUM_LOCK, 1)]),
            kind(ModMask::M1, &[(ModMask::M1, 1)]),
        ]
    }

    /// A key whose groups are of these types and have these symbols.
    fn key(groups: &[(u8, [u32; 2])]) -> KeySymMap {
        let mut key = KeySymMap {
            group_info: u8::try_from(groups.len()).unwrap(),
            width: 2,
            ..KeySymMap::default()
        };
        for (group, (kind, symbols)) in groups.iter().enumerate() {
            key.kt_index[group] = *kind;
            key.syms.extend(symbols);
        }
        key
    }

    fn keymap(keys: Vec<KeySymMap>, active: u8, locked: ModMask) -> Keymap {
        let map = GetMapMap {
            types_rtrn: Some(types().into()),
            syms_rtrn: Some(keys),
            ..GetMapMap::default()
        };
        let mut keymap = Keymap::of(map, 20, active, locked);
        keymap.learn(&[]);
        keymap
    }

    /// A keymap of Latin `b`, and of free keys.
    pub(in super::super) fn with_free(count: usize) -> Keymap {
        let mut keys = vec![key(&[(1, [0x62, 0x42])])];
        keys.resize(count + 1, KeySymMap::default());
        keymap(keys, 0, ModMask::from(0_u16))
    }

    const RU: [u32; 2] = [0x6c9, 0x6e9];
    const US: [u32; 2] = [0x62, 0x42];

    #[test]
    fn the_active_group_comes_before_the_others() {
        let keys = || vec![key(&[(1, RU), (1, US)]), key(&[(1, [0x20, 0])])];
        let keymap = keymap(keys(), 1, ModMask::from(0_u16));
        let expect = |keycode, shift, group| {
            Some(Stroke {
                keycode,
                shift,
                group,
            })
        };
        assert_eq!(keymap.stroke(0x42), expect(20, true, Some(1)));
        assert_eq!(keymap.stroke(0x6c9), expect(20, false, Some(0)));
        // A key with one group does the same in each.
        assert_eq!(keymap.stroke(0x20), expect(21, false, None));
    }

    #[test]
    fn a_level_that_shift_alone_does_not_reach_is_none() {
        let (print, sys_req, home, seven) = (0xff61, 0xff15, 0xff95, 0xffb7);
        let keys = || vec![key(&[(3, [print, sys_req])]), key(&[(2, [home, seven])])];
        let plain = keymap(keys(), 0, ModMask::from(0_u16));
        assert!(plain.stroke(print).is_some_and(|it| !it.shift));
        assert_eq!(plain.stroke(sys_req), None);
        assert!(plain.stroke(home).is_some_and(|it| !it.shift));
        assert_eq!(plain.stroke(seven), None);
        let numbers = keymap(keys(), 0, NUM_LOCK);
        assert!(numbers.stroke(seven).is_some_and(|it| !it.shift));
        assert_eq!(numbers.stroke(home), None);
    }

    #[test]
    fn keys_without_symbols_are_free() {
        assert_eq!(with_free(3).free(), [21, 22, 23]);
    }

    #[test]
    fn groups_beyond_those_of_a_key_lead_to_one_of_them() {
        let row = |beyond| Row {
            keycode: 20,
            groups: vec![RU, US],
            beyond,
        };
        assert_eq!(row(Beyond::Wrap).meaning(2), RU);
        assert_eq!(row(Beyond::Clamp).meaning(3), US);
        assert_eq!(row(Beyond::Redirect(1)).meaning(2), US);
        assert_eq!(row(Beyond::Redirect(3)).meaning(2), RU);
    }
}
