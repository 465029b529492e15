//! Reading timelines that somebody else may have written: every number has a bound.

use std::fmt;

use thiserror::Error;

use super::{Input, Span, Timeline, VERSION, Zoom};
use crate::geometry::{Point, Rect};

/// The most bytes that a timeline may have.
pub const LONGEST: u64 = 64 << 20;

/// The longest recording, in seconds.
const LONGEST_RECORDING: f64 = 6.0 * 3600.0;

/// How much later than the end of a recording something in it may be, in seconds: the times come
/// from the clocks of several processes.
const SLACK: f64 = 60.0;

/// The longest side of a screen, in pixels.
const LONGEST_SIDE: u32 = 8192;

/// The farthest that something may be from the screen's corner, in pixels.
const FARTHEST: i32 = 1 << 16;

/// The most entries of each of its lists.
const MOST: usize = 200_000;

/// Why a text is not a timeline.
#[derive(Debug, Error)]
pub enum Unreadable {
    /// It has a different form.
    #[error("it is not a timeline: {0}")]
    Form(#[from] serde_json::Error),
    /// It has a later version.
    #[error("it has version {0}, but this program reads version {VERSION}")]
    Version(u32),
    /// A number is out of its bounds.
    #[error("{what} is out of bounds: {found}")]
    Bounds {
        /// Which number.
        what: String,
        /// What it is.
        found: String,
    },
    /// A file is not next to it.
    #[error("{0:?} is not the name of a file next to it")]
    Elsewhere(String),
}

impl Timeline {
    /// Reads the text of a timeline.
    ///
    /// # Errors
    ///
    /// [`Unreadable`]: the first thing that is wrong with it.
    pub fn from_json(text: &[u8]) -> Result<Self, Unreadable> {
        let timeline: Self = serde_json::from_slice(text)?;
        timeline.check()?;
        Ok(timeline)
    }

    fn check(&self) -> Result<(), Unreadable> {
        if self.version != VERSION {
            return Err(Unreadable::Version(self.version));
        }
        for (what, side) in [("width", self.size.width), ("height", self.size.height)] {
            if !(1..=LONGEST_SIDE).contains(&side) {
                return Err(out_of_bounds(&format!("the {what} of the screen"), &side));
            }
        }
        if !(0.0..=LONGEST_RECORDING).contains(&self.length) {
            return Err(out_of_bounds("`length`", &self.length));
        }
        let files = self
            .clean
            .iter()
            .map(|clean| &clean.file)
            .chain(&self.video);
        for file in files {
            is_beside(file)?;
        }
        self.check_counts()?;
        self.check_times()?;
        self.check_places()
    }

    fn check_counts(&self) -> Result<(), Unreadable> {
        let lists = [
            ("steps", self.steps.len()),
            ("input", self.input.len()),
            ("captions", self.captions.len()),
            ("hidden", self.hidden.len()),
            ("covers", self.covers.len()),
            ("windows", self.windows.len()),
        ];
        let long = lists.into_iter().find(|(_, count)| *count > MOST);
        match long {
            None => Ok(()),
            Some((what, count)) => Err(out_of_bounds(&format!("the length of `{what}`"), &count)),
        }
    }

    fn check_times(&self) -> Result<(), Unreadable> {
        let end = self.length + SLACK;
        for step in &self.steps {
            within(step.span, end, || format!("the time of step {}", step.step))?;
        }
        for caption in &self.captions {
            within(caption.span, end, || {
                format!("the time of the caption {:?}", caption.text)
            })?;
        }
        for cover in &self.covers {
            within(cover.span, end, || "the time of a cover".to_owned())?;
        }
        let mut before = 0.0;
        for hidden in &self.hidden {
            within(*hidden, end, || "the time of a hidden part".to_owned())?;
            if hidden.from < before {
                return Err(out_of_bounds("the order of the hidden parts", &hidden.from));
            }
            before = hidden.to;
        }
        for input in &self.input {
            let until = match input {
                Input::Keys { until, .. } | Input::Text { until, .. } => *until,
                other => other.at(),
            };
            let span = Span {
                from: input.at(),
                to: until,
            };
            within(span, end, || "the time of an input".to_owned())?;
        }
        ascend("input", self.input.iter().map(Input::at))?;
        ascend(
            "captions",
            self.captions.iter().map(|caption| caption.span.from),
        )?;
        for windows in &self.windows {
            let span = Span {
                from: windows.at,
                to: windows.at,
            };
            within(span, end, || "the time of the windows".to_owned())?;
        }
        ascend("windows", self.windows.iter().map(|windows| windows.at))
    }

    fn check_places(&self) -> Result<(), Unreadable> {
        for input in &self.input {
            if let Input::Move { to, .. } = input {
                near(*to, "a move")?;
            }
        }
        let targets = self.steps.iter().filter_map(|step| step.target);
        let zooms = self.steps.iter().filter_map(|step| match step.zoom {
            Some(Zoom::Area(area)) => Some(area),
            _ => None,
        });
        let covers = self.covers.iter().map(|cover| cover.area);
        let windows = self.windows.iter().flat_map(|windows| &windows.windows);
        let windows = windows.map(|window| window.area);
        for area in targets.chain(zooms).chain(covers).chain(windows) {
            area_near(area)?;
        }
        Ok(())
    }
}

/// Times must not go back.
fn ascend(what: &str, times: impl Iterator<Item = f64>) -> Result<(), Unreadable> {
    let mut before = 0.0;
    for time in times {
        if time < before {
            return Err(out_of_bounds(&format!("the order of `{what}`"), &time));
        }
        before = time;
    }
    Ok(())
}

fn within(span: Span, end: f64, what: impl Fn() -> String) -> Result<(), Unreadable> {
    let Span { from, to } = span;
    // NaN fails here too.
    if (0.0..=end).contains(&from) && (from..=end).contains(&to) {
        return Ok(());
    }
    Err(out_of_bounds(&what(), &format_args!("{from} to {to}")))
}

fn near(point: Point, what: &str) -> Result<(), Unreadable> {
    let is_near = |number: i32| (-FARTHEST..=FARTHEST).contains(&number);
    if is_near(point.x) && is_near(point.y) {
        return Ok(());
    }
    let place = format_args!("{},{}", point.x, point.y);
    Err(out_of_bounds(&format!("the place of {what}"), &place))
}

fn area_near(area: Rect) -> Result<(), Unreadable> {
    near(area.corner(), "an area")?;
    let longest = FARTHEST.cast_unsigned();
    if area.width <= longest && area.height <= longest {
        return Ok(());
    }
    Err(out_of_bounds("the size of an area", &area.size()))
}

/// Checks that a name does not lead out of the folder.
fn is_beside(file: &str) -> Result<(), Unreadable> {
    let is_name =
        !file.is_empty() && ![".", ".."].contains(&file) && !file.contains(['/', '\\', '\0']);
    if is_name {
        Ok(())
    } else {
        Err(Unreadable::Elsewhere(file.to_owned()))
    }
}

fn out_of_bounds(what: &str, found: &dyn fmt::Display) -> Unreadable {
    Unreadable::Bounds {
        what: what.to_owned(),
        found: found.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn timeline() -> Value {
        json!({
            "version": 1, "scenario": "Save", "file": "a.yaml", "recording": "demo",
            "size": { "width": 64, "height": 48 }, "length": 3.5, "pace": "demo",
            "clean": { "file": "demo.clean.mkv", "frames": 9, "dropped": 0 },
            "steps": [{ "step": 1, "verb": "click", "title": "click x", "file": "a.yaml",
                        "line": 3, "from": 0.5, "to": 1.0, "outcome": "passed",
                        "target": { "x": 1, "y": 2, "width": 3, "height": 4 } }],
            "input": [{ "did": "move", "at": 0.6, "to": { "x": 5, "y": 5 } },
                      { "did": "text", "at": 0.7, "until": 0.9, "text": "a" }],
            "captions": [{ "from": 0.5, "to": 3.0, "text": "Look", "step": 1 }],
            "hidden": [{ "from": 1.0, "to": 1.5 }], "covers": [], "windows": [],
        })
    }

    fn refused(change: impl FnOnce(&mut Value)) -> String {
        let mut value = timeline();
        change(&mut value);
        let read = Timeline::from_json(value.to_string().as_bytes());
        read.unwrap_err().to_string()
    }

    #[test]
    fn what_the_recorder_writes_is_read() {
        let read = Timeline::from_json(timeline().to_string().as_bytes()).unwrap();
        assert_eq!(read.steps[0].target, Some(Rect::new(1, 2, 3, 4)));
        let empty = r#"{"version":1,"scenario":"","file":"","recording":"d","size":{"width":1,
            "height":1},"length":0,"pace":"test","steps":[],"input":[],"captions":[],
            "hidden":[],"covers":[],"windows":[]}"#;
        Timeline::from_json(empty.as_bytes()).unwrap();
    }

    #[test]
    fn a_number_out_of_its_bounds_is_named() {
        for (pointer, value, said) in [
            (
                "/size/width",
                json!(100_000),
                "the width of the screen is out of bounds: 100000",
            ),
            (
                "/size/height",
                json!(0),
                "the height of the screen is out of bounds: 0",
            ),
            ("/length", json!(1e300), "`length` is out of bounds: 1"),
            ("/length", json!(-1), "`length` is out of bounds: -1"),
            (
                "/steps/0/to",
                json!(0.25),
                "the time of step 1 is out of bounds: 0.5 to 0.25",
            ),
            (
                "/input/1/until",
                json!(900),
                "the time of an input is out of bounds: 0.7 to 900",
            ),
            (
                "/input/0/at",
                json!(0.8),
                "the order of `input` is out of bounds: 0.7",
            ),
            (
                "/input/0/to/x",
                json!(2_000_000_000),
                "the place of a move is out of bounds",
            ),
            (
                "/steps/0/target/width",
                json!(4_000_000_000_u32),
                "the size of an area",
            ),
            (
                "/hidden/0/from",
                json!(2.0),
                "the time of a hidden part is out of bounds",
            ),
        ] {
            let found = refused(|whole| *whole.pointer_mut(pointer).unwrap() = value);
            assert!(found.starts_with(said), "{pointer}: {found}");
        }
    }

    #[test]
    fn a_file_that_is_not_beside_it_is_refused() {
        for file in ["../secret", "/etc/passwd", "", "..", "a\\b"] {
            let said = refused(|whole| whole["clean"]["file"] = json!(file));
            assert!(
                said.ends_with("is not the name of a file next to it"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_later_version_and_a_broken_text_say_so() {
        let said = refused(|whole| whole["version"] = json!(2));
        assert_eq!(said, "it has version 2, but this program reads version 1");
        for text in ["", "[]", "{\"version\":1", "\u{0}"] {
            let said = Timeline::from_json(text.as_bytes())
                .unwrap_err()
                .to_string();
            assert!(said.starts_with("it is not a timeline: "), "{said}");
        }
    }
}
