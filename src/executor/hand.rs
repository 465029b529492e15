//! The hand that works the pointer and the keyboard: as fast as the desktop can follow, or as a
//! person would. What it does is noted for a film during a recording.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep, sleep_until};

use super::{human::Human, notes::Notes, redactor::Redactor};
use crate::{
    desktop::{
        Desktop, Result,
        wire::{Clicked, Holding, limits},
    },
    geometry::Point,
    input::{Button, Chord, Direction, Key},
    timeline::Input,
};

/// How long a person rests before and after a click, around keys, and between two notches
/// of the wheel.
const AIMING: Duration = Duration::from_millis(120);
const AFTER_CLICK: Duration = Duration::from_millis(350);
const BEFORE_KEYS: Duration = Duration::from_millis(250);
const BETWEEN_KEYS: Duration = Duration::from_millis(140);
const AFTER_KEYS: Duration = Duration::from_millis(450);
const NOTCH: Duration = Duration::from_millis(70);

/// How long a person looks at what has just appeared.
const TAKING_IN: Duration = Duration::from_millis(500);

/// How long a person takes for one action at most, apart from typing.
const SLOWEST: Duration = Duration::from_secs(5);
/// The same for a character.
const SLOWEST_KEY: Duration = Duration::from_millis(350);

/// How much longer steps may take that are played like a person, in addition to `SLOWEST` for each.
const PATIENCE: u32 = 4;

/// Works the pointer and the keyboard of a desktop.
pub(super) struct Hand<'d> {
    desktop: &'d dyn Desktop,
    /// How a person does it; `None` works as fast as the desktop responds.
    human: Option<Mutex<Human>>,
    mask: Redactor,
    notes: Mutex<Notes>,
}

impl<'d> Hand<'d> {
    pub(super) fn new(desktop: &'d dyn Desktop, human: Option<Human>, mask: Redactor) -> Self {
        Self {
            desktop,
            human: human.map(Mutex::new),
            mask,
            notes: Mutex::default(),
        }
    }

    /// Whether it works like a person.
    pub(super) const fn is_human(&self) -> bool {
        self.human.is_some()
    }

    /// Notes what is done from here on, for a recording that began at `since`.
    pub(super) async fn note_since(&self, since: Instant) {
        let pointer = self.desktop.pointer_position().await.ok();
        let mut notes = lock(&self.notes);
        *notes = Notes {
            since: Some(since),
            hidden: notes.hidden,
            pointer,
            input: Vec::new(),
        };
        notes
            .input
            .extend(pointer.map(|to| Input::Move { at: 0.0, to }));
    }

    /// What was done since then; nothing more is noted.
    pub(super) fn noted(&self) -> Vec<Input> {
        let mut notes = lock(&self.notes);
        notes.since = None;
        std::mem::take(&mut notes.input)
    }

    /// Notes nothing while `hidden`.
    pub(super) fn hide(&self, hidden: bool) {
        let mut notes = lock(&self.notes);
        notes.hidden = hidden;
        let Some((at, to)) = notes.now().zip(notes.pointer).filter(|_| !hidden) else {
            return;
        };
        // It may have moved while it was hidden.
        let seen = notes.input.iter().rev().find_map(|input| match input {
            Input::Move { to, .. } => Some(*to),
            _ => None,
        });
        if seen != Some(to) {
            notes.input.push(Input::Move { at, to });
        }
    }

    /// Whether a text has a secret in it.
    pub(super) fn is_secret(&self, text: &str) -> bool {
        self.mask.text(text) != text
    }

    /// How much longer a step may take than it says, where `typed` characters are typed.
    pub(super) fn longer(&self, typed: usize) -> Duration {
        let typed = u32::try_from(typed).unwrap_or(u32::MAX);
        match self.human {
            Some(_) => SLOWEST.saturating_add(SLOWEST_KEY.saturating_mul(typed)),
            None => Duration::ZERO,
        }
    }

    /// How long a block with a timeout may take.
    pub(super) fn stretched(&self, limit: Duration) -> Duration {
        match self.human {
            Some(_) => limit.saturating_mul(PATIENCE).saturating_add(SLOWEST),
            None => limit,
        }
    }

    /// A person waits for about this long; otherwise nothing waits.
    pub(super) async fn rest(&self, about: Duration) {
        if let Some(human) = &self.human {
            let pause = lock(human).pause(about);
            sleep(pause).await;
        }
    }

    /// A person takes in what has just appeared.
    pub(super) async fn take_in(&self) {
        self.rest(TAKING_IN).await;
    }

    /// A person moves the pointer to where it will be needed; otherwise that is not necessary.
    pub(super) async fn approach(&self, to: Point) -> Result<()> {
        let Some(human) = &self.human else {
            return Ok(());
        };
        let known = lock(&self.notes).pointer;
        let from = match known {
            Some(from) => from,
            None => self.desktop.pointer_position().await?,
        };
        let way = lock(human).way(from, to);
        let begun = Instant::now();
        for stop in way {
            sleep_until(begun + stop.after).await;
            self.desktop.move_pointer(stop.at).await?;
            self.note_move(stop.at);
        }
        Ok(())
    }

    pub(super) async fn move_pointer(&self, to: Point) -> Result<Point> {
        self.approach(to).await?;
        self.put(to).await
    }

    /// Puts the pointer somewhere at once.
    pub(super) async fn put(&self, to: Point) -> Result<Point> {
        let is_at = self.desktop.move_pointer(to).await?;
        self.note_move(is_at);
        Ok(is_at)
    }

    /// Clicks `count` times, as fast as the desktop takes it, so that programs see a
    /// double click; returns the result of the last one.
    pub(super) async fn click(
        &self,
        at: Option<Point>,
        button: Button,
        held: &[Key],
        count: u32,
    ) -> Result<Vec<Clicked>> {
        if let Some(to) = at {
            self.approach(to).await?;
        }
        self.rest(AIMING).await;
        let mut all = Vec::new();
        for _ in 0..count {
            let begun = self.now();
            let clicked = self.desktop.click(at, button, held).await?;
            let to = clicked.point();
            if let Some(at) = begun {
                let name = || button.name().to_owned();
                self.note(|notes| {
                    notes.go(at, to);
                    notes.input.push(Input::Down { at, button: name() });
                    notes.input.push(Input::Up { at, button: name() });
                    notes.press(at, held);
                });
            }
            self.note_move(to);
            all.push(clicked);
        }
        self.rest(AFTER_CLICK).await;
        Ok(all)
    }

    pub(super) async fn drag(
        &self,
        from: Point,
        to: Point,
        button: Button,
        held: &[Key],
    ) -> Result<Point> {
        let at = self.now();
        let is_at = self.desktop.drag(from, to, button, held).await?;
        if let (Some(at), Some(until)) = (at, self.now()) {
            let name = || button.name().to_owned();
            self.note(|notes| {
                notes.go(at, from);
                notes.input.push(Input::Down { at, button: name() });
                notes.press(at, held);
                notes.go(until, is_at);
                let (at, button) = (until, name());
                notes.input.push(Input::Up { at, button });
            });
        }
        self.note_move(is_at);
        Ok(is_at)
    }

    pub(super) async fn scroll(&self, direction: Direction, amount: u32) -> Result<()> {
        let (turns, notches) = match self.human {
            Some(_) => (amount, 1),
            None => (1, amount),
        };
        for _ in 0..turns {
            let at = self.now();
            self.desktop.scroll(direction, notches).await?;
            if let Some(at) = at {
                let direction = direction.name().to_owned();
                self.note(|notes| {
                    notes.input.push(Input::Wheel {
                        at,
                        direction,
                        notches,
                    });
                });
            }
            self.rest(NOTCH).await;
        }
        Ok(())
    }

    /// Types a text: with a pause after each character if a `speed` is given, as a person
    /// does, or at once.
    pub(super) async fn type_text(&self, text: &str, speed: Option<Duration>) -> Result<()> {
        self.rest(BEFORE_KEYS).await;
        let at = self.now();
        if speed.is_none() && self.human.is_none() {
            self.at_once(text).await?;
        } else {
            for char in text.chars() {
                let key = char.encode_utf8(&mut [0; 4]).to_owned();
                self.desktop.type_text(&key).await?;
                let own = self.human.as_ref().map(|human| lock(human).key(char));
                sleep(speed.or(own).unwrap_or_default()).await;
            }
        }
        if let (Some(at), Some(until)) = (at, self.now()) {
            let text = self.mask.text(text);
            self.note(|notes| notes.input.push(Input::Text { at, until, text }));
        }
        Ok(())
    }

    async fn at_once(&self, text: &str) -> Result<()> {
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest
                .char_indices()
                .nth(limits::TEXT)
                .map_or(rest.len(), |(index, _)| index);
            let (part, after) = rest.split_at(end);
            self.desktop.type_text(part).await?;
            rest = after;
        }
        Ok(())
    }

    /// Presses a key; returns whether anybody got it.
    pub(super) async fn press_key(&self, key: &Key) -> Result<bool> {
        let at = self.now();
        let got = self.desktop.press_key(key).await?;
        self.note_keys(at.filter(|_| got), std::slice::from_ref(key));
        Ok(got)
    }

    /// Presses keys together; returns whether anybody got them.
    pub(super) async fn hotkey(&self, chord: &Chord) -> Result<bool> {
        let at = self.now();
        let got = self.desktop.hotkey(chord).await?;
        self.note_keys(at.filter(|_| got), chord.keys());
        Ok(got)
    }

    fn note_keys(&self, at: Option<f64>, keys: &[Key]) {
        if let Some(at) = at {
            self.note(|notes| notes.press(at, keys));
        }
    }

    /// A person stops before keys that do something, between two of them, and after them.
    pub(super) async fn before_keys(&self) {
        self.rest(BEFORE_KEYS).await;
    }

    pub(super) async fn between_keys(&self) {
        self.rest(BETWEEN_KEYS).await;
    }

    pub(super) async fn after_keys(&self) {
        self.rest(AFTER_KEYS).await;
    }

    /// Presses keys and a button, which stay down, or lets them go.
    pub(super) async fn hold(&self, holding: &Holding) -> Result<Point> {
        if let Some(to) = holding.at {
            self.approach(to).await?;
        }
        let at = self.now();
        let is_at = self.desktop.hold(holding).await?;
        if let Some(at) = at {
            self.note(|notes| {
                if holding.at.is_some() {
                    notes.go(at, is_at);
                }
                notes.hold(at, holding);
            });
        }
        self.note_move(is_at);
        Ok(is_at)
    }

    fn note_move(&self, to: Point) {
        let mut notes = lock(&self.notes);
        match notes.now() {
            Some(at) if !notes.hidden => notes.go(at, to),
            _ => notes.pointer = Some(to),
        }
    }

    /// The time of the recording, if there is one and this is not hidden.
    fn now(&self) -> Option<f64> {
        let notes = lock(&self.notes);
        notes.now().filter(|_| !notes.hidden)
    }

    fn note(&self, what: impl FnOnce(&mut Notes)) {
        what(&mut lock(&self.notes));
    }
}

/// What these guard is consistent after every statement.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{desktop::MemoryDesktop, geometry::Size};

    #[tokio::test(start_paused = true)]
    async fn what_is_hidden_is_not_noted_but_where_the_pointer_is_after_it() {
        let desktop = MemoryDesktop::new(Size::new(640, 480));
        let hand = Hand::new(&desktop, None, Redactor::default());
        let click = async |x, y| {
            let at = Some(Point::new(x, y));
            hand.click(at, Button::Left, &[], 1).await.unwrap();
        };
        hand.note_since(Instant::now()).await;
        hand.hide(true);
        click(10, 20).await;
        hand.type_text("unseen", None).await.unwrap();
        hand.hide(false);
        hand.type_text("seen", None).await.unwrap();
        let noted = hand.noted();
        let did: Vec<_> = noted
            .iter()
            .map(|input| match input {
                Input::Move { to, .. } => format!("move {to}"),
                Input::Text { text, .. } => format!("text {text}"),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(did, ["move 0,0", "move 10,20", "text seen"]);
        click(30, 40).await;
        assert!(hand.noted().is_empty());
    }
}
