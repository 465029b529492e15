//! What happens to a desktop in memory by itself, some time after its start.

use std::time::Duration;

use super::MemoryDesktop;
use crate::{desktop::wire::Window, geometry::Rect};

/// Something that happens.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    Paint(Rect, [u8; 3]),
    End(&'static str),
    Open(Window),
    Close(&'static str),
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

    fn fated(mut self, after: Duration, fate: Fate) -> Self {
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
                Fate::Paint(..) | Fate::End(_) => {}
            }
        }
        windows
    }
}
