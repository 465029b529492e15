//! `deskhand image diff`: two pictures, compared with each other.

use std::{fmt::Write as _, path::PathBuf};

use serde_json::{Value, json};

use super::{bytes, no_picture, say, write};
use crate::{
    cli::{
        Exit, ProcessEnvironment,
        inline::Inline,
        value::{decimal, percentage, region},
    },
    executor::Tesseract,
    geometry::{Point, Rect, Size},
    vision::{self, Changes, Difference, Frame, Limits, Mask, Reader, Recognizer, picture},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The expected picture, a PNG file
    expected: PathBuf,
    /// The actual picture
    actual: PathBuf,
    /// The colour difference up to which two pixels are equal
    #[arg(long, value_name = "PERCENT", value_parser = percentage, default_value = "9%")]
    tolerance: f32,
    /// The colour difference up to which two areas are equal
    #[arg(long, value_name = "PERCENT", value_parser = percentage, default_value = "1.3%")]
    area_tolerance: f32,
    /// How many pixels may differ
    #[arg(long, value_name = "N", default_value_t = 0)]
    max_pixels: u64,
    /// How many pixels the largest cluster of differing pixels may have
    #[arg(long, value_name = "N", default_value_t = 0)]
    max_cluster: u64,
    /// A part to ignore, such as 10,20,300x200; can be repeated
    #[arg(long, value_name = "X,Y,WxH", value_parser = region)]
    mask: Vec<Rect>,
    /// Only this part of both pictures
    #[arg(long, value_name = "X,Y,WxH", value_parser = region)]
    region: Option<Rect>,
    /// Where to write the diff: the actual picture with the differences marked
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where to write expected, actual and diff side by side
    #[arg(long, value_name = "FILE")]
    comparison: Option<PathBuf>,
    /// Read the text where something changed, and say which words changed; takes a few tenths of a
    /// second for each area
    #[arg(long)]
    read_text: bool,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Result<Exit, Exit> {
    let (expected, actual) = both(arguments)?;
    let origin = arguments.region.map(Rect::corner).unwrap_or_default();
    let back = Point::new(-origin.x, -origin.y);
    let mask = Mask::new(
        arguments
            .mask
            .iter()
            .map(|rect| rect.shifted(back))
            .collect(),
    );
    let limits = Limits {
        tolerance: arguments.tolerance,
        area_tolerance: arguments.area_tolerance,
        max_pixels: arguments.max_pixels,
        max_cluster: arguments.max_cluster,
    };
    let difference = vision::compare(&expected, &actual, &mask, &limits);
    let tesseract = environment.program_in_path("tesseract");
    let tesseract = tesseract
        .filter(|_| arguments.read_text)
        .map(Tesseract::new);
    let read = |frame: &Frame, area: Rect| {
        let words = tesseract
            .as_ref()
            .map(|reader| reader.read(frame, area, &[]));
        words.and_then(Result::ok).unwrap_or_default()
    };
    let reader: Option<Reader<'_>> = tesseract.is_some().then_some(&read);
    let frames = [&expected, &actual];
    let changes = vision::changes(frames, &difference, &limits, reader).within(origin);
    if let Some(path) = &arguments.output {
        let picture = picture::diff_picture(&expected, &actual, &mask, &difference);
        write(path, &picture.encode_png())?;
    }
    if let Some(path) = &arguments.comparison {
        let picture = picture::comparison_picture(&expected, &actual, &mask, &difference);
        write(path, &picture.encode_png())?;
    }
    if arguments.json {
        let document = document(&difference, &limits, &changes);
        say::print_document(&format!("{document}\n"))?;
    } else {
        say::print(&text(&difference, &limits, &changes))?;
        if difference.pixels > 0 {
            let inline = Inline::new(environment.pictures_out);
            let shown = inline.text(|| {
                let diff = picture::diff_picture(&expected, &actual, &mask, &difference);
                vision::glimpse(&expected, &actual, &diff.to_frame())
            });
            say::exactly(shown.unwrap_or_default().as_bytes())?;
        }
    }
    Ok(if difference.within(&limits) {
        Exit::Passed
    } else {
        Exit::Failed
    })
}

/// Both pictures, each unpacked on a thread of its own: that takes most of the
/// time. Of two files with the same bytes one is unpacked: a broken file is not
/// equal to anything, not even to itself.
fn both(arguments: &Arguments) -> Result<(Frame, Frame), Exit> {
    let expected = bytes(&arguments.expected)?;
    let actual = bytes(&arguments.actual)?;
    let taken = |path: &PathBuf, data: &[u8]| {
        let frame = Frame::decode_png(data).map_err(|error| no_picture(path, &error))?;
        let part = arguments.region.map(|region| frame.crop(region));
        part.unwrap_or(Ok(frame))
            .map_err(|error| no_picture(path, &error))
    };
    if expected == actual {
        let frame = taken(&arguments.expected, &expected)?;
        return Ok((frame.clone(), frame));
    }
    let (actual, expected) = vision::both(
        || taken(&arguments.actual, &actual),
        || taken(&arguments.expected, &expected),
    );
    Ok((expected?, actual?))
}

/// For people: the three figures, each next to its limit, and where.
fn text(difference: &Difference, limits: &Limits, changes: &Changes) -> String {
    let mut text = verdict(difference, limits);
    let Difference {
        expected_size,
        actual_size,
        compared,
        pixels,
        forgiven,
        ..
    } = difference;
    if expected_size != actual_size {
        let _ = writeln!(text, "sizes              {expected_size} and {actual_size}");
    }
    let share = share(*pixels, *compared);
    let _ = writeln!(
        text,
        "differing pixels   {pixels} of {compared} ({share}), at most {}",
        limits.max_pixels
    );
    let (largest, place) = difference
        .largest_cluster()
        .map_or((0, String::new()), |cluster| {
            let place = cluster.bounds.shifted(changes.origin);
            (cluster.pixels, format!(" in {place}"))
        });
    let _ = writeln!(
        text,
        "largest cluster    {largest}{place}, at most {}",
        limits.max_cluster
    );
    if *forgiven > 0 {
        let _ = writeln!(text, "smoothed edges     {forgiven}, not counted");
    }
    for line in changes.to_string().lines() {
        let _ = writeln!(text, "  {line}");
    }
    text
}

fn verdict(difference: &Difference, limits: &Limits) -> String {
    let words = if !difference.within(limits) {
        "the pictures differ"
    } else if difference.pixels == 0 && difference.forgiven == 0 {
        "the pictures are equal within the tolerance"
    } else {
        "the pictures differ within the limits"
    };
    format!("{words}\n")
}

/// A share for people: never 0 % if it is more than that.
#[expect(
    clippy::cast_precision_loss,
    reason = "a share is shown with few digits"
)]
fn share(part: u64, whole: u64) -> String {
    let percent = part as f64 * 100.0 / whole.max(1) as f64;
    if part > 0 && percent < 0.01 {
        return "less than 0.01 %".to_owned();
    }
    format!("{} %", (percent * 100.0).round() / 100.0)
}

/// For scripts: all of it.
fn document(difference: &Difference, limits: &Limits, changes: &Changes) -> Value {
    let size = |Size { width, height }: Size| json!({"width": width, "height": height});
    let place = |bounds: Rect, pixels: u64, by_area: u64| {
        let Rect {
            x,
            y,
            width,
            height,
        } = bounds.shifted(changes.origin);
        json!({"pixels": pixels, "by_area": by_area, "x": x, "y": y, "width": width, "height": height})
    };
    let areas = difference.areas();
    let areas = areas
        .iter()
        .map(|area| place(area.bounds, area.pixels, area.by_area));
    let largest = difference.largest_cluster();
    json!({
        "match": difference.within(limits),
        "expected": size(difference.expected_size),
        "actual": size(difference.actual_size),
        "compared": difference.compared,
        "pixels": difference.pixels,
        "by_area": difference.by_area,
        "forgiven": difference.forgiven,
        "clusters": difference.clusters.len(),
        "largest_cluster": largest.map(|cluster| place(cluster.bounds, cluster.pixels, cluster.by_area)),
        "areas": areas.collect::<Vec<Value>>(),
        "changes": changes,
        "limits": {
            "tolerance": decimal(limits.tolerance),
            "area_tolerance": decimal(limits.area_tolerance),
            "max_pixels": limits.max_pixels,
            "max_cluster": limits.max_cluster,
        },
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    #[test]
    fn files_are_compared_as_screenshots_are() {
        let Arguments {
            tolerance,
            area_tolerance,
            max_pixels,
            max_cluster,
            ..
        } = Line::parse_from(["diff", "a.png", "b.png"]).arguments;
        let limits = Limits {
            tolerance,
            area_tolerance,
            max_pixels,
            max_cluster,
        };
        assert_eq!(limits, Limits::default());
    }
}
