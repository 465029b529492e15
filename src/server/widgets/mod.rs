//! The widgets of programs, from the accessibility bus of the session (AT-SPI2).
//!
//! ```text
//! api ──▶ Widgets ──▶ bus ──▶ the programs        what there is, as they tell it
//!            │  ▲
//!            │  └──── place ◀── x11               which window of the screen it is in
//!            ├──────▶ read, tree                  the trees, as far as they matter
//!            └──────▶ describe, role, state       in the words of the API
//! ```

mod bus;
mod describe;
mod place;
mod program;
mod read;
mod role;
mod service;
mod state;
mod tree;

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use tokio::{sync::Mutex, time::Instant};
use zbus::Connection;

pub(super) use self::place::Windows;
use self::{
    bus::{Bus, BusError, Reference},
    program::{Program, Reading, Window},
    read::Reach,
    tree::{Toolkit, View},
};
use crate::{
    desktop::wire::{Scope, Unreadable, Widget, WidgetTrees, WidgetsFound, limits},
    geometry::{Point, Rect},
    server::{
        look,
        processes::{ACCESSIBILITY, Processes},
    },
    widget::{Role, Wanted},
};

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
pub(super) struct Widgets {
    processes: Processes,
    bus: Mutex<Option<Bus>>,
    /// What answers programs that ask for the accessibility bus.
    service: Mutex<Option<Connection>>,
}

/// What is looked for, and where.
pub(super) struct Search<'a> {
    pub(super) scope: &'a Scope,
    pub(super) wanted: Wanted,
    /// Whether what is hidden counts.
    pub(super) hidden: bool,
}

impl Widgets {
    /// Those of the session that these are the processes of.
    pub(super) fn new(processes: Processes) -> Self {
        Self {
            processes,
            bus: Mutex::default(),
            service: Mutex::default(),
        }
    }

    /// Has the programs of a session that has just been started report their widgets.
    pub(super) async fn begin(&self) -> Result<(), WidgetsError> {
        let session = self.processes.place().real.join(look::BUS_SOCKET);
        let address = self.processes.accessibility_address();
        let service = service::answer(&session, &address).await?;
        *self.service.lock().await = Some(service);
        Ok(())
    }

    /// The accessibility bus, which is started again if it has ended.
    async fn bus(&self) -> Result<Bus, BusError> {
        let mut bus = self.bus.lock().await;
        if let Some(bus) = bus.as_ref().filter(|bus| !bus.is_closed()) {
            return Ok(bus.clone());
        }
        let started = self.processes.start_accessibility().await;
        started.map_err(|error| BusError::Lost(error.to_string()))?;
        let socket = &self.processes.place().real;
        let socket = socket.join(look::ACCESSIBILITY_SOCKET);
        let has_ended = || self.processes.ended(ACCESSIBILITY).is_some();
        let new = Bus::connect(&socket, has_ended).await?;
        new.awaken().await?;
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
        let reading = Reading {
            only: None,
            reach: Reach::Shown,
            wanted: None,
            windows,
        };
        let read = self.read(&bus, scope, reading).await?;
        let mut items = Vec::new();
        for window in &read.windows {
            items.extend(whole(&bus, window, windows).await);
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
        let reach = if search.hidden {
            Reach::All
        } else {
            Reach::Shown
        };
        let mut reading = Reading {
            only: None,
            reach,
            wanted: Some(&search.wanted),
            windows,
        };
        let mut read = self.read(&bus, search.scope, reading).await?;
        let mut items = meant(&bus, &read.windows, &search, windows).await;
        if items.is_empty() && read.windows.iter().any(Window::is_partial) {
            // What comes near may have another role.
            reading.wanted = None;
            read = self.read(&bus, search.scope, reading).await?;
            items = meant(&bus, &read.windows, &search, windows).await;
        }
        let near = if items.is_empty() {
            near(&bus, &read.windows, &search, windows).await
        } else {
            Vec::new()
        };
        Ok(WidgetsFound {
            items,
            near,
            unreadable: read.unreadable,
        })
    }

    /// Scrolls to a widget, as far as its program can; answers where it then is.
    pub(super) async fn reveal(&self, id: &str, windows: &Windows) -> Result<Widget, WidgetsError> {
        let reference = Reference::of_id(id).ok_or(WidgetsError::Unknown("widget"))?;
        let bus = self.bus().await?;
        // Not every toolkit can, and those that can may scroll some time later.
        let scrolls = matches!(bus.scroll_to(&reference).await, Ok(true));
        let begun = Instant::now();
        loop {
            let read = read_widget(&bus, &reference, windows).await?;
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
        reading: Reading<'_>,
    ) -> Result<Read, WidgetsError> {
        let windows = reading.windows;
        let only = match scope {
            Scope::Widget(id) => {
                let reference = Reference::of_id(id).ok_or(WidgetsError::Unknown("widget"))?;
                return read_widget(bus, &reference, windows).await;
            }
            Scope::Window(id) => {
                let is_listed = windows.listed.iter().any(|window| window.id == *id);
                if !is_listed && windows.stack.layer(id).is_none() {
                    return Err(WidgetsError::Unknown("window"));
                }
                Some(id.as_str())
            }
            Scope::Focused => match &windows.stack.focus {
                Some(id) => Some(id.as_str()),
                None => return Ok(Read::default()),
            },
            Scope::All => None,
        };
        let reading = Reading { only, ..reading };
        let programs = bus.programs().await?;
        let mut all: Vec<BoxFuture<'_, program::Answer>> = Vec::new();
        for program in &programs {
            let read = async move {
                let program = Program::about(bus, program).await;
                program.read(bus, reading).await
            };
            all.push(read.boxed());
        }
        let mut read = Read::default();
        let mut pids = HashSet::new();
        for program in futures_util::future::join_all(all).await {
            pids.insert(program.pid);
            read.unreadable.extend(program.unreadable);
            read.windows.extend(program.windows);
        }
        let treeless = program::treeless(windows, &pids, only);
        read.unreadable.extend(treeless);
        Ok(read)
    }
}

/// Reads one widget with all that is in it.
async fn read_widget(
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
        Err(BusError::Silent) => Ok(Read {
            windows: Vec::new(),
            unreadable: vec![program.silent()],
        }),
        Err(error) => Err(error.into()),
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
    let area = tree.seen(at);
    let popup = area.filter(|_| node.is_popped_up).and_then(|area| {
        let id = window.id.as_deref()?;
        let layer = windows.popup_over(id, middle(area))?;
        Some(layer.id.clone())
    });
    let role = tree.role(at);
    let mut states = node.states.states(node.role);
    if role == Role::Tab && tree.origin.toolkit == Toolkit::Qt {
        // The bar of tabs has the name of the one in front.
        let bar = node.parent.map(|bar| &tree.nodes[bar]);
        states.selected = Some(bar.is_some_and(|bar| bar.name == node.name));
    }
    Widget {
        id: node.reference.id(),
        role,
        name,
        value,
        states,
        visible: node.view == View::There && area.is_some(),
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

fn middle(area: Rect) -> Point {
    let half = |length: u32| i32::try_from(length / 2).unwrap_or_default();
    Point::new(area.x + half(area.width), area.y + half(area.height))
}

/// A window, or a widget, with all that is in it and not hidden; nothing if it is hidden
/// itself.
async fn whole(bus: &Bus, window: &Window, windows: &Windows) -> Option<Widget> {
    let nodes = &window.tree.nodes;
    let mut order = window.all();
    order.retain(|at| nodes[*at].view != View::Hidden || *at == window.top);
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
    described.remove(&window.top)
}

/// The widgets that are meant, each once.
async fn meant(bus: &Bus, all: &[Window], search: &Search<'_>, windows: &Windows) -> Vec<Widget> {
    let wanted = &search.wanted;
    let mut seen: HashSet<&Reference> = HashSet::new();
    let mut may_be = Vec::new();
    for (window, at) in candidates(all, search.hidden) {
        let node = &window.tree.nodes[at];
        let role = window.tree.role(at);
        if wanted.is_role(role)
            && describe::may_be_called((role, &node.name), window.tree.origin.toolkit, wanted)
            // An open combobox of GTK 3 has its entries twice.
            && seen.insert(&node.reference)
        {
            may_be.push((window, at));
        }
    }
    let mut described = self::all(bus, may_be, windows).await;
    described.retain(|widget| wanted.is(widget.known()));
    described.truncate(limits::WIDGETS);
    described
}

/// The widgets that can be looked for; hidden ones only where that is asked for.
fn candidates(windows: &[Window], hidden: bool) -> impl Iterator<Item = (&Window, usize)> {
    let all = windows.iter().flat_map(|window| {
        let all = window.all().into_iter();
        all.map(move |at| (window, at))
    });
    all.filter(move |(window, at)| {
        let is_shown = window.tree.nodes[*at].view != View::Hidden;
        (hidden || is_shown) && window.tree.role(*at) != Role::Generic
    })
}

/// The widgets that come near what is wanted, the nearest first.
async fn near(bus: &Bus, all: &[Window], search: &Search<'_>, windows: &Windows) -> Vec<Widget> {
    let wanted = &search.wanted;
    let mut near: Vec<(f64, &Window, usize)> = Vec::new();
    for (window, at) in candidates(all, search.hidden) {
        let tree = &window.tree;
        // What belongs to a name is only known once it is asked for.
        if let Some(like) = wanted.likeness(tree.role(at), &tree.nodes[at].name) {
            near.push((like, window, at));
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
