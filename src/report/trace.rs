//! Traces, as scripts that a page can load: a page that is opened from a disk may run a
//! script that lies beside it, and read nothing else.

use crate::event::{Artifact, ArtifactKind, Snapshot};

use super::RunLog;

/// The traces that a run kept.
pub fn traces(log: &RunLog) -> impl Iterator<Item = &Artifact> {
    let attempts = log
        .scenarios
        .iter()
        .flat_map(super::ScenarioLog::all_attempts);
    let artifacts = attempts.flat_map(|log| &log.artifacts);
    artifacts.filter(|artifact| artifact.kind == ArtifactKind::Trace)
}

/// The path of the script of a trace, from that of the trace.
#[must_use]
pub fn script_path(trace: &str) -> String {
    let stem = trace.strip_suffix(".jsonl").unwrap_or(trace);
    format!("{stem}.js")
}

/// The script of a trace: hands over the path of the trace and its moments. Lines that
/// are none, such as the last one of a run that was killed, are left out.
#[must_use]
pub fn script(trace: &str, lines: &str) -> String {
    let mut script = String::with_capacity(lines.len() + 100);
    script.push_str("(window.deskhandTraces ??= {})[");
    script.push_str(&serde_json::Value::from(trace).to_string());
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
    fn a_trace_becomes_a_script_beside_it() {
        assert_eq!(script_path("hello/trace.jsonl"), "hello/trace.js");
    }

    #[test]
    fn a_line_that_was_cut_off_is_left_out() {
        let line = serde_json::to_string(&Snapshot::of(StepId(1), When::After)).unwrap();
        let script = script("it's/trace.jsonl", &format!("{line}\n{}", &line[..20]));
        assert_eq!(
            script,
            format!("(window.deskhandTraces ??= {{}})[\"it's/trace.jsonl\"] = [\n{line},\n];\n")
        );
    }
}
