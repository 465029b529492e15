//! The widgets of programs, from the accessibility bus of the session (AT-SPI2).
//!
//! ```text
//! api ──▶ Widgets ──▶ bus ──▶ the programs        what there is, as they tell it
//!            │  ▲
//!            │  └──── place ◀── x11               which window of the screen it is in
//!            ├──────▶ read                        the trees, as far as they matter
//!            └──────▶ describe, role, state       in the words of the API
//! ```

mod bus;
mod describe;
mod place;
mod program;
mod read;
mod role;
mod state;

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex as Lock, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use tokio::{sync::Mutex, time::Instant};

pub(super) use self::place::Windows;
use self::{
    bus::{Bus, BusError, Reference},
    program::{Program, Window},
};
use crate::{
    desktop::wire::{Scope, Unreadable, Widget, WidgetTrees, WidgetsFound, limits},
    server::keeper::SessionFolder,
    widget::{Role, Wanted},
};

/// How long a program that did not answer is not asked again.
const LEFT_ALONE: Duration = Duration::from_secs(3);

/// How long a program may take to scroll.
const SCROLLING: Duration = Duration::from_millis(500);

/// How often it is looked whether it has.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Why no widgets can be told.
#[derive(Debug, thiserror::Error)]
pub(super) enum WidgetsError {
    /// The window or the widget that was named is not there.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// The accessibility bus is not there.
    #[error("{0}")]
    Lost(String),
}

impl From<BusError> for WidgetsError {
    fn from(error: BusError) -> Self {
        match error {
            BusError::Refused(_) => Self::Unknown("widget"),
            error => Self::Lost(error.to_string()),
        }
    }
}

/// The widgets of a session.
#[derive(Debug)]
pub(super) struct Widgets {
    /// Where the session has its sockets.
    session: SessionFolder,
    bus: Mutex<Option<Bus>>,
    /// The programs that did not answer, and until when they are left alone.
    silent: Lock<HashMap<String, Instant>>,
}

/// What is looked for, and where.
pub(super) struct Search<'a> {
    pub(super) scope: &'a Scope,
    pub(super) wanted: Wanted,
    /// Whether what is hidden counts.
    pub(super) hidden: bool,
}

impl Widgets {
    /// Those of the session that is there.
    pub(super) fn new(session: SessionFolder) -> Self {
        Self {
            session,
            bus: Mutex::default(),
            silent: Lock::default(),
        }
    }

    /// Has the programs of a session that has just been started report their widgets.
    /// Answers the address of the accessibility bus, which the X server is to tell to
    /// those that ask it.
    pub(super) async fn begin(&self) -> Result<String, WidgetsError> {
        let mut bus = self.bus.lock().await;
        let (new, address) = Bus::connect(&self.session).await?;
        *bus = Some(new);
        Ok(address)
    }

    async fn bus(&self) -> Result<Bus, WidgetsError> {
        let mut bus = self.bus.lock().await;
        if let Some(bus) = &*bus
            && bus.is_there().await
        {
            return Ok(bus.clone());
        }
        let (new, _) = Bus::connect(&self.session).await?;
        *bus = Some(new.clone());
        Ok(new)
    }

    /// The widgets of a scope, as trees.
    pub(super) async fn trees(
        &self,
        scope: &Scope,
        windows: &Windows,
    ) -> Result<WidgetTrees, WidgetsError> {
        let bus = self.bus().await?;
        let read = self.read(&bus, scope, windows, false).await?;
        let mut items = Vec::new();
        for window in &read.windows {
            items.push(whole(&bus, window, windows).await);
        }
        Ok(WidgetTrees {
            items,
            unreadable: read.unreadable,
        })
    }

    /// The widgets that are meant, or what comes near.
    pub(super) async fn find(
        &self,
        search: Search<'_>,
        windows: &Windows,
    ) -> Result<WidgetsFound, WidgetsError> {
        let bus = self.bus().await?;
        let read = self
            .read(&bus, search.scope, windows, search.hidden)
            .await?;
        let wanted = &search.wanted;
        let mut found = WidgetsFound {
            unreadable: read.unreadable,
            ..WidgetsFound::default()
        };
        let mut seen: HashSet<&Reference> = HashSet::new();
        let mut meant = Vec::new();
        for window in &read.windows {
            for at in window.all() {
                let node = &window.tree.nodes[at];
                let role = window.tree.role(at);
                let may_be = role != Role::Generic && wanted.is_role(role);
                // An open combobox of GTK 3 has its entries twice.
                if may_be && seen.insert(&node.reference) {
                    meant.push((window, at));
                }
            }
        }
        let mut described = all(&bus, meant, windows).await;
        described.retain(|widget| wanted.is(widget.known()));
        described.truncate(limits::WIDGETS);
        found.items = described;
        if found.items.is_empty() {
            found.near = near(&bus, &read.windows, wanted, windows).await;
        }
        Ok(found)
    }

    /// Scrolls to a widget, as far as its program can; answers where it then is.
    pub(super) async fn reveal(&self, id: &str, windows: &Windows) -> Result<Widget, WidgetsError> {
        let reference = Reference::of_id(id).ok_or(WidgetsError::Unknown("widget"))?;
        let bus = self.bus().await?;
        // Not every toolkit can, and those that can may scroll some time later.
        let scrolls = matches!(bus.scroll_to(&reference).await, Ok(true));
        let begun = Instant::now();
        let scope = Scope::Widget(id.to_owned());
        loop {
            let read = self.read(&bus, &scope, windows, true).await?;
            let Some(window) = read.windows.first() else {
                return Err(WidgetsError::Unknown("widget"));
            };
            let widget = describe(&bus, window, window.top, windows).await;
            if widget.visible || !scrolls || begun.elapsed() >= SCROLLING {
                return Ok(widget);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Reads the windows of a scope.
    async fn read(
        &self,
        bus: &Bus,
        scope: &Scope,
        windows: &Windows,
        hidden: bool,
    ) -> Result<Read, WidgetsError> {
        let window = match scope {
            Scope::Widget(id) => {
                let reference = Reference::of_id(id).ok_or(WidgetsError::Unknown("widget"))?;
                return self.read_widget(bus, &reference, windows).await;
            }
            Scope::Window(id) => {
                let is_listed = windows.listed.iter().any(|window| window.id == *id);
                if !is_listed && windows.stack.layer(id).is_none() {
                    return Err(WidgetsError::Unknown("window"));
                }
                Some(id.clone())
            }
            Scope::Focused => match &windows.stack.focus {
                Some(id) => Some(id.clone()),
                None => return Ok(Read::default()),
            },
            Scope::All => None,
        };
        let programs = bus.programs().await?;
        let only = window.as_deref();
        let mut reading: Vec<BoxFuture<'_, Result<program::Answer, Unreadable>>> = Vec::new();
        for program in &programs {
            let is_left_alone = self.is_left_alone(&program.program);
            let read = async move {
                if is_left_alone {
                    return Err(Program::unknown(program));
                }
                let program = Program::about(bus, program).await;
                program.read(bus, only, windows, hidden).await
            };
            reading.push(read.boxed());
        }
        let mut read = Read::default();
        let mut pids = HashSet::new();
        for answer in futures_util::future::join_all(reading).await {
            match answer {
                Ok(program) => {
                    pids.insert(program.pid);
                    if program.is_silent {
                        self.leave_alone(&program.connection);
                    }
                    read.unreadable.extend(program.unreadable);
                    read.windows.extend(program.windows);
                }
                Err(silent) => read.unreadable.push(silent),
            }
        }
        let treeless = program::treeless(windows, &pids, window.as_deref());
        read.unreadable.extend(treeless);
        Ok(read)
    }

    /// Reads one widget with all that is in it.
    async fn read_widget(
        &self,
        bus: &Bus,
        reference: &Reference,
        windows: &Windows,
    ) -> Result<Read, WidgetsError> {
        let program = Program::about(bus, &Reference::root(&reference.program)).await;
        match program.read_widget(bus, reference, windows).await {
            Ok(window) => Ok(Read {
                windows: vec![window],
                unreadable: Vec::new(),
            }),
            Err(BusError::Silent) => {
                self.leave_alone(&reference.program);
                Ok(Read {
                    windows: Vec::new(),
                    unreadable: vec![program.silent()],
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn is_left_alone(&self, program: &str) -> bool {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent
            .get(program)
            .is_some_and(|until| Instant::now() < *until)
    }

    fn leave_alone(&self, program: &str) {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.retain(|_, until| Instant::now() < *until);
        silent.insert(program.to_owned(), Instant::now() + LEFT_ALONE);
    }
}

/// What was read of a scope.
#[derive(Default)]
struct Read {
    windows: Vec<Window>,
    unreadable: Vec<Unreadable>,
}

/// A widget of a window, without what is in it.
async fn describe(bus: &Bus, window: &Window, at: usize, windows: &Windows) -> Widget {
    let tree = &window.tree;
    let node = &tree.nodes[at];
    let value = describe::value(bus, tree, at).await;
    let name = describe::name(bus, tree, at, value.as_deref()).await;
    let is_hidden = tree.hides(at, window.toolkit);
    let (seen, frame) = tree.seen(at);
    let area = if is_hidden {
        None
    } else {
        seen.or(frame).or(node.area)
    };
    let popup = area.filter(|_| tree.is_popped_up(at)).and_then(|area| {
        let id = window.id.as_deref()?;
        let layer = windows.popup_over(id, middle(area))?;
        Some(layer.id.clone())
    });
    Widget {
        id: node.reference.id(),
        role: tree.role(at),
        name,
        value,
        states: node.states.states(node.role),
        visible: !is_hidden && seen.is_some(),
        area,
        window: popup.or_else(|| window.id.clone()),
        program: window.program.clone(),
        children: Vec::new(),
    }
}

/// Widgets of windows, each without what is in it, in this order.
async fn all(bus: &Bus, these: Vec<(&Window, usize)>, windows: &Windows) -> Vec<Widget> {
    let describing: Vec<BoxFuture<'_, Widget>> = these
        .into_iter()
        .map(|(window, at)| describe(bus, window, at, windows).boxed())
        .collect();
    stream::iter(describing)
        .buffered(read::AT_ONCE)
        .collect()
        .await
}

fn middle(area: crate::geometry::Rect) -> crate::geometry::Point {
    let half = |length: u32| i32::try_from(length / 2).unwrap_or_default();
    crate::geometry::Point::new(area.x + half(area.width), area.y + half(area.height))
}

/// A window, or a widget, with all that is in it.
async fn whole(bus: &Bus, window: &Window, windows: &Windows) -> Widget {
    let nodes = &window.tree.nodes;
    let order = window.all();
    let these = order.iter().map(|at| (window, *at)).collect();
    let widgets = all(bus, these, windows).await;
    let mut described: HashMap<usize, Widget> = order.iter().copied().zip(widgets).collect();
    // What is in a widget comes after it in the list.
    for at in order.iter().rev() {
        let children: Vec<Widget> = nodes[*at]
            .children
            .iter()
            .filter_map(|child| described.remove(child))
            .collect();
        if let Some(widget) = described.get_mut(at) {
            widget.children = children;
        }
    }
    described.remove(&window.top).unwrap_or_default()
}

/// The widgets that come near what is wanted, the nearest first.
async fn near(bus: &Bus, all: &[Window], wanted: &Wanted, windows: &Windows) -> Vec<Widget> {
    let mut near: Vec<(f64, &Window, usize)> = Vec::new();
    for window in all {
        for at in window.all() {
            let node = &window.tree.nodes[at];
            let role = window.tree.role(at);
            // What belongs to a name is only known once it is asked for.
            if role != Role::Generic
                && let Some(like) = wanted.likeness(role, &node.name)
            {
                near.push((like, window, at));
            }
        }
    }
    near.sort_by(|(one, ..), (two, ..)| two.total_cmp(one));
    near.truncate(limits::NEAR_WIDGETS * 2);
    let these = near.into_iter().map(|(_, window, at)| (window, at));
    let widgets = self::all(bus, these.collect(), windows).await;
    let like = |widget: Widget| Some((wanted.likeness(widget.role, &widget.name)?, widget));
    let mut described: Vec<(f64, Widget)> = widgets.into_iter().filter_map(like).collect();
    described.sort_by(|(one, _), (two, _)| two.total_cmp(one));
    described.truncate(limits::NEAR_WIDGETS);
    described.into_iter().map(|(_, widget)| widget).collect()
}
