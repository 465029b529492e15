//! What the pointer and the keyboard did, as a film will need it.

use tokio::time::Instant;

use crate::{desktop::wire::Holding, geometry::Point, input::Key, timeline::Input};

/// What has been done since a recording began.
#[derive(Default)]
pub(super) struct Notes {
    /// When the recording began; `None` while there is none.
    pub(super) since: Option<Instant>,
    /// Whether what is done now is hidden.
    pub(super) hidden: bool,
    pub(super) input: Vec<Input>,
    /// Where the pointer was put last, if it was.
    pub(super) pointer: Option<Point>,
}

impl Notes {
    pub(super) fn now(&self) -> Option<f64> {
        self.since.map(|since| since.elapsed().as_secs_f64())
    }

    pub(super) fn go(&mut self, at: f64, to: Point) {
        if self.pointer != Some(to) {
            self.input.push(Input::Move { at, to });
        }
        self.pointer = Some(to);
    }

    pub(super) fn press(&mut self, at: f64, keys: &[Key]) {
        if !keys.is_empty() {
            let keys = keys.iter().map(named).collect();
            let until = at;
            self.input.push(Input::Keys { at, until, keys });
        }
    }

    /// Keys that are held down are noted when they go down, and end when they go up.
    pub(super) fn hold(&mut self, at: f64, holding: &Holding) {
        let button = || holding.button.map(|button| button.name().to_owned());
        if holding.down {
            self.press(at, &holding.keys);
            let down = button().map(|button| Input::Down { at, button });
            self.input.extend(down);
            return;
        }
        let up: Vec<String> = holding.keys.iter().map(named).collect();
        let held = self.input.iter_mut().rev().find_map(|input| match input {
            Input::Keys { until, keys, .. } if *keys == up => Some(until),
            _ => None,
        });
        if let Some(until) = held {
            *until = at;
        }
        self.input
            .extend(button().map(|button| Input::Up { at, button }));
    }
}

/// A key by the name that people know it by.
fn named(key: &Key) -> String {
    let name = key.name();
    let short = match name.trim_end_matches(['L', 'R']) {
        "Control_" => "ctrl",
        "Shift_" => "shift",
        "Alt_" | "Meta_" => "alt",
        "Super_" => "super",
        _ => name,
    };
    short.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_names_that_people_know() {
        let names = [
            "Control_L",
            "Shift_R",
            "Alt_L",
            "Super_L",
            "Return",
            "L",
            "a",
        ];
        let known = names.map(|name| named(&Key::from_name(name).unwrap()));
        assert_eq!(known, ["ctrl", "shift", "alt", "super", "Return", "L", "a"]);
    }
}
