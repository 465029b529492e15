//! Reads the trees of programs.
//!
//! A question takes a twentieth of a millisecond and its answer's way as long again, so
//! many are asked at once.

use std::collections::{HashMap, HashSet};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};

use super::{
    bus::{Bus, BusError},
    ledger::Ledger,
};
use crate::{
    desktop::atspi::{
        AT_ONCE, AtspiRole, DEEPEST, Node, Origin, Reference, State, Toolkit, Tree, View,
        looks_inside, may_be_called,
    },
    desktop::wire::limits,
    widget::{Role, Wanted},
};

pub(super) const MOST: usize = limits::WIDGETS_OF_A_WINDOW;

/// A widget, and what is in it.
type Answer = Result<(Node, Vec<Reference>), BusError>;

/// Whether what is hidden is read as well.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reach {
    /// Only what is shown, or would be if it were scrolled into view.
    Shown,
    /// All that there is.
    All,
}

/// The widgets that a widget is in, the window first, and itself last.
pub(super) async fn lineage(bus: &Bus, widget: &Reference) -> Result<Vec<Reference>, BusError> {
    let root = Reference::root(&widget.program);
    let mut lineage = vec![widget.clone()];
    for _ in 0..DEEPEST {
        match bus.parent(&lineage[lineage.len() - 1]).await? {
            Some(parent) if parent != root && parent.program == widget.program => {
                lineage.push(parent);
            }
            _ => break,
        }
    }
    lineage.reverse();
    Ok(lineage)
}

/// Reads a widget with all that is in it, below what it is in itself: `lineage` begins
/// with the window. Returns where in the tree the widget is.
///
/// # Errors
///
/// It is not there. What is in it may be missing: see [`Tree::is_silent`].
pub(super) async fn tree(
    bus: &Bus,
    lineage: &[Reference],
    origin: Origin,
    reach: Reach,
) -> Result<(Tree, usize), BusError> {
    let mut tree = Tree::new(origin);
    let mut last = None;
    let mut children = Vec::new();
    for reference in lineage {
        let (node, inside) = node(bus, reference.clone(), &tree.origin).await?;
        last = Some(tree.add(node, last));
        children = inside;
    }
    let Some(last) = last else {
        return Err(BusError::Refused("there is no such widget".to_owned()));
    };
    let is_shown = tree.nodes[last].view != View::Hidden;
    if is_shown || reach == Reach::All {
        let level = children.into_iter().map(|child| (last, child)).collect();
        grow(&mut tree, bus, level, reach).await;
    }
    tree.find_lists();
    Ok((tree, last))
}

/// Reads only those widgets of a window that may be what is wanted, with all that matters
/// for them, by having the program look for them, or from its ledger. Returns where they
/// are in the tree.
///
/// # Errors
///
/// The program cannot look for them, or has not listed all of them yet.
pub(super) async fn some(
    bus: &Bus,
    (top, ledger): (&Reference, Option<&Ledger>),
    origin: Origin,
    wanted: &Wanted,
) -> Result<(Tree, Vec<usize>), BusError> {
    let mut tree = Tree::new(origin);
    let found = if tree.origin.toolkit.lists() {
        let listed = ledger.and_then(|ledger| ledger.matches(top, wanted));
        listed.ok_or_else(|| BusError::Refused("not all of it is listed".to_owned()))?
    } else {
        let (found, is_cut) = collected(bus, top, tree.origin.toolkit, wanted).await?;
        tree.is_cut = is_cut;
        found
    };
    let places = climb(&mut tree, bus, top, &found).await?;
    for at in &places {
        complete(&mut tree, bus, *at).await;
    }
    Ok((tree, places))
}

/// The widgets of a window that may be what is wanted, as its program finds them, and
/// whether there are more than are read.
async fn collected(
    bus: &Bus,
    top: &Reference,
    toolkit: Toolkit,
    wanted: &Wanted,
) -> Result<(Vec<Reference>, bool), BusError> {
    let role = wanted.role.unwrap_or_default();
    let roles: Vec<AtspiRole> = AtspiRole::all_of(role).collect();
    let mut found = bus.matches(top, &roles).await?;
    let is_cut = found.len() > MOST;
    found.truncate(MOST);
    let mut names: Vec<BoxFuture<'_, bool>> = Vec::new();
    for reference in &found {
        let may_be = async move {
            let name = bus.name(reference).await;
            name.is_ok_and(|name| may_be_called((role, &name, None), toolkit, wanted))
        };
        names.push(may_be.boxed());
    }
    let may_be: Vec<bool> = stream::iter(names).buffered(AT_ONCE).collect().await;
    let mut may_be = may_be.into_iter();
    found.retain(|_| may_be.next().unwrap_or_default());
    Ok((found, is_cut))
}

/// Whether the program can be trusted to find all that has a role.
pub(super) fn can_look_for(toolkit: Toolkit, role: Option<Role>) -> bool {
    let of_web = matches!(toolkit, Toolkit::Chromium | Toolkit::Gecko);
    (toolkit.collects() || toolkit.lists())
        && match role {
            None | Some(Role::Generic | Role::Group | Role::Window | Role::Dialog) => false,
            // What is a list and what is a table depends on what is in it.
            Some(Role::List | Role::Listitem | Role::Table | Role::Cell) => of_web,
            // What is at the place of a row is only known where all rows are.
            Some(Role::Row | Role::Treeitem) => toolkit.collects(),
            Some(_) => true,
        }
}

async fn node(bus: &Bus, reference: Reference, origin: &Origin) -> Answer {
    let of = &reference;
    let (node, count) = tokio::join!(alone(bus, of, origin), bus.child_count(of));
    let mut node = node?;
    // A table of LibreOffice has billions of cells, and asked for all of them, it makes
    // them all.
    let count = answered(count)?.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    node.is_cut = count.is_some_and(|count| count > MOST);
    if node.is_cut || count == Some(0) {
        return Ok((node, Vec::new()));
    }
    // Not everything has children.
    Ok((node, answered(bus.children(of).await)?.unwrap_or_default()))
}

/// A widget without what is in it.
async fn alone(bus: &Bus, of: &Reference, origin: &Origin) -> Result<Node, BusError> {
    let (role, states, name, told) = tokio::join!(
        bus.role(of),
        bus.states(of),
        bus.name(of),
        bus.area(of, origin.toolkit == Toolkit::Gtk4)
    );
    Ok(Node {
        role: role?,
        states: states?,
        // Not everything has a name or a place.
        name: answered(name)?.unwrap_or_default(),
        told: answered(told)?,
        reference: of.clone(),
        ..Node::default()
    })
}

/// What was answered; nothing where the program does not know the question.
fn answered<T>(answer: Result<T, BusError>) -> Result<Option<T>, BusError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(BusError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads widgets, each with the place of its parent in the list, and all that is in
/// them.
async fn grow(tree: &mut Tree, bus: &Bus, mut level: Vec<(usize, Reference)>, reach: Reach) {
    let origin = &tree.origin.clone();
    for _ in 0..DEEPEST {
        let mut reading: Vec<BoxFuture<'_, (usize, Answer)>> = Vec::new();
        for (parent, reference) in level {
            let read = async move { (parent, node(bus, reference, origin).await) };
            reading.push(read.boxed());
        }
        // In the order of the program, whichever answer comes first.
        let mut reading = stream::iter(reading).buffered(AT_ONCE);
        let mut next = Vec::new();
        while let Some((parent, read)) = reading.next().await {
            let (node, children) = match read {
                Ok(read) => read,
                // It has gone since its parent named it.
                Err(BusError::Refused(_)) => continue,
                Err(error) => {
                    tree.is_silent |= matches!(error, BusError::Silent);
                    return;
                }
            };
            tree.is_cut |= tree.nodes.len() >= MOST;
            if node.states.has(State::Defunct) || tree.nodes.len() >= MOST {
                continue;
            }
            let at = tree.add(node, Some(parent));
            if tree.nodes[at].view != View::Hidden || reach == Reach::All {
                tree.nodes[at].is_whole = true;
                next.extend(children.into_iter().map(|child| (at, child)));
            }
        }
        drop(reading);
        if next.is_empty() {
            break;
        }
        level = next;
    }
}

/// Reads what is in a widget where its name or its value is there.
async fn complete(tree: &mut Tree, bus: &Bus, at: usize) {
    let node = &tree.nodes[at];
    if node.is_whole || !looks_inside((tree.role(at), &node.name), tree.origin.toolkit) {
        return;
    }
    let children = bus.children(&node.reference).await.unwrap_or_default();
    let level = children.into_iter().map(|child| (at, child)).collect();
    grow(tree, bus, level, Reach::Shown).await;
}

/// Adds widgets with all that they are in, up to the window; returns where they are
/// in the list, without those that are gone.
async fn climb(
    tree: &mut Tree,
    bus: &Bus,
    top: &Reference,
    widgets: &[Reference],
) -> Result<Vec<usize>, BusError> {
    let parents = parents(bus, top, widgets).await?;
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    for widget in widgets {
        let mut lineage: Vec<&Reference> = Vec::new();
        let mut at = Some(widget);
        while let Some(reference) = at.filter(|it| !seen.contains(*it)) {
            seen.insert(reference);
            lineage.push(reference);
            at = parents.get(reference);
        }
        order.extend(lineage.into_iter().rev());
    }
    let origin = tree.origin.clone();
    let mut reading: Vec<BoxFuture<'_, (&Reference, Result<Node, BusError>)>> = Vec::new();
    for reference in order {
        let origin = &origin;
        let read = async move { (reference, alone(bus, reference, origin).await) };
        reading.push(read.boxed());
    }
    let mut reading = stream::iter(reading).buffered(AT_ONCE);
    let mut places: HashMap<&Reference, usize> = HashMap::new();
    while let Some((reference, node)) = reading.next().await {
        let parent = parents
            .get(reference)
            .map(|parent| places.get(parent).copied());
        match (node, parent) {
            // It has gone, or what it was in.
            (Err(BusError::Refused(_)), _) | (_, Some(None)) => {}
            (Err(error), _) => return Err(error),
            (Ok(node), parent) => {
                places.insert(reference, tree.add(node, parent.flatten()));
            }
        }
    }
    let places = widgets.iter().filter_map(|widget| places.get(widget));
    Ok(places.copied().collect())
}

/// What widgets are in, and what those are in, up to a window.
async fn parents(
    bus: &Bus,
    top: &Reference,
    widgets: &[Reference],
) -> Result<HashMap<Reference, Reference>, BusError> {
    let mut parents = HashMap::new();
    let mut level: Vec<Reference> = widgets.to_vec();
    for _ in 0..DEEPEST {
        level.retain(|widget| widget != top && !parents.contains_key(widget));
        let mut asking: Vec<BoxFuture<'_, (&Reference, _)>> = Vec::new();
        for widget in &level {
            let ask = async move { (widget, bus.parent(widget).await) };
            asking.push(ask.boxed());
        }
        let mut asking = stream::iter(asking).buffered(AT_ONCE);
        let mut next = Vec::new();
        while let Some((widget, parent)) = asking.next().await {
            if let Some(parent) = answered(parent)?.flatten() {
                parents.insert(widget.clone(), parent.clone());
                next.push(parent);
            }
        }
        drop(asking);
        let mut seen = HashSet::new();
        next.retain(|widget| seen.insert(widget.clone()));
        if next.is_empty() {
            break;
        }
        level = next;
    }
    Ok(parents)
}
