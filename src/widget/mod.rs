//! Widgets: the buttons, fields and lists of which windows are made, as assistive
//! technologies see them.

mod role;
mod state;
pub mod tree;
mod wanted;

pub use self::{
    role::Role,
    state::{Checked, States},
    wanted::{Known, Wanted, clean},
};
