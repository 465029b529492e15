//! What was asked of the windows of a desktop in memory, and what they are since.

use std::time::Duration;

use tokio::time::sleep;

use super::{MemoryDesktop, Result, not_found, operation};
use crate::{
    desktop::wire::{Arranged, Arrangement, Window},
    geometry::{Rect, WindowState},
};

impl MemoryDesktop {
    /// The same, whose windows of this title stay as they are, whatever is asked of
    /// them.
    #[must_use]
    pub fn stubborn(self, title: &'static str) -> Self {
        self.lock().stubborn.push(title);
        self
    }

    /// Does at once what is asked of a window, unless it is a stubborn one.
    pub(super) async fn arrange(
        &self,
        id: &str,
        wanted: &Arrangement,
        wait: Duration,
    ) -> Result<Arranged> {
        let window = self.open_windows().into_iter().find(|it| it.id == id);
        let Some(window) = window else {
            return Err(not_found(&operation::ARRANGE_WINDOW.to_string()));
        };
        let title = &window.title;
        self.acted(format!("window {title} {}", described(wanted)));
        let stubborn = self.lock().stubborn.contains(&title.as_str());
        if stubborn {
            sleep(wait).await;
            let state = Some(self.state_of(id).unwrap_or(WindowState::Normal));
            let window = self.open_windows().into_iter().find(|it| it.id == id);
            return Ok(Arranged {
                done: false,
                window,
                state,
            });
        }
        let asked = (id.to_owned(), wanted.clone());
        self.lock().arranged.push(asked);
        let window = self.open_windows().into_iter().find(|it| it.id == id);
        Ok(Arranged {
            done: true,
            state: window
                .as_ref()
                .map(|_| self.state_of(id).unwrap_or(WindowState::Normal)),
            window,
        })
    }

    /// The windows with what was asked of them, without those that were closed; what
    /// was raised is last.
    pub(super) fn rearranged(&self, mut windows: Vec<Window>) -> Vec<Window> {
        let state = self.lock();
        let screen = state.size.to_rect();
        for (id, wanted) in &state.arranged {
            if wanted.close {
                windows.retain(|window| window.id != *id);
            }
            let Some(at) = windows.iter().position(|window| window.id == *id) else {
                continue;
            };
            let window = &mut windows[at];
            window.x = wanted.x.unwrap_or(window.x);
            window.y = wanted.y.unwrap_or(window.y);
            window.width = wanted.width.unwrap_or(window.width);
            window.height = wanted.height.unwrap_or(window.height);
            if wanted.raise {
                windows[at..].rotate_left(1);
            }
        }
        drop(state);
        for window in &mut windows {
            let large = [WindowState::Maximized, WindowState::Fullscreen];
            if self
                .state_of(&window.id)
                .is_some_and(|it| large.contains(&it))
            {
                place(window, screen);
            }
        }
        windows
    }

    /// The state that was asked for last; `None` where none was.
    pub(super) fn state_of(&self, id: &str) -> Option<WindowState> {
        let state = self.lock();
        let mut asked = state.arranged.iter().rev().filter(|(other, _)| other == id);
        asked.find_map(|(_, wanted)| {
            let normal = wanted.has_place().then_some(WindowState::Normal);
            wanted.state.or(normal)
        })
    }
}

fn place(window: &mut Window, rect: Rect) {
    (window.x, window.y) = (rect.x, rect.y);
    (window.width, window.height) = (rect.width, rect.height);
}

/// What is asked for, for the list of actions.
fn described(wanted: &Arrangement) -> String {
    let number = |name: &str, value: Option<String>| value.map(|value| format!("{name} {value}"));
    let parts = [
        number("x", wanted.x.map(|n| n.to_string())),
        number("y", wanted.y.map(|n| n.to_string())),
        number("width", wanted.width.map(|n| n.to_string())),
        number("height", wanted.height.map(|n| n.to_string())),
        wanted.state.map(|state| state.to_string()),
        wanted.raise.then(|| "raise".to_owned()),
        wanted.close.then(|| "close".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" ")
}
