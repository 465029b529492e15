//! Seeing: frames, what differs between two of them, and pictures that show it.
//!
//! Everything here is a pure function of pixels: no file, no clock, no desktop.

mod cluster;
mod compare;
mod font;
mod frame;
mod jpeg;
mod mask;
pub mod picture;
mod png;

pub use self::{
    cluster::Cluster,
    compare::{Difference, Limits, compare},
    frame::{Frame, FrameError},
    mask::Mask,
};
