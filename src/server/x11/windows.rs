//! The windows that the window manager lists, by the properties of the
//! Extended Window Manager Hints (EWMH 1.5).

use x11rb::{
    atom_manager,
    protocol::xproto::{
        AtomEnum, ConnectionExt as _, GetPropertyReply, PropMode, Window as XWindow,
    },
    wrapper::ConnectionExt as _,
};

use super::{
    Screen, XError,
    arrange::number,
    stack::name,
    text::{self, Kind},
};
use crate::{desktop::wire::Window, geometry::Point};

atom_manager! {
    /// The atoms of properties, their types and messages.
    pub(super) Atoms: AtomsCookie {
        ATOM_PAIR,
        CLIPBOARD,
        COMPOUND_TEXT,
        DESKHAND_SELECTION,
        INCR,
        MULTIPLE,
        PLAIN: b"text/plain",
        PLAIN_UTF8: b"text/plain;charset=utf-8",
        TARGETS,
        TEXT,
        TIMESTAMP,
        UTF8_STRING,
        WM_CHANGE_STATE,
        WM_DELETE_WINDOW,
        WM_PROTOCOLS,
        WM_STATE,
        WM_TAKE_FOCUS,
        _NET_ACTIVE_WINDOW,
        _NET_CLIENT_LIST,
        _NET_CLOSE_WINDOW,
        _NET_CURRENT_DESKTOP,
        _NET_FRAME_EXTENTS,
        _NET_MOVERESIZE_WINDOW,
        _NET_SUPPORTING_WM_CHECK,
        _NET_WM_DESKTOP,
        _NET_WM_NAME,
        _NET_WM_PID,
        _NET_WM_PING,
        _NET_WM_STATE,
        _NET_WM_STATE_ABOVE,
        _NET_WM_STATE_FULLSCREEN,
        _NET_WM_STATE_HIDDEN,
        _NET_WM_STATE_MAXIMIZED_HORZ,
        _NET_WM_STATE_MAXIMIZED_VERT,
        _NET_WM_STATE_SHADED,
        _NET_WM_WINDOW_TYPE,
        _NET_WM_WINDOW_TYPE_DESKTOP,
        _NET_WM_WINDOW_TYPE_DOCK,
        _NET_WORKAREA,
        AT_SPI_BUS,
        _GTK_FRAME_EXTENTS,
    }
}

/// The longest property that is read, in units of four bytes.
pub(super) const MAX_LENGTH: u32 = 4096;

impl Screen {
    /// Every window of the window manager's list, oldest first. Positions and
    /// sizes are those of the program's own area, without the frame. A window
    /// that closes while the list is made is left out.
    pub(in crate::server) fn windows(&self) -> Result<Vec<Window>, XError> {
        let focused = self.active_window()?;
        let ids = self.numbers(self.root, self.atoms._NET_CLIENT_LIST)?;
        let windows = ids
            .into_iter()
            .map(|id| self.window(id, focused == Some(id)));
        windows
            .filter_map(|window| match window {
                Err(XError::Refused(_)) => None,
                other => Some(other),
            })
            .collect()
    }

    /// The window that has the focus, if the window manager knows one.
    pub(super) fn active_window(&self) -> Result<Option<XWindow>, XError> {
        let active = self.numbers(self.root, self.atoms._NET_ACTIVE_WINDOW)?;
        Ok(active.first().copied().filter(|id| *id != 0))
    }

    /// How wide the shadows of these windows are at the left and at the top, in pixels,
    /// which programs draw around themselves that have no frame of a window manager.
    pub(in crate::server) fn shadows(&self, windows: &[Window]) -> Result<Vec<Point>, XError> {
        let property = self.atoms._GTK_FRAME_EXTENTS;
        let shadow = |window: &Window| {
            let id = number(&window.id).unwrap_or_default();
            match self.numbers(id, property) {
                Ok(edges) => {
                    let edge = |at: usize| {
                        let width = edges.get(at).copied().unwrap_or_default();
                        i32::try_from(width).unwrap_or_default()
                    };
                    Ok(Point::new(edge(0), edge(2)))
                }
                // It has closed meanwhile.
                Err(XError::Refused(_)) => Ok(Point::default()),
                Err(error) => Err(error),
            }
        };
        windows.iter().map(shadow).collect()
    }

    /// Tells programs where the accessibility bus is, in the property of the root window
    /// in which they look for it: some of Qt 5 look nowhere else in time.
    pub(in crate::server) fn tell_of_accessibility(&self, address: &str) -> Result<(), XError> {
        self.connection
            .change_property8(
                PropMode::REPLACE,
                self.root,
                self.atoms.AT_SPI_BUS,
                AtomEnum::STRING,
                address.as_bytes(),
            )?
            .check()?;
        Ok(())
    }

    /// Whether a window manager is at work.
    pub(in crate::server) fn is_managed(&self) -> Result<bool, XError> {
        let manager = self.numbers(self.root, self.atoms._NET_SUPPORTING_WM_CHECK)?;
        Ok(!manager.is_empty())
    }

    pub(super) fn window(&self, id: XWindow, focused: bool) -> Result<Window, XError> {
        let geometry = self.connection.get_geometry(id)?;
        let place = self.connection.translate_coordinates(id, self.root, 0, 0)?;
        let (geometry, place) = (geometry.reply()?, place.reply()?);
        let desktop = self
            .numbers(id, self.atoms._NET_WM_DESKTOP)?
            .first()
            .copied();
        let pid = self.numbers(id, self.atoms._NET_WM_PID)?.first().copied();
        let title = match self.first_string(id, self.atoms._NET_WM_NAME)? {
            Some(title) => Some(title),
            None => self.first_string(id, AtomEnum::WM_NAME.into())?,
        };
        let class = self.strings(id, AtomEnum::WM_CLASS.into())?;
        let host = self.first_string(id, AtomEnum::WM_CLIENT_MACHINE.into())?;
        Ok(Window {
            id: name(id),
            // The hints write "on all desktops" as the greatest number.
            desktop: desktop.map_or(0, |n| if n == u32::MAX { -1 } else { n.into() }),
            pid: pid.unwrap_or(0).into(),
            x: place.dst_x.into(),
            y: place.dst_y.into(),
            width: geometry.width.into(),
            height: geometry.height.into(),
            class: class.join("."),
            host: host.unwrap_or_default(),
            title: title.unwrap_or_default(),
            focused,
        })
    }

    pub(super) fn numbers(&self, window: XWindow, property: u32) -> Result<Vec<u32>, XError> {
        let any = AtomEnum::ANY;
        let reply = self
            .connection
            .get_property(false, window, property, any, 0, MAX_LENGTH)?
            .reply()?;
        Ok(reply.value32().map(Iterator::collect).unwrap_or_default())
    }

    fn strings(&self, window: XWindow, property: u32) -> Result<Vec<String>, XError> {
        let any = AtomEnum::ANY;
        let reply = self
            .connection
            .get_property(false, window, property, any, 0, MAX_LENGTH)?
            .reply()?;
        Ok(text::strings(self.kind(&reply), &reply.value).collect())
    }

    fn first_string(&self, window: XWindow, property: u32) -> Result<Option<String>, XError> {
        Ok(self.strings(window, property)?.into_iter().next())
    }

    /// The title that a property holds, if it holds one. Of several, window managers
    /// show the first.
    pub(super) fn title(&self, reply: &GetPropertyReply) -> Option<String> {
        text::strings(self.kind(reply), &reply.value).next()
    }

    /// How the bytes of a property are to be read.
    pub(super) fn kind(&self, reply: &GetPropertyReply) -> Kind {
        match reply.type_ {
            utf8 if utf8 == self.atoms.UTF8_STRING => Kind::Utf8,
            compound if compound == self.atoms.COMPOUND_TEXT => Kind::Compound,
            _ => Kind::Other,
        }
    }
}
