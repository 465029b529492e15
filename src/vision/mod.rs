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
pub mod picture;
mod plate;
mod png;
mod row;
mod text;

pub use self::{
    area::Area,
    both::both,
    change::{Change, ChangeKind, Changes, Reader, changes},
    cluster::Cluster,
    compare::{Difference, Limits, compare},
    diagram::Diagram,
    find::{Match, Search, THRESHOLD, find, find_again},
    frame::{Frame, FrameError},
    glimpse::glimpse,
    marks::{Mark, MarkKind, marked_picture},
    mask::Mask,
    needle::Needle,
    png::{PngFault, read_png},
    text::{
        Reading, RecognizeError, Recognizer, StripPicture, TextSearch, Word, find_text, parse_tsv,
        read_text, surroundings, texts, to_tiff,
    },
};
