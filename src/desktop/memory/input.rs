//! The pointer and the keyboard of a desktop in memory.

use super::MemoryDesktop;
use crate::{
    desktop::wire::{Clicked, Holding},
    geometry::Point,
    input::{Button, Chord, Key},
};

/// Selects one more character of what was typed.
const BACK: &str = "Shift_L+Left";

impl MemoryDesktop {
    /// The same, whose programs lose one character of what is typed.
    #[must_use]
    pub fn losing(mut self, lost: char) -> Self {
        self.lost = Some(lost);
        self
    }

    pub(super) fn point(&self, to: Point) -> Point {
        self.acted(format!("move {to}"));
        self.lock().pointer = to;
        to
    }

    pub(super) fn clicked(&self, at: Option<Point>, button: Button, held: &[Key]) -> Clicked {
        let place = at.unwrap_or(self.lock().pointer);
        self.acted(format!("click {place} {button}{}", with(held)));
        self.lock().pointer = place;
        self.enter(place);
        let Point { x, y } = place;
        let focus = None;
        Clicked { x, y, focus }
    }

    pub(super) fn dragged(&self, from: Point, to: Point, button: Button, held: &[Key]) -> Point {
        self.acted(format!("drag {from} {to} {button}{}", with(held)));
        self.lock().pointer = to;
        to
    }

    pub(super) fn holding(&self, holding: &Holding) -> Point {
        let keys = holding.keys.iter().map(|key| key.name().to_owned());
        let button = holding.button.map(|button| button.to_string());
        let what: Vec<String> = keys.chain(button).collect();
        let what = what.join("+");
        let at = holding
            .at
            .map_or_else(String::new, |at| format!(" at {at}"));
        self.acted(if holding.down {
            format!("hold {what}{at}")
        } else {
            format!("let go {what}{at}")
        });
        let mut state = self.lock();
        state.pointer = holding.at.unwrap_or(state.pointer);
        state.pointer
    }

    /// Takes a text, but not the character that it loses.
    pub(super) fn typed(&self, text: &str) {
        self.acted(format!("type {text}"));
        let mut state = self.lock();
        let arrived = text.chars().filter(|char| Some(*char) != self.lost);
        let arrived: String = arrived.collect();
        state.last = arrived.chars().count();
        state.selected = 0;
        state.primary = None;
        state.typed.push_str(&arrived);
    }

    /// Whether any window took the key.
    pub(super) fn pressed(&self, key: &Key) -> bool {
        if self.stacked().focus.is_none() {
            return false;
        }
        self.acted(format!("press {key}"));
        self.lock().selected = 0;
        true
    }

    /// Whether any window took the keys.
    pub(super) fn chorded(&self, chord: &Chord) -> bool {
        if self.stacked().focus.is_none() {
            return false;
        }
        self.acted(format!("hotkey {chord}"));
        if chord.to_string() == BACK {
            self.lock().selected += 1;
        }
        true
    }
}

/// The keys that are held, for the list of actions.
fn with(held: &[Key]) -> String {
    let names: Vec<&str> = held.iter().map(Key::name).collect();
    match names.join("+") {
        none if none.is_empty() => none,
        keys => format!(" with {keys}"),
    }
}
