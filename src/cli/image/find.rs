//! `deskhand image find`: where in a picture another one is.

use std::{fmt::Write as _, path::PathBuf};

use serde_json::{Value, json};

use super::{bytes, no_picture, read, say, write};
use crate::{
    cli::{
        Exit,
        value::{decimal, percentage, region},
    },
    geometry::Rect,
    vision::{self, Frame, Mark, MarkKind, Match, Needle, Search},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The picture to look for, a PNG file; its transparent pixels are ignored
    needle: PathBuf,
    /// The picture to look in
    screen: PathBuf,
    /// How similar a match has to be [default: 90%]
    #[arg(long, value_name = "PERCENT", value_parser = percentage)]
    threshold: Option<f32>,
    /// Ignore the background of the needle: the pixels that have the colour of its edge
    /// and are connected with the edge
    #[arg(long)]
    ignore_background: bool,
    /// Only in this part of the screen, such as 10,20,300x200
    #[arg(long, value_name = "X,Y,WxH", value_parser = region)]
    region: Option<Rect>,
    /// Where to write the screen with the matches and near misses marked
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Exit> {
    let Arguments { needle, screen, .. } = arguments;
    let sought = Needle::decode_png(&bytes(needle)?).and_then(|sought| {
        if arguments.ignore_background {
            sought.without_background()
        } else {
            Ok(sought)
        }
    });
    let needle = sought.map_err(|error| no_picture(needle, &error))?;
    let screen = read(screen)?;
    let region = &arguments.region;
    let threshold = arguments.threshold.unwrap_or(vision::THRESHOLD);
    let search = vision::find(&screen, &needle, *region, threshold);
    if let Some(path) = &arguments.output {
        write(path, &marked(&screen, &search, *region).encode_png())?;
    }
    if arguments.json {
        let document = document(&search, threshold);
        say::print_document(&format!("{document}\n"))?;
    } else {
        say::print(&text(&search, threshold))?;
    }
    Ok(if search.found.is_empty() {
        Exit::Failed
    } else {
        Exit::Passed
    })
}

/// The screen with everything that was found on it; if nothing was found, with the near misses.
fn marked(screen: &Frame, search: &Search, region: Option<Rect>) -> Frame {
    let (places, kind) = if search.found.is_empty() {
        (&search.misses, MarkKind::Near)
    } else {
        (&search.found, MarkKind::Found)
    };
    let mark = |(number, place): (usize, &Match)| Mark {
        rect: place.rect,
        label: format!("{number}: {} %", percent(place.score)),
        kind,
    };
    let mut marks: Vec<Mark> = (1..).zip(places).map(mark).collect();
    marks.extend(region.map(|rect| Mark {
        rect,
        label: String::new(),
        kind: MarkKind::Area,
    }));
    vision::marked_picture(screen, &marks)
}

/// For people: a line for each place.
fn text(search: &Search, threshold: f32) -> String {
    let mut text = String::new();
    let places = if search.found.is_empty() {
        let _ = writeln!(
            text,
            "not found with a similarity of at least {} %",
            percent(threshold)
        );
        if !search.misses.is_empty() {
            text.push_str("nearest:\n");
        }
        &search.misses
    } else {
        &search.found
    };
    for (number, place) in (1..).zip(places) {
        let alike = percent(place.score);
        let _ = writeln!(text, "  {number}. {}, {alike} % similar", place.rect);
    }
    text
}

/// For scripts: all of it.
fn document(search: &Search, threshold: f32) -> Value {
    let places = |places: &[Match]| -> Vec<Value> {
        let place = |place: &Match| {
            let Rect {
                x,
                y,
                width,
                height,
            } = place.rect;
            json!({
                "x": x, "y": y, "width": width, "height": height, "score": decimal(place.score),
            })
        };
        places.iter().map(place).collect()
    };
    json!({
        "found": places(&search.found),
        "misses": places(&search.misses),
        "threshold": decimal(threshold),
    })
}

fn percent(share: f32) -> f32 {
    (share * 1000.0).round() / 10.0
}
