//! What lies on the screen and on what: the windows below the root, from top to
//! bottom, each with the window of the list that it shows.
//!
//! A window manager puts each window of its list into a frame of its own. What
//! else lies below the root and is mapped is a popup, a menu, or a helper. All
//! questions of one kind are sent together, because the answers take longer than
//! the work.

use std::collections::HashMap;

use x11rb::{
    connection::Connection,
    cookie::Cookie,
    protocol::{
        shape::{ConnectionExt as _, SK},
        xproto::{
            AtomEnum, ConnectionExt as _, GetPropertyReply, GetWindowAttributesReply, MapState,
            Rectangle, Window as XWindow, WindowClass,
        },
    },
    rust_connection::RustConnection,
};

use super::{Screen, XError, paint::Unpainted, unless_gone};
use crate::{
    desktop::wire::{Hidden, HiddenBy, Layer, Stack},
    geometry::{Point, Rect},
};

/// A window whose shape has more rectangles is told as the one around them.
const MOST_RECTANGLES: usize = 4096;

/// How far the chain from a window to the one that it is transient for is followed.
const LONGEST_CHAIN: usize = 8;

/// The state of an iconic window, in `WM_STATE` (ICCCM 4.1.3.1).
pub(super) const ICONIC: u32 = 3;

/// `_NET_WM_DESKTOP` of a window that is on all workspaces.
const ALL_WORKSPACES: u32 = u32::MAX;

/// What the X server answers instead of a window that has the focus: none, or the
/// root of the screen that the pointer is on.
pub(super) const NO_WINDOW: [XWindow; 2] = [0, 1];

/// A question that is sent and not answered yet.
type Asked<'c, R> = Cookie<'c, RustConnection, R>;

/// The questions for an [`About`].
struct AskedAbout<'c> {
    name: Asked<'c, GetPropertyReply>,
    old_name: Asked<'c, GetPropertyReply>,
    transient_for: Asked<'c, GetPropertyReply>,
    workspace: Asked<'c, GetPropertyReply>,
    state: Asked<'c, GetPropertyReply>,
    states: Asked<'c, GetPropertyReply>,
    kind: Asked<'c, GetPropertyReply>,
    attributes: Asked<'c, GetWindowAttributesReply>,
}

/// What is known of a window besides its place.
struct About {
    title: String,
    transient_for: Option<XWindow>,
    workspace: Option<u32>,
    /// Why it is not shown, if that is not for its workspace.
    hidden: Option<HiddenBy>,
    /// Whether it is the desktop's background, which no text is meant for.
    background: bool,
}

/// What is known when the layers are put together.
struct Known<'k> {
    /// The windows in the window manager's list.
    clients: &'k [XWindow],
    about: &'k HashMap<XWindow, About>,
    unpainted: &'k Unpainted,
}

/// A child of the root that is shown.
struct Child {
    id: XWindow,
    /// What it covers: nothing where it is made for input alone.
    covers: Vec<Rect>,
    /// Where it takes the pointer.
    input: Vec<Rect>,
}

impl Screen {
    /// What the screen shows, from top to bottom.
    ///
    /// A round trip costs more than a question, so all questions that do not need
    /// each other's answers go together: there are four trips in all.
    pub(in crate::server) fn stack(&self, unpainted: &Unpainted) -> Result<Stack, XError> {
        let x11 = &self.connection;
        let focus = x11.get_input_focus()?;
        let pointer = x11.query_pointer(self.root)?;
        let size = x11.get_geometry(self.root)?;
        let tree = x11.query_tree(self.root)?;
        let clients = self.ask(self.root, self.atoms._NET_CLIENT_LIST)?;
        let workspace = self.ask(self.root, self.atoms._NET_CURRENT_DESKTOP)?;
        let (focus, pointer) = (focus.reply()?.focus, pointer.reply()?.child);
        let size = size.reply()?;
        let screen = Rect::new(0, 0, size.width.into(), size.height.into());
        let children = tree.reply()?.children;
        let clients = numbers(&clients.reply()?);
        let workspace = numbers(&workspace.reply()?).first().copied();

        let has_window = focus != self.root && !NO_WINDOW.contains(&focus);
        let mut climbing = clients.clone();
        climbing.extend(Some(focus).filter(|_| has_window));
        let attributes = all(&children, |child| Ok(x11.get_window_attributes(child)?))?;
        let properties = all(&clients, |client| self.ask_about(client))?;
        let tops = self.tops(&climbing)?;
        let mut about = HashMap::new();
        for (client, asked) in properties {
            about.extend(self.read_about(asked)?.map(|it| (client, it)));
        }
        let mut mapped = Vec::with_capacity(children.len());
        for (child, asked) in attributes {
            if let Some(it) = unless_gone(asked.reply())?
                && it.map_state == MapState::VIEWABLE
            {
                mapped.push((child, it.class == WindowClass::INPUT_OUTPUT));
            }
        }

        let shows: HashMap<XWindow, XWindow> = clients
            .iter()
            .filter_map(|client| Some((*tops.get(client)?, *client)))
            .collect();
        // A popup has no frame, so it stands for itself.
        let window_of = |top: XWindow| shows.get(&top).copied().unwrap_or(top);
        let unframed = mapped.iter().map(|(child, _)| *child);
        let unframed: Vec<XWindow> = unframed
            .filter(|child| !shows.contains_key(child))
            .collect();
        let properties = all(&unframed, |popup| self.ask_about(popup))?;
        let children = self.children(&mapped)?;
        for (popup, asked) in properties {
            about.extend(self.read_about(asked)?.map(|it| (popup, it)));
        }

        let known = Known {
            clients: &clients,
            about: &about,
            unpainted,
        };
        let mut layers = Vec::with_capacity(children.len());
        // The last of a window's children lies on top.
        for child in children.into_iter().rev() {
            let on_screen = |rect: &Rect| rect.intersection(screen).is_some();
            if !child.covers.iter().chain(&child.input).any(on_screen) {
                continue;
            }
            let window = window_of(child.id);
            layers.push(self.layer(window, child, &known));
        }
        let hidden = clients.iter().filter_map(|client| {
            let why = why_hidden(about.get(client)?, workspace)?;
            let id = name(*client);
            Some(Hidden { id, why })
        });
        let hidden = hidden.collect();
        let focus = match focus {
            window if has_window => tops.get(&window).copied(),
            0 => None,
            // Then the keys go where the pointer is.
            _ => Some(pointer).filter(|child| *child != x11rb::NONE),
        };
        let focus = focus.map(window_of);
        let focus = focus.filter(|window| !about.get(window).is_some_and(|it| it.background));
        let focus = focus.map(name);
        // A window manager gives the keyboard to a helper where nobody is to have it.
        let mut focus = focus.filter(|id| layers.iter().any(|layer| layer.id == *id));
        if focus.is_none() && self.is_keyboard_grabbed()? {
            // A menu takes all keys, whoever has the focus.
            let popup = layers.iter().find(|layer| !layer.listed);
            focus = popup.or(layers.first()).map(|layer| layer.id.clone());
        }
        Ok(Stack {
            layers,
            hidden,
            focus,
            still: 0,
        })
    }

    /// The layer of a child of the root that shows a window, which may be listed.
    fn layer(
        &self,
        window: XWindow,
        Child { id, covers, input }: Child,
        known: &Known<'_>,
    ) -> Layer {
        let Known {
            about, unpainted, ..
        } = known;
        let listed = known.clients.contains(&window);
        let title = about.get(&window).map(|it| it.title.clone());
        let plain = unpainted.is_new(window) && self.is_plain(window);
        if !plain {
            unpainted.is_seen(&[window, id]);
        }
        Layer {
            id: name(window),
            title: title.unwrap_or_default(),
            listed,
            owners: self.owners(window, known),
            input: Some(input).filter(|input| *input != covers),
            shape: covers,
            painted: unpainted.is_painted(window) && !plain,
        }
    }

    /// Whether a window shows one colour only. What another program or the X server
    /// did in a new window is no drawing of its own.
    fn is_plain(&self, window: XWindow) -> bool {
        let look = || -> Result<bool, XError> {
            let geometry = self.connection.get_geometry(window)?;
            let place = self
                .connection
                .translate_coordinates(window, self.root, 0, 0)?;
            let (geometry, place) = (geometry.reply()?, place.reply()?);
            let (x, y) = (place.dst_x.into(), place.dst_y.into());
            let area = Rect::new(x, y, geometry.width.into(), geometry.height.into());
            let Some(area) = area.intersection(self.size()?.to_rect()) else {
                return Ok(false);
            };
            let frame = self.capture(area)?;
            let first = frame.pixel(Point::new(0, 0));
            let mut pixels = frame.bytes().chunks_exact(3);
            Ok(pixels.all(|pixel| first.is_some_and(|first| pixel == first)))
        };
        // One that closed meanwhile is not in the way.
        look().unwrap_or(false)
    }

    /// What mapped children of the root cover, and where they take the pointer; each
    /// comes with whether it can be seen at all.
    fn children(&self, shown: &[(XWindow, bool)]) -> Result<Vec<Child>, XError> {
        let x11 = &self.connection;
        let asked = all(shown, |(child, _)| {
            Ok((
                x11.get_geometry(child)?,
                x11.shape_get_rectangles(child, SK::BOUNDING)?,
                x11.shape_get_rectangles(child, SK::INPUT)?,
            ))
        })?;
        let mut children = Vec::with_capacity(asked.len());
        for ((id, visible), (geometry, bounding, input)) in asked {
            let (geometry, bounding, input) = (
                unless_gone(geometry.reply())?,
                unless_gone(bounding.reply())?,
                unless_gone(input.reply())?,
            );
            let (Some(geometry), Some(bounding), Some(input)) = (geometry, bounding, input) else {
                continue;
            };
            let border = i32::from(geometry.border_width);
            let corner = Point::new(
                i32::from(geometry.x) + border,
                i32::from(geometry.y) + border,
            );
            let bounding = Some(bounding.rectangles).filter(|_| visible);
            children.push(Child {
                id,
                covers: placed(bounding.unwrap_or_default(), corner),
                input: placed(input.rectangles, corner),
            });
        }
        Ok(children)
    }

    /// The child of the root in which each window is.
    pub(super) fn tops(&self, windows: &[XWindow]) -> Result<HashMap<XWindow, XWindow>, XError> {
        let mut tops = HashMap::new();
        let mut climbing: Vec<(XWindow, XWindow)> = windows.iter().map(|w| (*w, *w)).collect();
        while !climbing.is_empty() {
            let asked = climbing
                .into_iter()
                .map(|(window, at)| Ok((window, at, self.connection.query_tree(at)?)));
            let asked: Vec<_> = asked.collect::<Result<_, XError>>()?;
            climbing = Vec::new();
            for (window, at, tree) in asked {
                match unless_gone(tree.reply())?.map(|tree| tree.parent) {
                    Some(parent) if parent == self.root => {
                        tops.insert(window, at);
                    }
                    Some(parent) if parent != x11rb::NONE => climbing.push((window, parent)),
                    _ => {}
                }
            }
        }
        Ok(tops)
    }

    fn ask(&self, window: XWindow, property: u32) -> Result<Asked<'_, GetPropertyReply>, XError> {
        let (any, length) = (AtomEnum::ANY, super::windows::MAX_LENGTH);
        Ok(self
            .connection
            .get_property(false, window, property, any, 0, length)?)
    }

    fn ask_about(&self, window: XWindow) -> Result<AskedAbout<'_>, XError> {
        Ok(AskedAbout {
            name: self.ask(window, self.atoms._NET_WM_NAME)?,
            old_name: self.ask(window, AtomEnum::WM_NAME.into())?,
            transient_for: self.ask(window, AtomEnum::WM_TRANSIENT_FOR.into())?,
            workspace: self.ask(window, self.atoms._NET_WM_DESKTOP)?,
            state: self.ask(window, self.atoms.WM_STATE)?,
            states: self.ask(window, self.atoms._NET_WM_STATE)?,
            kind: self.ask(window, self.atoms._NET_WM_WINDOW_TYPE)?,
            attributes: self.connection.get_window_attributes(window)?,
        })
    }

    /// What a window's properties say; `None` if it is gone.
    fn read_about(&self, asked: AskedAbout<'_>) -> Result<Option<About>, XError> {
        let replies = [
            unless_gone(asked.name.reply())?,
            unless_gone(asked.old_name.reply())?,
            unless_gone(asked.transient_for.reply())?,
            unless_gone(asked.workspace.reply())?,
            unless_gone(asked.state.reply())?,
            unless_gone(asked.states.reply())?,
            unless_gone(asked.kind.reply())?,
        ];
        let attributes = unless_gone(asked.attributes.reply())?;
        let (
            [
                Some(name),
                Some(old_name),
                Some(owner),
                Some(workspace),
                Some(state),
                Some(states),
                Some(kind),
            ],
            Some(attributes),
        ) = (replies, attributes)
        else {
            return Ok(None);
        };
        let first = |reply| numbers(reply).first().copied();
        let states = numbers(&states);
        let iconic =
            first(&state) == Some(ICONIC) || states.contains(&self.atoms._NET_WM_STATE_HIDDEN);
        let hidden = match attributes.map_state {
            // Some window managers leave it mapped, in a frame that cuts it off.
            _ if states.contains(&self.atoms._NET_WM_STATE_SHADED) => Some(HiddenBy::Shaded),
            MapState::VIEWABLE => None,
            _ if iconic => Some(HiddenBy::Minimized),
            _ => Some(HiddenBy::Unmapped),
        };
        let title = self.title(&name).or_else(|| self.title(&old_name));
        Ok(Some(About {
            title: title.unwrap_or_default(),
            transient_for: first(&owner).filter(|id| *id != x11rb::NONE && *id != self.root),
            workspace: first(&workspace),
            hidden,
            background: numbers(&kind).contains(&self.atoms._NET_WM_WINDOW_TYPE_DESKTOP),
        }))
    }

    /// The windows that a window is a part of, nearest first. A popup that does
    /// not say belongs to all windows of its program, which X11 knows by the
    /// connection that made it.
    fn owners(&self, window: XWindow, Known { clients, about, .. }: &Known<'_>) -> Vec<String> {
        let owner = |window: &XWindow| about.get(window).and_then(|it| it.transient_for);
        let chain = std::iter::successors(owner(&window), owner);
        let chain: Vec<XWindow> = chain.take(LONGEST_CHAIN).filter(|w| *w != window).collect();
        if clients.contains(&window) || !chain.is_empty() {
            return chain.into_iter().map(name).collect();
        }
        let program = |id: XWindow| id & !self.connection.setup().resource_id_mask;
        let same = clients.iter().filter(|id| program(**id) == program(window));
        same.map(|id| name(*id)).collect()
    }
}

/// X11's number of a window, as the list of windows has it.
pub(super) fn name(window: XWindow) -> String {
    format!("0x{window:08x}")
}

/// Sends a question about each of several things.
fn all<T: Copy, A>(
    things: &[T],
    ask: impl Fn(T) -> Result<A, XError>,
) -> Result<Vec<(T, A)>, XError> {
    things
        .iter()
        .map(|thing| Ok((*thing, ask(*thing)?)))
        .collect()
}

/// Rectangles of a window whose own corner lies there.
fn placed(rects: Vec<Rectangle>, corner: Point) -> Vec<Rect> {
    let many = rects.len() > MOST_RECTANGLES;
    let rects = rects.into_iter().map(|rect| {
        let (x, y) = (corner.x + i32::from(rect.x), corner.y + i32::from(rect.y));
        Rect::new(x, y, rect.width.into(), rect.height.into())
    });
    if many {
        return rects.reduce(Rect::union).into_iter().collect();
    }
    rects.collect()
}

fn numbers(reply: &GetPropertyReply) -> Vec<u32> {
    reply.value32().map(Iterator::collect).unwrap_or_default()
}

fn why_hidden(about: &About, current: Option<u32>) -> Option<HiddenBy> {
    let hidden = about.hidden?;
    let elsewhere = about.workspace.is_some_and(|workspace| {
        workspace != ALL_WORKSPACES && current.is_some_and(|current| current != workspace)
    });
    Some(if elsewhere {
        HiddenBy::Workspace
    } else {
        hidden
    })
}

#[cfg(test)]
mod tests;
