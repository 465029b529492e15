use std::time::Duration;

use super::*;
use crate::{
    event::{Artifact, EventKind, ScenarioId},
    report::{
        RecordingLog,
        tests::{failure, failure_at, flaky, folded, scenario, trouble},
    },
    shard::Shard,
};

/// What a program under test, or somebody who sends a change, may write.
const HOSTILE: &str = "@everyone #77 | `a` </details><script>alert(1)</script>\n::error::x ![p](q)";

fn ways() -> Ways<'static> {
    Ways {
        file: &|file| file.to_owned(),
        source: Some("https://git.example/me/it/blob/abc/"),
        artifacts: "artifacts",
        run: Some("https://git.example/me/it/actions/runs/7"),
        shows_artifacts: false,
    }
}

fn page(log: &RunLog) -> String {
    markdown(log, ways(), COMMENT)
}

/// The scenarios of several runs with other numbers, as one run.
fn all(scenarios: impl IntoIterator<Item = Vec<EventKind>>) -> RunLog {
    folded(scenarios.into_iter().flatten().collect())
}

#[test]
fn a_failure_is_a_row_with_its_place_and_an_explanation_that_is_folded() {
    let mut log = all([
        scenario(0, "It opens", &Outcome::Passed),
        scenario(1, "It saves", &failure()),
    ]);
    log.scenarios[1].recordings.push(RecordingLog {
        name: "demo".to_owned(),
        artifact: Artifact::new(ArtifactKind::Video, "save/demo.mp4"),
        film: Vec::new(),
        span: Duration::from_secs(2),
    });
    let page = page(&log);
    let place = "<a href=\"https://git.example/me/it/blob/abc/scenarios/editor/save.yaml#L9\">\
                 <code>scenarios/editor/save.yaml&#58;9</code></a>";
    assert_eq!(
        page,
        format!(
            "### ❌ 1 of 2 scenarios passed

| ❌ failed | ✅ passed | time |
| ---: | ---: | ---: |
| 1 | 1 | 2.00 s |

| | scenario | where | what |
| --- | --- | --- | --- |
| ❌ | It saves | {place} | the screen differs from <code>saved</code> \
&#94;&#8203;&#91;&#91;31m&#38; more &#93;&#93;&#62; |

<details>
<summary>❌ It saves</summary>

{place} the screen differs from <code>saved</code> &#94;&#8203;&#91;&#91;31m&#38; more &#93;&#93;&#62;

```text
  8 |   - type: <x>
  9 |   - screenshot-assert: saved
    |     ^^^^^^^^^^^^^^^^^^^^^^^^
expected: at most 0 differing pixels
seen:     16 differing pixels
          the largest cluster has 8
also:     the launched program `foo` ended with exit code 7; the end of its output:
          cannot open display
help:     look at it
video:    1.2 s into the recording `demo`
```

Files: <code>artifacts/save/saved.comparison.png</code>, <code>artifacts/save/saved.actual.png</code>

Videos and logs: <code>artifacts/save/demo.mp4</code>, <code>artifacts/save/xvfb.log</code>

</details>

All pictures, videos and logs are in the artifacts of \
<a href=\"https://git.example/me/it/actions/runs/7\">this run</a>: open \
<code>artifacts/report.html</code>.
"
        )
    );
}

#[test]
fn what_passed_is_a_number_and_no_row() {
    let page = page(&all([scenario(0, "It opens", &Outcome::Passed)]));
    assert!(
        page.starts_with("### ✅ The scenario passed\n\n| ✅ passed | time |\n"),
        "{page}"
    );
    assert!(
        !page.contains("<details>") && !page.contains("It opens"),
        "{page}"
    );
}

#[test]
fn errors_come_after_failures_and_flaky_scenarios_last() {
    let page = page(&all([
        flaky(),
        scenario(1, "No desktop", &trouble()),
        scenario(2, "It saves", &failure()),
    ]));
    let at = |words: &str| {
        page.find(words)
            .unwrap_or_else(|| panic!("{words}: {page}"))
    };
    assert!(at("| ❌ | It saves |") < at("| ❗ | No desktop |"));
    assert!(at("| ❗ | No desktop |") < at("| ⚠️ | Flaky |"));
    assert!(
        page.contains("it is missing; passed on attempt 2 |"),
        "{page}"
    );
    assert!(
        page.contains("<summary>⚠️ Flaky (attempt 1)</summary>"),
        "{page}"
    );
    assert!(page.contains("detail:   it exited with status 1"), "{page}");
}

#[test]
fn nothing_that_somebody_wrote_calls_people_or_becomes_markup() {
    let mut kinds = scenario(0, HOSTILE, &failure_at("a|b.yaml", 3, HOSTILE));
    if let EventKind::StepFinished {
        outcome, artifacts, ..
    } = &mut kinds[2]
    {
        if let Outcome::Failed(failure) = outcome {
            failure.seen = format!("{HOSTILE}\n```\n````text\n@here");
        }
        artifacts.push(Artifact::new(ArtifactKind::Log, HOSTILE));
    }
    let page = page(&all([kinds]));
    // In blocks everything stays what it is.
    let mut outside = String::new();
    let mut fence: Option<&str> = None;
    for line in page.lines() {
        let marks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if marks >= 3 => fence = Some(&line[..marks]),
            None => outside = outside + line + "\n",
        }
    }
    assert_eq!(fence, None, "{page}");
    assert!(page.contains("@here"), "{page}");
    assert!(
        !outside.contains('@') && !outside.contains("<script"),
        "{outside}"
    );
    assert!(
        !outside.contains("#77") && !outside.contains("]("),
        "{outside}"
    );
    for tag in ["<details>", "</details>"] {
        assert_eq!(outside.matches(tag).count(), 1, "{outside}");
    }
    let row = outside
        .lines()
        .find(|line| line.starts_with("| ❌ | "))
        .unwrap();
    assert_eq!(row.matches('|').count(), 5, "{row}");
}

#[test]
fn what_does_not_fit_is_left_out_as_a_whole_and_counted() {
    let many = (0..600).map(|number| scenario(number, &format!("Number {number}"), &failure()));
    let log = all(many);
    let page = page(&log);
    assert!(page.len() <= COMMENT, "{}", page.len());
    assert!(page.len() > COMMENT - 5000, "{}", page.len());
    assert_eq!(
        page.matches("<details>").count(),
        page.matches("</details>").count()
    );
    let rows = page.matches("| ❌ | Number ").count();
    let explained = page.matches("<details>").count();
    assert!(rows > 50 && explained > 20, "{rows}, {explained}");
    let said = format!(
        "**{} rows and {} explanations do not fit here and are left out; the report has \
         everything.**\n",
        600 - rows,
        600 - explained
    );
    assert!(page.contains(&said), "{said}: {page}");
    assert!(
        page.ends_with("open <code>artifacts/report.html</code>.\n"),
        "{page}"
    );
    // However little room there is, what there is of it is whole.
    let short = markdown(&log, ways(), 1000);
    assert!(short.len() <= 1000, "{}: {short}", short.len());
    assert!(
        short.contains("600 explanations do not fit here"),
        "{short}"
    );
}

#[test]
fn a_merged_run_says_what_it_lacks() {
    let mut log = all([scenario(0, "It opens", &Outcome::Passed)]);
    log.missing = (1..=30).filter_map(|index| Shard::new(index, 30)).collect();
    log.interrupted = true;
    log.planned = 3;
    let page = page(&log);
    assert!(page.contains("### ⏹️ 1 of 3 scenarios passed"), "{page}");
    assert!(
        page.contains("| ✅ passed | ➖ not started | time |"),
        "{page}"
    );
    assert!(
        page.contains("> Shard 20 of 30 is missing.\n> And 12 more.\n"),
        "{page}"
    );
}

#[test]
fn a_picture_that_can_become_a_baseline_is_said_to() {
    let mut kinds = scenario(0, "It saves", &failure());
    let plain = page(&all([kinds.clone()]));
    assert!(!plain.contains("deskhand accept"), "{plain}");
    if let EventKind::StepFinished { artifacts, .. } = &mut kinds[2] {
        artifacts[0].candidate = Some(Box::new(crate::event::Candidate {
            baseline: "baselines/save/saved.png".to_owned(),
            environment: std::collections::BTreeMap::new(),
        }));
    }
    let page = page(&all([kinds]));
    assert!(
        page.contains("`deskhand accept FOLDER` makes it the baseline"),
        "{page}"
    );
}

#[test]
fn pictures_are_shown_where_artifacts_have_addresses() {
    let ways = Ways {
        shows_artifacts: true,
        source: None,
        ..ways()
    };
    let log = all([scenario(0, "It saves", &failure())]);
    assert_eq!(log.scenarios[0].id, ScenarioId(0));
    let page = markdown(&log, ways, COMMENT);
    let picture =
        "<img src=\"artifact://artifacts/save/saved.comparison.png\" alt=\"what was seen\">";
    assert_eq!(page.matches(picture).count(), 1, "{page}");
    assert!(!page.contains("git.example/me/it/blob"), "{page}");
}
