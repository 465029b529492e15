//! Moving, resizing, raising and closing windows, and their states, by the requests
//! of the Extended Window Manager Hints (EWMH 1.5), as a pager sends them.
//!
//! A window manager may do something other than it is asked, or nothing, without saying so. So the
//! state of the windows is checked until it is as requested, and what has not taken effect after a
//! while is asked for again.

use std::time::{Duration, Instant};

use x11rb::{
    connection::Connection,
    protocol::xproto::{
        ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _, EventMask, InputFocus,
        StackMode, Window as XWindow,
    },
};

use super::{Screen, XError, paint::Unpainted, stack::ICONIC};
use crate::{
    desktop::wire::{Arranged, Arrangement, HiddenBy, Stack, Window},
    geometry::WindowState,
};

/// How long nothing may have changed until a window manager is asked again...
const ASK_AGAIN: Duration = Duration::from_millis(150);
/// ...and how often it is asked in all.
const TRIES: u32 = 3;

/// No border of a window that a window manager takes away is wider, in pixels. What is
/// off by more was put there with intent, such as beside a panel.
const WIDEST_BORDER: i32 = 16;

/// `_NET_WM_STATE`: what becomes of a state.
const REMOVE: u32 = 0;
const ADD: u32 = 1;

/// A pager asks, which a window manager obeys without a doubt.
const PAGER: u32 = 2;

/// `_NET_MOVERESIZE_WINDOW`: the place is that of the program's area, whatever the
/// frame around it takes (`StaticGravity`)...
const STATIC: u32 = 10;
/// ...and the first of the flags that say which of x, y, width and height are given.
const HAS_X: u32 = 1 << 8;

/// A window whose change was requested.
pub(in crate::server) struct Arranging {
    window: XWindow,
    wanted: Arrangement,
    /// How often it was asked for.
    tries: u32,
    /// The state of the window at its last change, and when that was.
    last: Option<(Window, WindowState)>,
    since: Instant,
}

impl Arranging {
    /// The window.
    pub(in crate::server) const fn window(&self) -> XWindow {
        self.window
    }
}

/// What is known of a window and of what lies around it.
struct Seen {
    window: Window,
    state: WindowState,
    states: Vec<u32>,
    stack: Stack,
}

impl Screen {
    /// Begins to arrange a window; `None` where there is no such window. Nothing is
    /// asked for yet.
    pub(in crate::server) fn arrange(
        &self,
        window: XWindow,
        wanted: Arrangement,
    ) -> Result<Option<Arranging>, XError> {
        let listed = self.numbers(self.root, self.atoms._NET_CLIENT_LIST)?;
        let exists = listed.contains(&window) && self.is_there(window)?;
        Ok(exists.then(|| Arranging {
            window,
            wanted,
            tries: 0,
            last: None,
            since: Instant::now(),
        }))
    }

    /// Checks whether a window is as requested, and asks for what is not.
    pub(in crate::server) fn arranged(
        &self,
        arranging: &mut Arranging,
        unpainted: &Unpainted,
    ) -> Result<Arranged, XError> {
        match self.look_and_ask(arranging, unpainted) {
            // It went away between two questions.
            Err(XError::Refused(_)) => Ok(gone(arranging)),
            other => other,
        }
    }

    fn look_and_ask(
        &self,
        arranging: &mut Arranging,
        unpainted: &Unpainted,
    ) -> Result<Arranged, XError> {
        let id = arranging.window;
        let listed = self.numbers(self.root, self.atoms._NET_CLIENT_LIST)?;
        if !listed.contains(&id) || !self.is_there(id)? {
            return Ok(gone(arranging));
        }
        let seen = self.see(id, unpainted)?;
        let wanted = &self.framed_on_screen(id, &arranging.wanted)?;
        let done = self.is_as_wanted(id, wanted, &seen)?;
        let now = Some((seen.window.clone(), seen.state));
        if arranging.last != now {
            arranging.last = now;
            arranging.since = Instant::now();
        }
        let again = arranging.tries == 0 || arranging.since.elapsed() > ASK_AGAIN;
        // A program that is asked twice to close asks its own question twice.
        let tries = if wanted.close { 1 } else { TRIES };
        if !done && again && arranging.tries < tries {
            self.request(id, wanted, &seen, arranging.tries > 0)?;
            arranging.tries += 1;
            arranging.since = Instant::now();
        }
        Ok(Arranged {
            done,
            window: Some(seen.window),
            state: Some(seen.state),
        })
    }

    /// The same, with a window at the left or upper edge as near to it as lets all of
    /// its frame be seen: some window managers would put a title bar above the screen,
    /// others leave it below the panel at the top. A position that is itself left of the
    /// screen or above it stays as it is.
    fn framed_on_screen(&self, id: XWindow, wanted: &Arrangement) -> Result<Arrangement, XError> {
        let mut wanted = wanted.clone();
        if wanted.x.is_none() && wanted.y.is_none() {
            return Ok(wanted);
        }
        let frame = self.numbers(id, self.atoms._NET_FRAME_EXTENTS)?;
        let [left, _, top, _] = frame[..] else {
            return Ok(wanted);
        };
        // Four numbers for each workspace: x, y, width and height.
        let area = self.numbers(self.root, self.atoms._NET_WORKAREA)?;
        let workspace = self.numbers(id, self.atoms._NET_WM_DESKTOP)?;
        let workspace = workspace.first().map_or(0, |number| *number as usize);
        let (areas, _) = area.as_chunks::<4>();
        let panel = areas
            .get(workspace)
            .or(areas.first())
            .map_or(0, |area| area[1]);
        let least = |taken: u32| i32::try_from(taken).unwrap_or(0);
        let shown = |at: i32, taken: u32| if at < 0 { at } else { at.max(least(taken)) };
        wanted.x = wanted.x.map(|x| shown(x, left));
        wanted.y = wanted.y.map(|y| shown(y, panel.saturating_add(top)));
        Ok(wanted)
    }

    fn see(&self, id: XWindow, unpainted: &Unpainted) -> Result<Seen, XError> {
        let focused = self.active_window()? == Some(id);
        let window = self.window(id, focused)?;
        let states = self.numbers(id, self.atoms._NET_WM_STATE)?;
        let atoms = &self.atoms;
        let has = |state: u32| states.contains(&state);
        let iconic = self.numbers(id, atoms.WM_STATE)?.first() == Some(&ICONIC);
        // Some window managers call a shaded window iconic, too.
        let iconic =
            (iconic || has(atoms._NET_WM_STATE_HIDDEN)) && !has(atoms._NET_WM_STATE_SHADED);
        let maximized =
            has(atoms._NET_WM_STATE_MAXIMIZED_HORZ) && has(atoms._NET_WM_STATE_MAXIMIZED_VERT);
        let state = match (iconic, has(atoms._NET_WM_STATE_FULLSCREEN), maximized) {
            (true, ..) => WindowState::Minimized,
            (_, true, _) => WindowState::Fullscreen,
            (.., true) => WindowState::Maximized,
            _ => WindowState::Normal,
        };
        Ok(Seen {
            window,
            state,
            states,
            stack: self.stack(unpainted)?,
        })
    }

    fn is_as_wanted(&self, id: XWindow, wanted: &Arrangement, seen: &Seen) -> Result<bool, XError> {
        let Seen { window, stack, .. } = seen;
        if wanted.close || !wanted.is_place_of(window) {
            return Ok(false);
        }
        if wanted.state.is_some_and(|state| state != seen.state) {
            return Ok(false);
        }
        // On another workspace it is shown when somebody goes there.
        let hidden = stack.hidden(&window.id);
        let shown = matches!(hidden, None | Some(HiddenBy::Workspace));
        let has_to_show = wanted.state.is_some_and(|it| it != WindowState::Minimized);
        let unpainted = stack.layer(&window.id).is_some_and(|layer| !layer.painted);
        if has_to_show && !shown || unpainted {
            return Ok(false);
        }
        Ok(!wanted.raise || hidden.is_none() && self.is_raised(id, seen)?)
    }

    /// Whether a window has the keyboard, if it takes it, and nothing lies on it but
    /// what is kept above other windows.
    fn is_raised(&self, id: XWindow, Seen { window, stack, .. }: &Seen) -> Result<bool, XError> {
        let focus = stack.focus.as_ref().and_then(|focus| stack.layer(focus));
        // A question that it asks has the keyboard in its place.
        if !focus.is_some_and(|layer| layer.belongs_to(&window.id)) {
            let top = self.tops(&[id])?.get(&id).copied();
            if top.map(|top| self.accepts_focus(top)).transpose()? != Some(false) {
                return Ok(false);
            }
        }
        for layer in stack.covering(&window.id).filter(|layer| layer.listed) {
            let Some(cover) = number(&layer.id) else {
                continue;
            };
            let kinds = self.numbers(cover, self.atoms._NET_WM_WINDOW_TYPE)?;
            let states = self.numbers(cover, self.atoms._NET_WM_STATE)?;
            let kept_above = kinds.contains(&self.atoms._NET_WM_WINDOW_TYPE_DOCK)
                || states.contains(&self.atoms._NET_WM_STATE_ABOVE);
            if !kept_above {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Asks for everything that has not taken effect yet.
    fn request(
        &self,
        id: XWindow,
        wanted: &Arrangement,
        seen: &Seen,
        again: bool,
    ) -> Result<(), XError> {
        let managed = self.has_manager()?;
        if wanted.close {
            self.ask_to_close(id, managed)?;
        } else {
            if managed {
                self.ask_for_state(id, wanted, seen)?;
            }
            if wanted.has_place() && !(wanted.is_place_of(&seen.window) && again) {
                if managed {
                    self.ask_for_place(id, wanted, seen, again)?;
                } else {
                    self.place(id, wanted)?;
                }
            }
            if wanted.raise {
                self.ask_to_raise(id, managed)?;
            }
        }
        self.connection.flush()?;
        Ok(())
    }

    /// Takes the window out of the states that are in the way, then asks for the one
    /// that is wanted.
    fn ask_for_state(&self, id: XWindow, wanted: &Arrangement, seen: &Seen) -> Result<(), XError> {
        let atoms = &self.atoms;
        let maximized = [
            atoms._NET_WM_STATE_MAXIMIZED_VERT,
            atoms._NET_WM_STATE_MAXIMIZED_HORZ,
        ];
        let (full, shaded) = (atoms._NET_WM_STATE_FULLSCREEN, atoms._NET_WM_STATE_SHADED);
        let leave = |states: &[u32]| -> Result<(), XError> {
            for state in states.iter().filter(|state| seen.states.contains(state)) {
                self.ask_manager(id, atoms._NET_WM_STATE, [REMOVE, *state, 0, PAGER, 0])?;
            }
            Ok(())
        };
        let has_to_show = wanted.state.is_some_and(|it| it != WindowState::Minimized);
        if has_to_show && seen.state == WindowState::Minimized {
            // A window manager takes the request to map it for itself (ICCCM 4.1.4).
            self.connection.map_window(id)?;
        }
        match wanted.state {
            Some(WindowState::Normal) => leave(&[full, maximized[0], maximized[1], shaded])?,
            Some(WindowState::Maximized) => {
                leave(&[full, shaded])?;
                let [vertical, horizontal] = maximized;
                let add = [ADD, vertical, horizontal, PAGER, 0];
                self.ask_manager(id, atoms._NET_WM_STATE, add)?;
            }
            Some(WindowState::Fullscreen) => {
                leave(&[shaded])?;
                self.ask_manager(id, atoms._NET_WM_STATE, [ADD, full, 0, PAGER, 0])?;
            }
            Some(WindowState::Minimized) if seen.state != WindowState::Minimized => {
                self.ask_manager(id, atoms.WM_CHANGE_STATE, [ICONIC, 0, 0, 0, 0])?;
            }
            None if wanted.has_place() => leave(&[full, maximized[0], maximized[1]])?,
            Some(WindowState::Minimized) | None => {}
        }
        Ok(())
    }

    /// Places a window where no window manager would.
    fn place(&self, id: XWindow, wanted: &Arrangement) -> Result<(), XError> {
        let to = ConfigureWindowAux {
            x: wanted.x,
            y: wanted.y,
            width: wanted.width,
            height: wanted.height,
            ..ConfigureWindowAux::default()
        };
        self.connection.configure_window(id, &to)?;
        Ok(())
    }

    fn ask_for_place(
        &self,
        id: XWindow,
        wanted: &Arrangement,
        seen: &Seen,
        again: bool,
    ) -> Result<(), XError> {
        let Arrangement {
            mut x,
            mut y,
            width,
            height,
            ..
        } = *wanted;
        if again {
            // Where the window manager adds something of its own, such as the border
            // that it has taken away, that much less is asked for.
            let less = |wanted: i32, seen: i32| match wanted - seen {
                off if off.abs() <= WIDEST_BORDER => wanted + off,
                _ => wanted,
            };
            x = x.map(|x| less(x, seen.window.x));
            y = y.map(|y| less(y, seen.window.y));
        }
        let numbers = [
            x.map(i32::cast_unsigned),
            y.map(i32::cast_unsigned),
            width,
            height,
        ];
        let mut flags = STATIC | PAGER << 12;
        for (bit, number) in numbers.iter().enumerate() {
            if number.is_some() {
                flags |= HAS_X << bit;
            }
        }
        let [x, y, width, height] = numbers.map(Option::unwrap_or_default);
        let data = [flags, x, y, width, height];
        self.ask_manager(id, self.atoms._NET_MOVERESIZE_WINDOW, data)
    }

    fn ask_to_raise(&self, id: XWindow, managed: bool) -> Result<(), XError> {
        if managed {
            let data = [PAGER, x11rb::CURRENT_TIME, 0, 0, 0];
            return self.ask_manager(id, self.atoms._NET_ACTIVE_WINDOW, data);
        }
        let top = ConfigureWindowAux::new().stack_mode(StackMode::ABOVE);
        self.connection.configure_window(id, &top)?;
        let (back, now) = (InputFocus::PARENT, x11rb::CURRENT_TIME);
        self.connection.set_input_focus(back, id, now)?;
        Ok(())
    }

    fn ask_to_close(&self, id: XWindow, managed: bool) -> Result<(), XError> {
        if managed {
            let data = [x11rb::CURRENT_TIME, PAGER, 0, 0, 0];
            return self.ask_manager(id, self.atoms._NET_CLOSE_WINDOW, data);
        }
        let protocols = self.numbers(id, self.atoms.WM_PROTOCOLS)?;
        if !protocols.contains(&self.atoms.WM_DELETE_WINDOW) {
            self.connection.kill_client(id)?;
            return Ok(());
        }
        let data = [self.atoms.WM_DELETE_WINDOW, x11rb::CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, id, self.atoms.WM_PROTOCOLS, data);
        self.connection
            .send_event(false, id, EventMask::NO_EVENT, message)?;
        Ok(())
    }

    /// Sends the window manager a request about a window.
    fn ask_manager(&self, id: XWindow, what: u32, data: [u32; 5]) -> Result<(), XError> {
        let message = ClientMessageEvent::new(32, id, what, data);
        let to = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, to, message)?;
        Ok(())
    }

    /// Whether a window manager is there: one that has ended may have left its mark.
    fn has_manager(&self) -> Result<bool, XError> {
        let check = self.atoms._NET_SUPPORTING_WM_CHECK;
        let Some(window) = self.numbers(self.root, check)?.first().copied() else {
            return Ok(false);
        };
        match self.numbers(window, check) {
            Ok(itself) => Ok(itself.first() == Some(&window)),
            Err(XError::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn is_there(&self, id: XWindow) -> Result<bool, XError> {
        let geometry = self.connection.get_geometry(id)?;
        Ok(super::unless_gone(geometry.reply())?.is_some())
    }
}

/// The outcome of a window that is gone.
fn gone(arranging: &Arranging) -> Arranged {
    Arranged {
        done: arranging.wanted.close,
        ..Arranged::default()
    }
}

/// The number of a window by its name: `0x04000007`.
pub(in crate::server) fn number(name: &str) -> Option<XWindow> {
    let digits = name.strip_prefix("0x")?;
    let is_hex = !digits.starts_with('+');
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}
