//! How the pointer and the camera move.

pub(super) mod camera;
pub(super) mod ease;
pub(super) mod pointer;
