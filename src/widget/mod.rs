//! Widgets: the buttons, fields and lists of which windows are made, as assistive
//! technologies see them.

mod role;
mod state;
pub(crate) mod tree;
mod wanted;

pub(crate) use self::wanted::{Known, Wanted, clean};
pub use self::{
    role::Role,
    state::{Checked, States},
};
