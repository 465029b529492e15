//! Seeing: frames, what differs between two of them, and pictures that show it.
//!
//! Everything here is a pure function of pixels: no file, no clock, no desktop.

mod area;
mod background;
mod both;
mod change;
mod cluster;
mod compare;
mod diagram;
mod draw;
mod find;
mod frame;
mod glimpse;
mod jpeg;
mod marks;
mod mask;
mod needle;
pub(crate) mod picture;
mod plate;
mod png;
mod row;
mod text;

pub use self::{
    area::Area,
    change::{Change, ChangeKind, Changes},
    cluster::Cluster,
    compare::{Difference, Limits, compare},
    find::{Match, Search, THRESHOLD, find},
    frame::{Frame, FrameError},
    mask::Mask,
    needle::Needle,
    png::PngFault,
    text::{Reading, RecognizeError, Recognizer, StripPicture, TextSearch, Word, find_text},
};
pub(crate) use self::{
    both::both,
    change::{Reader, changes},
    find::find_again,
    glimpse::glimpse,
    marks::{Mark, MarkKind, marked_picture},
    png::read_png,
    text::{parse_tsv, read_text, surroundings, texts, to_tiff},
};
pub use crate::language::Language;
