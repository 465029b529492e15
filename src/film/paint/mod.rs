//! What is drawn over the screen, with smooth edges, also between pixels.

pub(super) mod arrow;
pub(super) mod backdrop;
pub(super) mod board;
pub(super) mod cap;
pub(super) mod card;
pub(super) mod cover;
pub(super) mod lens;
pub(super) mod letters;
pub(super) mod ring;
pub(super) mod shape;
pub(super) mod sprite;
pub(super) mod theme;
pub(super) mod words;
