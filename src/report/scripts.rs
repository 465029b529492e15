//! Scripts next to the page: a page that is opened from a disk may run a script that is next to it,
//! but read nothing else.

use std::{fmt::Write as _, io};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{RunLog, ScenarioLog};
use crate::event::{Artifact, ArtifactKind, Snapshot};

/// A script that passes the content of other files to the page.
#[derive(Debug, PartialEq)]
pub(crate) struct Script<'a> {
    /// Where it is written, in the folder of the artifacts.
    pub path: String,
    what: What<'a>,
}

#[derive(Debug, PartialEq)]
enum What<'a> {
    /// The moments of a trace, by its path.
    Trace(&'a str),
    /// Pictures, so that their pixels can be read, by their paths.
    Pictures([&'a str; 2]),
}

/// The scripts of a run: one for each trace that was kept, and one for each pair of an
/// expected and an actual picture.
pub(crate) fn scripts(log: &RunLog) -> impl Iterator<Item = Script<'_>> {
    let attempts = log.scenarios.iter().flat_map(ScenarioLog::all_attempts);
    attempts.flat_map(|attempt| {
        let traces = attempt.artifacts.iter().filter_map(of_trace);
        let pairs = attempt.steps.iter();
        traces.chain(pairs.filter_map(|step| of_pictures(&step.artifacts)))
    })
}

/// The path of a script, from that of the file whose content it passes on.
pub(super) fn script_path(of: &str) -> String {
    let stem = of.rsplit_once('.').map_or(of, |(stem, _)| stem);
    format!("{stem}.js")
}

fn of_trace(artifact: &Artifact) -> Option<Script<'_>> {
    (artifact.kind == ArtifactKind::Trace).then(|| Script {
        path: script_path(&artifact.path),
        what: What::Trace(&artifact.path),
    })
}

fn of_pictures(artifacts: &[Artifact]) -> Option<Script<'_>> {
    let path = |kind| {
        let mut artifacts = artifacts.iter();
        artifacts.find_map(|it| (it.kind == kind).then_some(&*it.path))
    };
    let (expected, actual) = (path(ArtifactKind::Expected)?, path(ArtifactKind::Actual)?);
    Some(Script {
        path: script_path(actual),
        what: What::Pictures([expected, actual]),
    })
}

impl Script<'_> {
    /// Its text, from the files that `read` reads.
    ///
    /// # Errors
    ///
    /// That of the first file that could not be read.
    pub(crate) fn text(&self, read: impl Fn(&str) -> io::Result<Vec<u8>>) -> io::Result<String> {
        match self.what {
            What::Trace(path) => Ok(trace(path, &String::from_utf8_lossy(&read(path)?))),
            What::Pictures(paths) => {
                let mut script = "Object.assign(window.deskhandPictures ??= {}, {\n".to_owned();
                for path in paths {
                    let png = BASE64_STANDARD.encode(read(path)?);
                    let name = Value::from(path);
                    let _ = writeln!(script, "{name}: \"data:image/png;base64,{png}\",");
                }
                script.push_str("});\n");
                Ok(script)
            }
        }
    }
}

/// Lines that are not moments, such as the last one of a run that was killed, are left out.
fn trace(path: &str, lines: &str) -> String {
    let mut script = String::with_capacity(lines.len() + 100);
    script.push_str("(window.deskhandTraces ??= {})[");
    script.push_str(&Value::from(path).to_string());
    script.push_str("] = [\n");
    for line in lines.lines() {
        if serde_json::from_str::<Snapshot>(line).is_ok() {
            script.push_str(line);
            script.push_str(",\n");
        }
    }
    script.push_str("];\n");
    script
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{StepId, When};

    #[test]
    fn a_trace_becomes_a_script_beside_it_without_a_line_that_was_cut_off() {
        let artifact = Artifact::new(ArtifactKind::Trace, "it's/trace.jsonl");
        let script = of_trace(&artifact).unwrap();
        let line = serde_json::to_string(&Snapshot::of(StepId(1), When::After)).unwrap();
        let lines = format!("{line}\n{}", &line[..20]);
        assert_eq!(script.path, "it's/trace.js");
        assert_eq!(
            script.text(|_| Ok(lines.clone().into_bytes())).unwrap(),
            format!("(window.deskhandTraces ??= {{}})[\"it's/trace.jsonl\"] = [\n{line},\n];\n")
        );
    }

    #[test]
    fn a_pair_of_pictures_becomes_a_script_and_one_alone_does_not() {
        let [expected, actual] = [
            (ArtifactKind::Expected, "a/b.expected.png"),
            (ArtifactKind::Actual, "a/b.actual.png"),
        ]
        .map(|(kind, path)| Artifact::new(kind, path));
        assert_eq!(of_pictures(std::slice::from_ref(&actual)), None);
        let pair = [expected, actual];
        let script = of_pictures(&pair).unwrap();
        assert_eq!(script.path, "a/b.actual.js");
        let text = script.text(|path| Ok(path.as_bytes()[2..3].to_vec()));
        assert_eq!(
            text.unwrap(),
            "Object.assign(window.deskhandPictures ??= {}, {\n\
             \"a/b.expected.png\": \"data:image/png;base64,Yg==\",\n\
             \"a/b.actual.png\": \"data:image/png;base64,Yg==\",\n});\n"
        );
        let gone = script.text(|_| Err(io::ErrorKind::NotFound.into()));
        assert!(gone.is_err());
    }
}
