//! The times of the frames of a video, which only its container knows exactly.

use std::{ffi::OsStr, path::Path};

use super::{
    Drawing, SourceError,
    ffmpeg::{Lines, Tool, as_file},
};
use crate::geometry::Size;

/// What is known about a video before it is decoded.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Probe {
    pub(super) size: Size,
    /// Its frames in order of time.
    pub(super) drawings: Vec<Drawing>,
}

/// The maximum number of frames of a recording: a day at sixty a second.
const MOST: usize = 86_400 * 60;

impl Probe {
    /// Asks ffprobe.
    pub(super) fn of(path: &Path) -> Result<Self, SourceError> {
        let file = as_file(path);
        let entries = "stream=width,height:packet=pts_time,size";
        let arguments = [
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-show_entries",
            entries,
        ];
        let output = ["-of", "compact=p=1:nk=0", "-i"];
        let arguments = arguments.iter().chain(&output).map(OsStr::new);
        let arguments: Vec<&OsStr> = arguments.chain([file.as_os_str()]).collect();
        let (mut tool, output) = Tool::start("ffprobe", path, &arguments)?;
        let mut probe = Self::default();
        for line in Lines::new(&tool, output) {
            probe.read(&line?);
            if probe.drawings.len() > MOST {
                return Err(tool.failed("it has more frames than a recording of a day"));
            }
        }
        tool.end()?;
        if probe.size.area() == 0 || probe.drawings.is_empty() {
            return Err(tool.failed("it contains no picture"));
        }
        probe
            .drawings
            .sort_by(|one, other| one.at.total_cmp(&other.at));
        Ok(probe)
    }

    /// Takes a line such as `packet|pts_time=0.033000|size=1234`.
    fn read(&mut self, line: &str) {
        let mut parts = line.split('|');
        let kind = parts.next();
        let fields: Vec<(&str, &str)> = parts.filter_map(|part| part.split_once('=')).collect();
        let field = |name: &str| {
            fields
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| *value)
        };
        match kind {
            Some("stream") => {
                let side = |name| {
                    field(name)
                        .and_then(|value| value.parse().ok())
                        .unwrap_or(0)
                };
                self.size = Size::new(side("width"), side("height"));
            }
            Some("packet") => {
                let at: Option<f64> = field("pts_time").and_then(|value| value.parse().ok());
                let bytes = field("size")
                    .and_then(|value| value.parse().ok())
                    .unwrap_or(0);
                if let Some(at) = at.filter(|at| at.is_finite()) {
                    self.drawings.push(Drawing { at, bytes });
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ffprobe_says_is_read_and_all_else_is_passed_over() {
        let mut probe = Probe::default();
        for line in [
            "packet|pts_time=0.040000|size=900",
            "packet|pts_time=N/A|size=4",
            "packet|pts_time=nan|size=4",
            "side_data|",
            "",
            "stream|width=640|height=400",
        ] {
            probe.read(line);
        }
        assert_eq!(probe.size, Size::new(640, 400));
        assert_eq!(
            probe.drawings,
            [Drawing {
                at: 0.04,
                bytes: 900
            }]
        );
    }
}
