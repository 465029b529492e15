//! What happens to a desktop in memory on its own, some time after its start.

use std::time::Duration;

use super::MemoryDesktop;
use crate::{
    desktop::{
        DesktopError, Result,
        wire::{Hidden, HiddenBy, Layer, Stack, Unreadable, Widget, Window},
    },
    geometry::{Rect, WindowState},
};

/// What has the keyboard where no window is open.
const BACKGROUND: &str = "0x00000001";

/// Nothing was drawn for longer than anybody waits, in milliseconds.
const STILL: u64 = 60_000;

/// Something that happens.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    Paint(Rect, [u8; 3]),
    End(&'static str),
    Open(Window),
    Close(&'static str),
    Hide(&'static str, HiddenBy),
    /// The widgets that are there from now on, in place of those before.
    Widgets(Vec<Widget>),
    Unreadable(Unreadable),
    Unfocus,
    Hush,
}

impl MemoryDesktop {
    /// The same, on which `rect` takes `colour` some time after its start.
    #[must_use]
    pub fn painted_after(self, after: Duration, rect: Rect, colour: [u8; 3]) -> Self {
        self.fated(after, Fate::Paint(rect, colour))
    }

    /// The same, of which a process ends some time after its start.
    #[must_use]
    pub fn without_after(self, after: Duration, process: &'static str) -> Self {
        self.fated(after, Fate::End(process))
    }

    /// The same, on which a window of this title opens some time after its start;
    /// its class is `program.Program`.
    #[must_use]
    pub fn window_after(self, after: Duration, title: &str, rect: Rect) -> Self {
        let window = Window {
            id: format!("0x{:08x}", self.future.len() + 2),
            title: title.to_owned(),
            class: "program.Program".to_owned(),
            x: rect.x,
            y: rect.y,
            width: rect.width,
            height: rect.height,
            ..Window::default()
        };
        self.fated(after, Fate::Open(window))
    }

    /// The same, on which every window of this title closes some time after its
    /// start.
    #[must_use]
    pub fn without_window_after(self, after: Duration, title: &'static str) -> Self {
        self.fated(after, Fate::Close(title))
    }

    /// The same, on which every window of this title is hidden some time after its
    /// start: it is still in the list, but not shown.
    #[must_use]
    pub fn hidden_after(self, after: Duration, title: &'static str, why: HiddenBy) -> Self {
        self.fated(after, Fate::Hide(title, why))
    }

    /// The same, on which nobody has the keyboard some time after its start.
    #[must_use]
    pub fn unfocused_after(self, after: Duration) -> Self {
        self.fated(after, Fate::Unfocus)
    }

    /// The same, which no longer answers some time after its start, although it still exists.
    #[must_use]
    pub fn silent_after(self, after: Duration) -> Self {
        self.fated(after, Fate::Hush)
    }

    /// Waits for as long as it is silent, or until it was given up.
    pub(super) async fn awake(&self) -> Result<()> {
        if !self.is_silent() {
            return Ok(());
        }
        self.given_up.cancelled().await;
        Err(DesktopError::Connection {
            url: "memory".to_owned(),
            reason: "it no longer answers".to_owned(),
        })
    }

    pub(super) fn is_silent(&self) -> bool {
        self.happened().any(|fate| matches!(fate, Fate::Hush))
    }

    pub(super) fn fated(mut self, after: Duration, fate: Fate) -> Self {
        self.future.push((after, fate));
        self
    }

    pub(super) fn happened(&self) -> impl Iterator<Item = &Fate> {
        let now = self.begun.elapsed();
        let past = self.future.iter().filter(move |(after, _)| *after <= now);
        past.map(|(_, fate)| fate)
    }

    pub(super) fn open_windows(&self) -> Vec<Window> {
        let mut windows: Vec<Window> = Vec::new();
        for fate in self.happened() {
            match fate {
                Fate::Open(window) => windows.push(window.clone()),
                Fate::Close(title) => windows.retain(|window| window.title != *title),
                _ => {}
            }
        }
        self.rearranged(windows)
    }

    /// The windows as they lie on each other, the latest on top and with the
    /// keyboard.
    pub(super) fn stacked(&self) -> Stack {
        let hidden = |window: &Window| match self.state_of(&window.id) {
            Some(WindowState::Minimized) => Some(HiddenBy::Minimized),
            Some(_) => None,
            None => self.happened().find_map(|fate| match fate {
                Fate::Hide(title, why) if window.title == *title => Some(*why),
                _ => None,
            }),
        };
        let mut stack = Stack {
            still: STILL,
            ..Stack::default()
        };
        for window in self.open_windows().into_iter().rev() {
            if let Some(why) = hidden(&window) {
                let id = window.id;
                stack.hidden.push(Hidden { id, why });
                continue;
            }
            stack.layers.push(Layer {
                shape: vec![window.rect()],
                id: window.id,
                title: window.title,
                listed: true,
                painted: true,
                ..Layer::default()
            });
        }
        let top = stack.layers.first().map(|layer| layer.id.clone());
        let unfocused = self.happened().any(|fate| matches!(fate, Fate::Unfocus));
        stack.focus = top.or(Some(BACKGROUND.to_owned())).filter(|_| !unfocused);
        stack
    }
}
