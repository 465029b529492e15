//! Widgets as programs report them on an accessibility bus (AT-SPI2), in the words of the
//! API: what is there, what can be seen of it, what it is called. Where the facts come
//! from is for others: the local desktop asks the programs, and a client of a desktop
//! that cannot do that has a script collect them.
//!
//! ```text
//! facts ──▶ Tree ─────▶ find ──▶ wire::Widget
//!            ▲            ▲
//!          place     describe ◀── Source          names and values, which take questions
//! ```

mod describe;
mod find;
mod place;
mod reference;
mod role;
mod source;
mod state;
mod tree;
mod unreadable;

pub(crate) use self::{
    describe::{LONGEST, is_labelled},
    find::{Search, Window, describe, found, whole},
    place::{Told, Windows},
    reference::Reference,
    role::AtspiRole,
    source::{Number, Source},
    state::AtspiStates,
    tree::{Node, Origin, Toolkit, Tree, View},
    unreadable::{silent, too_large, treeless, unwilling},
};
#[cfg(all(target_os = "linux", feature = "local-desktop"))]
pub(crate) use self::{
    describe::{looks_inside, may_be_called},
    reference::ROOT,
    state::State,
};

/// No tree is followed further down; the deepest that was seen, of a file manager, has 23.
pub(crate) const DEEPEST: usize = 60;

/// How many questions wait for their answers at once.
pub(crate) const AT_ONCE: usize = 64;
