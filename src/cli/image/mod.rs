//! `deskhand image`: the comparison and the search of the runner, on files.

mod diff;
mod find;

use std::{fs::File, io, path::Path};

use clap::Subcommand;

use super::{Exit, ProcessEnvironment, complain, say};
use crate::{
    vision::{Frame, FrameError, read_png},
    whole,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compare two pictures as `screenshot-assert` does; exit status 1 if they
    /// differ by more than the limits
    Diff(diff::Arguments),
    /// Find a picture in another as a target does; exit status 1 if it is not found
    Find(find::Arguments),
}

pub(super) fn run(command: &Command, environment: &ProcessEnvironment) -> Exit {
    let done = match command {
        Command::Diff(arguments) => diff::run(arguments, environment),
        Command::Find(arguments) => find::run(arguments),
    };
    done.unwrap_or_else(|exit| exit)
}

/// The bytes of a picture.
fn bytes(path: &Path) -> Result<Vec<u8>, Exit> {
    let data = File::open(path).and_then(read_png);
    data.map_err(|error| unreadable(path, &error))
}

/// A picture in a PNG file.
fn read(path: &Path) -> Result<Frame, Exit> {
    Frame::decode_png(&bytes(path)?).map_err(|error| no_picture(path, &error))
}

/// Says why a file cannot be read.
fn unreadable(path: &Path, error: &io::Error) -> Exit {
    complain(&format!("cannot read {}: {error}", path.display()));
    Exit::Usage
}

/// Says why a file is not a picture, or not a suitable one.
fn no_picture(path: &Path, error: &FrameError) -> Exit {
    complain(&format!("{} is a picture that {error}", path.display()));
    Exit::Usage
}

/// Saves a picture, completely or not at all.
fn write(path: &Path, png: &[u8]) -> Result<(), Exit> {
    whole::write(path, png).map_err(|error| {
        complain(&format!("cannot write {}: {error}", path.display()));
        Exit::Report
    })
}
