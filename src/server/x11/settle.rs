//! Waiting until the keyboard is where a person would expect it.
//!
//! A window manager gives the keyboard to a window that is clicked, and to one that
//! has just appeared, and some programs then pass it on inside it. Until that is
//! done, keys would go to the window before.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, MapState, Window as XWindow};

use super::{Screen, XError, lock, paint::Unpainted, pointer::rest, stack::NO_WINDOW, unless_gone};
use crate::{desktop::wire::FocusAfter, geometry::Point};

/// How long a window may take to get the keyboard when its program has nothing else
/// to do.
const PATIENCE: Duration = Duration::from_millis(200);

/// `WM_HINTS` (ICCCM 4.1.2.4): the flag that says that `input` is given.
const INPUT_HINT: u32 = 1;

/// How things were before a click.
pub(super) struct Before {
    focus: XWindow,
    /// Whether the window that is clicked has the keyboard already.
    has_focus: bool,
    /// The child of the root that is clicked; none is the background.
    clicked: Option<XWindow>,
    /// The popups that were there.
    popups: HashSet<XWindow>,
}

impl Screen {
    /// How things are before a click at `place`.
    pub(super) fn before_click(&self, place: Point) -> Result<Before, XError> {
        let [x, y] = [place.x, place.y].map(|n| i16::try_from(n).unwrap_or(i16::MAX));
        let under = self
            .connection
            .translate_coordinates(self.root, self.root, x, y)?;
        let focus = self.focused()?;
        let clicked = Some(under.reply()?.child).filter(|child| *child != x11rb::NONE);
        let has_focus = match clicked {
            Some(clicked) => self.is_inside(focus, clicked)?,
            None => false,
        };
        // Some programs drop the keys that they have not looked at when they lose the
        // keyboard.
        if !has_focus && let Some(receiver) = lock(&self.typed_into).take() {
            self.rest_with_keyboard(receiver)?;
        }
        Ok(Before {
            focus,
            has_focus,
            clicked,
            // Nobody asks for them where the window has the keyboard already.
            popups: if has_focus {
                HashSet::new()
            } else {
                self.popups()?
            },
        })
    }

    /// Waits until the clicked window has the keyboard, or until it is clear that
    /// it will not get it.
    pub(super) fn settle(&self, before: &Before) -> Result<FocusAfter, XError> {
        let Some(clicked) = before.clicked else {
            return Ok(FocusAfter::Refused);
        };
        let begun = Instant::now();
        let (mut asked, mut rested) = (false, false);
        loop {
            let focus = self.focused()?;
            if before.has_focus && focus == before.focus {
                return Ok(FocusAfter::Taken);
            }
            if self.is_inside(focus, clicked)? {
                return Ok(FocusAfter::Taken);
            }
            let known = focus != self.root && !NO_WINDOW.contains(&focus);
            if focus != before.focus && known && self.is_shown(focus)? {
                return Ok(FocusAfter::Elsewhere);
            }
            if !self.is_viewable(clicked)? {
                return Ok(FocusAfter::Closed);
            }
            if !asked && !self.accepts_focus(clicked)? {
                return Ok(FocusAfter::Refused);
            }
            asked = true;
            if !self.popups()?.is_subset(&before.popups) {
                return Ok(FocusAfter::Popup);
            }
            if begun.elapsed() > PATIENCE {
                if rested {
                    return Ok(FocusAfter::Late);
                }
                // Some programs take the keyboard by themselves, as soon as they can.
                if let Some(client) = self.client_in(clicked)? {
                    self.rest_clicked(client)?;
                }
                rested = true;
            }
            rest(begun);
        }
    }

    /// Waits, before the pointer is used, for the program of a window that appeared
    /// a moment ago to come to rest. Whoever waited for the window means it.
    pub(in crate::server) fn settle_new_window(&self, windows: &Unpainted) -> Result<(), XError> {
        if let Some((window, _)) = windows.new_one() {
            self.rest_new(window)?;
            windows.has_settled(window);
        }
        Ok(())
    }

    /// Waits, before keys, for a window that appeared a moment ago as
    /// [`Screen::settle_new_window`] does and until it has the keyboard, and for a
    /// program that has just got the keyboard to know it: some drop the keys that
    /// they meet before.
    pub(in crate::server) fn settle_keyboard(&self, windows: &Unpainted) -> Result<(), XError> {
        if let Some((window, mapped)) = windows.new_one()
            && self.gets_keyboard(window, mapped)?
        {
            self.rest_new(window)?;
            windows.has_settled(window);
            *lock(&self.typed_into) = self.receiver()?;
            return Ok(());
        }
        let Some(receiver) = self.receiver()? else {
            return Ok(());
        };
        if *lock(&self.typed_into) != Some(receiver) {
            self.rest_with_keyboard(receiver)?;
            *lock(&self.typed_into) = Some(receiver);
        }
        Ok(())
    }

    /// Waits until a new window has the keyboard, at most as long as a click does;
    /// answers whether it has.
    fn gets_keyboard(&self, window: XWindow, mapped: Instant) -> Result<bool, XError> {
        let begun = Instant::now();
        let mut asked = false;
        loop {
            let Some(top) = self.tops(&[window])?.get(&window).copied() else {
                return Ok(false);
            };
            if self.is_inside(self.focused()?, top)? {
                return Ok(true);
            }
            let over = mapped.elapsed() > PATIENCE;
            if over || !self.is_viewable(top)? || !asked && !self.accepts_focus(top)? {
                return Ok(false);
            }
            asked = true;
            rest(begun);
        }
    }

    pub(super) fn focused(&self) -> Result<XWindow, XError> {
        Ok(self.connection.get_input_focus()?.reply()?.focus)
    }

    /// Whether a window is `top`, a child of the root, or inside it.
    fn is_inside(&self, window: XWindow, top: XWindow) -> Result<bool, XError> {
        let mut at = window;
        while at != top {
            if at == self.root || NO_WINDOW.contains(&at) {
                return Ok(false);
            }
            let tree = self.connection.query_tree(at)?;
            let parent = unless_gone(tree.reply())?.map(|tree| tree.parent);
            at = parent.unwrap_or(x11rb::NONE);
        }
        Ok(true)
    }

    /// Whether a window that has the keyboard is one that a person would know: not
    /// a helper of the window manager beside the screen.
    pub(super) fn is_shown(&self, window: XWindow) -> Result<bool, XError> {
        let top = if window == self.root || NO_WINDOW.contains(&window) {
            // Then keys go where the pointer is, if they go anywhere.
            let pointer = self.connection.query_pointer(self.root)?.reply()?;
            Some(pointer.child).filter(|child| *child != x11rb::NONE && window != x11rb::NONE)
        } else {
            self.tops(&[window])?.get(&window).copied()
        };
        let Some(top) = top else {
            return Ok(false);
        };
        let geometry = self.connection.get_geometry(top)?;
        let Some(geometry) = unless_gone(geometry.reply())? else {
            return Ok(false);
        };
        let on_screen = |place: i16, length: u16| i32::from(place) + i32::from(length) > 0;
        Ok(on_screen(geometry.x, geometry.width) && on_screen(geometry.y, geometry.height))
    }

    fn is_viewable(&self, window: XWindow) -> Result<bool, XError> {
        let attributes = self.connection.get_window_attributes(window)?;
        let attributes = unless_gone(attributes.reply())?;
        Ok(attributes.is_some_and(|it| it.map_state == MapState::VIEWABLE))
    }

    /// The popups that are shown: children of the root that no window manager has
    /// framed.
    fn popups(&self) -> Result<HashSet<XWindow>, XError> {
        let children = self.connection.query_tree(self.root)?.reply()?.children;
        let asked = children
            .into_iter()
            .map(|child| Ok((child, self.connection.get_window_attributes(child)?)));
        let asked: Vec<_> = asked.collect::<Result<_, XError>>()?;
        let mut popups = HashSet::new();
        for (child, attributes) in asked {
            if let Some(it) = unless_gone(attributes.reply())?
                && it.override_redirect
                && it.map_state == MapState::VIEWABLE
            {
                popups.insert(child);
            }
        }
        Ok(popups)
    }

    /// The window of a program that is in `top`, a child of the root.
    fn client_in(&self, top: XWindow) -> Result<Option<XWindow>, XError> {
        let clients = self.numbers(self.root, self.atoms._NET_CLIENT_LIST)?;
        let tops = self.tops(&clients)?;
        Ok(clients.into_iter().find(|it| tops.get(it) == Some(&top)))
    }

    /// Whether the program whose window is in `top` wants the keyboard (ICCCM
    /// 4.1.7). A popup gets it from nobody.
    pub(super) fn accepts_focus(&self, top: XWindow) -> Result<bool, XError> {
        let Some(client) = self.client_in(top)? else {
            return Ok(false);
        };
        let numbers = |property| match self.numbers(client, property) {
            Err(XError::Refused(_)) => Ok(Vec::new()),
            other => other,
        };
        // Window managers give panels no keyboard, whatever these say.
        let kinds = numbers(self.atoms._NET_WM_WINDOW_TYPE)?;
        if kinds.contains(&self.atoms._NET_WM_WINDOW_TYPE_DOCK) {
            return Ok(false);
        }
        let hints = numbers(AtomEnum::WM_HINTS.into())?;
        let refuses =
            matches!(hints[..], [flags, input, ..] if flags & INPUT_HINT != 0 && input == 0);
        let protocols = numbers(self.atoms.WM_PROTOCOLS)?;
        Ok(!refuses || protocols.contains(&self.atoms.WM_TAKE_FOCUS))
    }
}
