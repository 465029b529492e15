//! The results of the methods, as text for people and as the protocol's JSON.
//!
//! Each answer of the desktop API implements [`Shown`], next to the method that asks for it.
//! Only what does not simply go to stdout has a [`Way`] of its own.

use serde::Serialize;

use super::save::OutputPath;
use crate::{
    cli::Exit,
    desktop::wire::{Done, ExecuteResult},
};

/// Something that a desktop answers, in the JSON of the desktop API.
pub(super) trait Shown: Serialize {
    /// What a person wants to know, in whole lines; nothing if that is nothing.
    fn text(&self) -> String;

    /// How the program ends after this answer.
    fn exit(&self) -> Exit {
        Exit::Passed
    }
}

/// What a method answers.
#[derive(Debug)]
pub(super) struct Answer {
    /// What a person reads.
    pub(super) text: String,
    /// One line with the JSON document that the desktop API has for it.
    pub(super) json: String,
    /// How the program ends after it.
    pub(super) exit: Exit,
    /// Where it goes.
    pub(super) way: Way,
}

/// Where an answer goes.
#[derive(Debug)]
pub(super) enum Way {
    /// To stdout, made safe for a terminal.
    Printed,
    /// To stdout, the text byte for byte: it may be meant for a file.
    Exactly,
    /// To stdout as one of many: it takes one line, and its reader may leave.
    Event,
    /// Where a command would write: whoever runs it asks for its very output.
    Executed(ExecuteResult),
    /// Bytes, and where they go.
    Media { bytes: Vec<u8>, to: OutputPath },
    /// Bytes that are where they go already.
    Saved(OutputPath),
}

impl Answer {
    /// An answer of the desktop API, printed.
    pub(super) fn of(shown: &impl Shown) -> Self {
        Self::new(shown.text(), shown, shown.exit())
    }

    /// An answer that the desktop API does not have, printed.
    pub(super) fn new(text: String, document: &impl Serialize, exit: Exit) -> Self {
        // The types of the protocol always have a JSON form.
        let document = serde_json::to_string(document).unwrap_or_default();
        Self {
            text,
            json: format!("{document}\n"),
            exit,
            way: Way::Printed,
        }
    }

    /// It was done, and there is nothing to print.
    pub(super) fn done() -> Self {
        let (ok, reached) = (true, None);
        Self::of(&Done { ok, reached })
    }

    /// A picture, a video or a file, and where it goes.
    pub(super) fn media(bytes: Vec<u8>, to: &OutputPath, mime_type: &str) -> Self {
        let size = bytes.len() as u64;
        let way = Way::Media {
            bytes,
            to: to.clone(),
        };
        Self {
            way,
            ..Self::saved(size, to, mime_type)
        }
    }

    /// A video that is where it goes already, and its size in bytes.
    pub(super) fn saved(size: u64, to: &OutputPath, mime_type: &str) -> Self {
        let kept = Kept {
            file: to.name(),
            mime_type,
            size_bytes: size,
        };
        Self {
            way: Way::Saved(to.clone()),
            ..Self::of(&kept)
        }
    }
}

/// Bytes in a file.
#[derive(Serialize)]
struct Kept<'a> {
    file: String,
    mime_type: &'a str,
    size_bytes: u64,
}

impl Shown for Kept<'_> {
    fn text(&self) -> String {
        format!("{}: {} bytes", self.file, self.size_bytes)
    }
}

impl Shown for Done {
    fn text(&self) -> String {
        String::new()
    }
}

/// Names, one a line.
pub(super) fn lines(items: &[String]) -> String {
    items.iter().map(|item| plain(item) + "\n").collect()
}

/// Names and values, one a line; those without a value are left out.
pub(super) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let with_value = pairs.iter().filter(|(_, value)| !value.is_empty());
    let line = |(name, value): &(&str, String)| format!("{name:width$}  {}\n", plain(value));
    with_value.map(line).collect()
}

/// Columns below their heads, each as wide as its widest cell.
pub(super) fn table<const N: usize>(
    head: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let rows: Vec<[String; N]> = rows.map(|row| row.map(|cell| plain(&cell))).collect();
    let heads = head.map(str::to_owned);
    let all = || std::iter::once(&heads).chain(&rows);
    let mut widths = [0; N];
    for row in all() {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    all().map(line).collect()
}

/// A program on the desktop chooses its window's title; it must not steer the
/// terminal or begin a line of its own.
pub(super) fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}
