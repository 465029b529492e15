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
    errors::ReplyError,
    protocol::{
        shape::{ConnectionExt as _, SK},
        xproto::{
            AtomEnum, ConnectionExt as _, GetPropertyReply, GrabMode, GrabStatus, MapState,
            Rectangle, Window as XWindow, WindowClass,
        },
    },
};

use super::{Screen, XError, paint::Unpainted};
use crate::{
    desktop::wire::{Hidden, HiddenBy, Layer, Stack},
    geometry::Rect,
};

/// A window whose shape has more rectangles is told as the one around them.
const MOST_RECTANGLES: usize = 64;

/// How far the chain from a window to the one that it is transient for is followed.
const LONGEST_CHAIN: usize = 8;

/// The state of an iconic window, in `WM_STATE` (ICCCM 4.1.3.1).
const ICONIC: u32 = 3;

/// `_NET_WM_DESKTOP` of a window that is on all workspaces.
const ALL_WORKSPACES: u32 = u32::MAX;

/// What is known of a window besides its place.
#[derive(Default)]
struct About {
    title: String,
    transient_for: Option<XWindow>,
    workspace: Option<u32>,
    iconic: bool,
    shaded: bool,
    viewable: bool,
}

impl Screen {
    /// What the screen shows, from top to bottom.
    pub(in crate::server) fn stack(&self, unpainted: &Unpainted) -> Result<Stack, XError> {
        let focus = self.connection.get_input_focus()?;
        let pointer = self.connection.query_pointer(self.root)?;
        let tree = self.connection.query_tree(self.root)?;
        let screen = self.size()?.to_rect();
        let clients = self.numbers(self.root, self.atoms._NET_CLIENT_LIST)?;
        let workspace = self.numbers(self.root, self.atoms._NET_CURRENT_DESKTOP)?;
        let (focus, pointer) = (focus.reply()?.focus, pointer.reply()?.child);
        let children = self.shown(tree.reply()?.children)?;
        let frames = self.tops(&clients)?;
        let shows: HashMap<XWindow, XWindow> =
            frames.iter().map(|(client, top)| (*top, *client)).collect();
        // A popup has no frame, so it stands for itself.
        let shown = |top: XWindow| shows.get(&top).copied().unwrap_or(top);
        let mut asked = clients.clone();
        asked.extend(children.iter().map(|child| shown(child.0)));
        asked.dedup();
        let about = self.about(&asked)?;
        let mut layers = Vec::with_capacity(children.len());
        // The last of a window's children lies on top.
        for (top, shape, input) in children.into_iter().rev() {
            let window = shown(top);
            let listed = clients.contains(&window);
            let on_screen = |rect: &Rect| rect.intersection(screen).is_some();
            if !shape.iter().chain(&input).any(on_screen) {
                continue;
            }
            layers.push(Layer {
                id: name(window),
                title: about
                    .get(&window)
                    .map(|it| it.title.clone())
                    .unwrap_or_default(),
                listed,
                owners: self.owners(window, listed, (&clients, &about)),
                input: Some(input).filter(|input| *input != shape),
                shape,
                painted: unpainted.is_painted(window),
            });
        }
        let current = workspace.first().copied();
        let hidden = clients.iter().filter_map(|client| {
            let why = why_hidden(about.get(client)?, current)?;
            let id = name(*client);
            Some(Hidden { id, why })
        });
        let hidden = hidden.collect();
        let focus = match focus {
            // Then the keys go where the pointer is.
            0 => None,
            1 => Some(pointer).filter(|child| *child != x11rb::NONE),
            root if root == self.root => Some(pointer).filter(|child| *child != x11rb::NONE),
            window => self.tops(&[window])?.get(&window).copied(),
        };
        let focus = focus.map(|top| name(shown(top)));
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

    /// Whether a program has taken the keyboard for itself alone. X11 tells it only
    /// to one that tries the same, so this is asked where nobody has the focus:
    /// nobody sees it come and go then.
    fn is_keyboard_grabbed(&self) -> Result<bool, XError> {
        let (now, mode) = (x11rb::CURRENT_TIME, GrabMode::ASYNC);
        let tried = self
            .connection
            .grab_keyboard(true, self.root, now, mode, mode)?
            .reply()?;
        if tried.status == GrabStatus::SUCCESS {
            self.connection.ungrab_keyboard(now)?;
        }
        Ok(tried.status == GrabStatus::ALREADY_GRABBED)
    }

    /// Of the root's children those that are mapped, each with what it covers and
    /// where it takes the pointer.
    #[expect(clippy::type_complexity, reason = "the three are taken apart at once")]
    fn shown(
        &self,
        children: Vec<XWindow>,
    ) -> Result<Vec<(XWindow, Vec<Rect>, Vec<Rect>)>, XError> {
        let asked = children
            .into_iter()
            .map(|child| Ok((child, self.connection.get_window_attributes(child)?)));
        let asked: Vec<_> = asked.collect::<Result<_, XError>>()?;
        let mut mapped = Vec::new();
        for (child, attributes) in asked {
            if let Some(attributes) = unless_gone(attributes.reply())?
                && attributes.map_state == MapState::VIEWABLE
            {
                mapped.push((
                    child,
                    self.connection.get_geometry(child)?,
                    self.connection.shape_get_rectangles(child, SK::BOUNDING)?,
                    self.connection.shape_get_rectangles(child, SK::INPUT)?,
                    attributes.class,
                ));
            }
        }
        let mut shown = Vec::new();
        for (child, geometry, bounding, input, class) in mapped {
            let (geometry, bounding, input) = (
                unless_gone(geometry.reply())?,
                unless_gone(bounding.reply())?,
                unless_gone(input.reply())?,
            );
            let (Some(geometry), Some(bounding), Some(input)) = (geometry, bounding, input) else {
                continue;
            };
            let border = i32::from(geometry.border_width);
            let (x, y) = (
                i32::from(geometry.x) + border,
                i32::from(geometry.y) + border,
            );
            let place = |rects: Vec<Rectangle>| {
                let rects = rects.into_iter().map(|rect| {
                    let (left, top) = (x + i32::from(rect.x), y + i32::from(rect.y));
                    Rect::new(left, top, rect.width.into(), rect.height.into())
                });
                let rects: Vec<Rect> = rects.collect();
                if rects.len() > MOST_RECTANGLES {
                    return rects.into_iter().reduce(Rect::union).into_iter().collect();
                }
                rects
            };
            // A window that is made for input alone covers nothing.
            let visible = class == WindowClass::INPUT_OUTPUT;
            let covers = if visible {
                place(bounding.rectangles)
            } else {
                Vec::new()
            };
            shown.push((child, covers, place(input.rectangles)));
        }
        Ok(shown)
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

    fn about(&self, windows: &[XWindow]) -> Result<HashMap<XWindow, About>, XError> {
        let property = |window, property: u32| {
            let any = AtomEnum::ANY;
            self.connection.get_property(
                false,
                window,
                property,
                any,
                0,
                super::windows::MAX_LENGTH,
            )
        };
        let mut asked = Vec::with_capacity(windows.len());
        for window in windows {
            let properties = [
                property(*window, self.atoms._NET_WM_NAME)?,
                property(*window, AtomEnum::WM_NAME.into())?,
                property(*window, AtomEnum::WM_TRANSIENT_FOR.into())?,
                property(*window, self.atoms._NET_WM_DESKTOP)?,
                property(*window, self.atoms.WM_STATE)?,
                property(*window, self.atoms._NET_WM_STATE)?,
            ];
            let attributes = self.connection.get_window_attributes(*window)?;
            asked.push((*window, properties, attributes));
        }
        let mut known = HashMap::new();
        for (window, properties, attributes) in asked {
            let mut replies = Vec::with_capacity(properties.len());
            for property in properties {
                replies.push(unless_gone(property.reply())?);
            }
            let Some(attributes) = unless_gone(attributes.reply())? else {
                continue;
            };
            let numbers = |index: usize| replies.get(index).and_then(Option::as_ref).map(numbers);
            let first = |index| numbers(index).and_then(|all| all.first().copied());
            let text = |index: usize| {
                let reply = replies.get(index).and_then(Option::as_ref);
                reply.map(|reply| self.decoded(reply)).unwrap_or_default()
            };
            let states = numbers(5).unwrap_or_default();
            let title = Some(text(0)).filter(|title| !title.is_empty());
            let about = About {
                title: title.unwrap_or_else(|| text(1)),
                transient_for: first(2).filter(|id| *id != x11rb::NONE && *id != self.root),
                workspace: first(3),
                iconic: first(4) == Some(ICONIC)
                    || states.contains(&self.atoms._NET_WM_STATE_HIDDEN),
                shaded: states.contains(&self.atoms._NET_WM_STATE_SHADED),
                viewable: attributes.map_state == MapState::VIEWABLE,
            };
            known.insert(window, about);
        }
        Ok(known)
    }

    /// The windows that a window is a part of, nearest first. A popup that does
    /// not say belongs to all windows of its program, which X11 knows by the
    /// connection that made it.
    fn owners(
        &self,
        window: XWindow,
        listed: bool,
        (clients, about): (&[XWindow], &HashMap<XWindow, About>),
    ) -> Vec<String> {
        let owner = |window: &XWindow| about.get(window).and_then(|it| it.transient_for);
        let chain = std::iter::successors(owner(&window), owner);
        let chain: Vec<XWindow> = chain.take(LONGEST_CHAIN).filter(|w| *w != window).collect();
        if listed || !chain.is_empty() {
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

/// A window can go away between two questions; then the answer is an error.
pub(super) fn unless_gone<T>(reply: Result<T, ReplyError>) -> Result<Option<T>, XError> {
    match reply {
        Ok(reply) => Ok(Some(reply)),
        Err(ReplyError::X11Error(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn numbers(reply: &GetPropertyReply) -> Vec<u32> {
    reply.value32().map(Iterator::collect).unwrap_or_default()
}

fn why_hidden(about: &About, current: Option<u32>) -> Option<HiddenBy> {
    if about.viewable {
        return None;
    }
    let elsewhere = about.workspace.is_some_and(|workspace| {
        workspace != ALL_WORKSPACES && current.is_some_and(|current| current != workspace)
    });
    Some(match (elsewhere, about.shaded, about.iconic) {
        (true, ..) => HiddenBy::Workspace,
        (_, true, _) => HiddenBy::Shaded,
        (.., true) => HiddenBy::Minimized,
        _ => HiddenBy::Unmapped,
    })
}
