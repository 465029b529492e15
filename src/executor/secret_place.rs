//! Where secrets are on the screen: what a film has to cover.

use crate::{
    geometry::Rect,
    timeline::{Cover, Covered, Span, Window, Windows},
};

/// How far around a secret its cover reaches, in pixels.
const MARGIN: u32 = 4;

/// A place where a secret was typed.
#[derive(Clone, Debug)]
pub(super) struct Secret {
    area: Rect,
    /// The window that it was typed into, as it was then.
    window: Option<Window>,
}

/// A secret that is on the screen during a recording.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// Since when, in seconds of the recording.
    pub(super) from: f64,
    pub(super) secret: Secret,
}

impl Secret {
    /// One that was typed into a field, or else into the window that has the keyboard: where
    /// in it, and whether it stays there, only its program knows.
    pub(super) fn typed(field: Option<Rect>, windows: &[Window], screen: Rect) -> Self {
        let window = windows.iter().find(|window| window.focused);
        let area = field.map(grown).or(window.map(|window| window.area));
        Self {
            area: area.unwrap_or(screen),
            window: window.cloned(),
        }
    }

    /// The same where its window is now; `None` if that is gone.
    pub(super) fn now(&self, windows: &[Window]) -> Option<Self> {
        let Some(before) = &self.window else {
            return Some(self.clone());
        };
        let now = again(before, windows)?;
        let area = if self.area == before.area {
            now.area
        } else {
            let (x, y) = (now.area.x - before.area.x, now.area.y - before.area.y);
            let Rect { width, height, .. } = self.area;
            Rect::new(self.area.x + x, self.area.y + y, width, height)
        };
        Some(Self {
            area,
            window: Some(now.clone()),
        })
    }
}

impl Shown {
    /// The places to cover: a secret moves and goes away with its window.
    pub(super) fn covers(&self, windows: &[Windows], looks: &[f64], length: f64) -> Vec<Cover> {
        let cover = |from, to, area| Cover {
            span: Span { from, to },
            area,
            why: Covered::Secret,
        };
        let mut covers = Vec::new();
        let mut secret = self.secret.clone();
        let mut from = self.from;
        for seen in windows.iter().filter(|seen| seen.at > self.from) {
            let Some(now) = secret.now(&seen.windows) else {
                covers.push(cover(from, seen.at, secret.area));
                return covers;
            };
            if now.area != secret.area {
                covers.push(cover(from, seen.at, secret.area));
                // Since the look before, it may have been anywhere on its way.
                let before = looks.iter().rev().find(|look| **look < seen.at);
                let before = before.map_or(from, |look| look.max(self.from));
                covers.push(cover(before, seen.at, secret.area.union(now.area)));
                from = seen.at;
            }
            secret = now;
        }
        covers.push(cover(from, length, secret.area));
        covers
    }
}

/// A window, in a later look: with its title, at its place, or at least of its size.
fn again<'w>(before: &Window, windows: &'w [Window]) -> Option<&'w Window> {
    let find = |is_it: &dyn Fn(&Window) -> bool| windows.iter().find(|window| is_it(window));
    let same_title = |window: &Window| window.title == before.title;
    let same_area = |window: &Window| window.area == before.area;
    find(&|window| same_title(window) && same_area(window))
        .or_else(|| find(&same_title))
        .or_else(|| find(&same_area))
        .or_else(|| find(&|window| window.focused && window.area.size() == before.area.size()))
}

fn grown(area: Rect) -> Rect {
    let margin = i32::try_from(MARGIN).unwrap_or(0);
    Rect::new(
        area.x - margin,
        area.y - margin,
        area.width + 2 * MARGIN,
        area.height + 2 * MARGIN,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(title: &str, x: i32) -> Window {
        Window {
            title: title.to_owned(),
            area: Rect::new(x, 0, 200, 100),
            focused: true,
        }
    }

    fn seen(at: f64, windows: Vec<Window>) -> Windows {
        Windows { at, windows }
    }

    fn shown(secret: Secret) -> Shown {
        Shown { from: 2.0, secret }
    }

    fn places(covers: &[Cover]) -> Vec<(f64, f64, Rect)> {
        let place = |cover: &Cover| (cover.span.from, cover.span.to, cover.area);
        covers.iter().map(place).collect()
    }

    const SCREEN: Rect = Rect::new(0, 0, 1000, 800);

    #[test]
    fn the_cover_of_a_field_moves_with_its_window_and_ends_with_it() {
        let welcome = Window {
            area: Rect::new(300, 0, 500, 400),
            ..window("Welcome", 300)
        };
        let windows = [
            seen(0.0, vec![window("Login", 10)]),
            seen(5.0, vec![window("Login", 110)]),
            seen(7.0, vec![welcome]),
        ];
        let field = Some(Rect::new(50, 20, 80, 20));
        let secret = Secret::typed(field, &windows[0].windows, SCREEN);
        let (before, after) = (Rect::new(46, 16, 88, 28), Rect::new(146, 16, 88, 28));
        assert_eq!(
            places(&shown(secret).covers(&windows, &[0.0, 4.0, 5.0, 7.0], 10.0)),
            [
                (2.0, 5.0, before),
                (4.0, 5.0, before.union(after)),
                (5.0, 7.0, after),
            ]
        );
    }

    #[test]
    fn what_is_typed_into_no_field_covers_the_window_whatever_becomes_of_it() {
        let larger = Window {
            area: Rect::new(10, 0, 400, 300),
            ..window("*Note", 10)
        };
        let windows = [
            seen(0.0, vec![window("Note", 10)]),
            seen(3.0, vec![window("*Note", 10)]),
            seen(5.0, vec![larger.clone()]),
        ];
        let secret = Secret::typed(None, &windows[0].windows, SCREEN);
        let covers = shown(secret).covers(&windows, &[0.0, 3.0, 5.0], 10.0);
        assert_eq!(covers.last().unwrap().area, larger.area);
        assert_eq!(covers[0].area, window("Note", 10).area);
    }

    #[test]
    fn where_no_window_is_known_all_of_the_screen_is_covered() {
        let secret = Secret::typed(None, &[], SCREEN);
        assert_eq!(
            places(&shown(secret).covers(&[], &[], 10.0)),
            [(2.0, 10.0, SCREEN)]
        );
    }

    #[test]
    fn a_secret_is_where_its_window_is_when_the_next_recording_begins() {
        let secret = Secret::typed(
            Some(Rect::new(50, 20, 80, 20)),
            &[window("Login", 10)],
            SCREEN,
        );
        let now = secret.now(&[window("Login", 20)]).unwrap();
        assert_eq!(now.area, Rect::new(56, 16, 88, 28));
        let other = Window {
            area: Rect::new(0, 0, 50, 50),
            ..window("Other", 0)
        };
        assert!(secret.now(&[other]).is_none());
    }
}
