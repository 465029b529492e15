//! What a run tells CI systems of programs that write whatever they like.

use std::fs;

use crate::run::Run;

/// Two soft failures and one in a part. A program writes commands to CI runners, a
/// character that XML forbids, and one that turns the text around it.
const HOSTILE: &str = r#"version: 1
name: Hostile
desktop: { size: 800x600, profile: bare }
steps:
  - wait-ready
  - run:
      command: |
        printf '::error::one\n  ##[error]two\n##vso[task.complete]\n'
        printf 'x\357\277\277]]>\033[2J\342\200\256\r\n \t::set-output name=a::b\n'
      stdout: { contains: nothing }
    soft: true
  - assert: { window: "::warning::second" }
    soft: true
    timeout: 200ms
  - use: parts/close.yaml
"#;

const PART: &str = "version: 1\nsteps:\n  - assert: { window: Closed }\n    timeout: 100ms\n";

#[test]
fn what_programs_write_is_text_in_every_report_and_every_failure_is_told() {
    let run = Run::text(HOSTILE);
    let root = run.place.path().to_owned();
    fs::create_dir(root.join("parts")).unwrap();
    fs::write(root.join("parts/close.yaml"), PART).unwrap();
    let settings = "version: 1\nrun: { junit-dialect: xunit }\n";
    fs::write(root.join("deskhand.yaml"), settings).unwrap();
    let ended = run.variable("TF_BUILD", "True").ended();
    assert_eq!(ended.status, 1, "{}", ended.said);

    let obeyed = |line: &&str| {
        line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[")
    };
    // Only Deskhand itself tells Azure something.
    let lines = ended.said.split(['\n', '\r']);
    let commands: Vec<&str> = lines.filter(obeyed).collect();
    let [group, end, issue, summary] = commands[..] else {
        panic!("{commands:#?}");
    };
    assert_eq!((group, end), ("##[group]Hostile", "##[endgroup]"));
    let place = "##vso[task.logissue type=error;sourcepath=play.yaml;linenumber=6;columnnumber=5;]";
    assert!(issue.starts_with(place), "{issue}");
    assert!(
        summary.starts_with("##vso[task.uploadsummary]/"),
        "{summary}"
    );
    assert!(
        ended
            .file("summary.md")
            .contains("### ❌ The scenario failed")
    );
    for shown in [
        ": :error::one",
        "# #[error]two",
        "# #vso[task.complete]",
        "x[U+FFFF]]]>^[[2J[U+202E]\n",
        "\t: :set-output name=a::b",
    ] {
        assert!(ended.said.contains(shown), "{shown}: {}", ended.said);
    }

    let xml = ended.file("junit.xml");
    let forbidden = |c: char| (c.is_control() && !"\n\t".contains(c)) || c == '\u{ffff}';
    assert!(!xml.contains(forbidden), "{xml:?}");
    assert!(xml.contains("          x]]&gt;[2J\u{202e}\n"), "{xml}");
    assert_eq!(xml.matches("<failure ").count(), 3, "{xml}");
    assert!(
        xml.contains("  3. `window: Closed` is not on the screen (at parts/close.yaml:3:5)\n"),
        "{xml}"
    );
    assert!(
        xml.contains("<testcase name=\"Hostile\" classname=\"play\" time=\""),
        "{xml}"
    );
    assert!(
        !xml.contains(" line=") && !xml.contains("<properties>"),
        "{xml}"
    );
    let root = fs::canonicalize(root).unwrap();
    let picture = format!("[[ATTACHMENT|{}/artifacts/play/", root.display());
    assert!(xml.contains(&picture), "{xml}");

    let page = ended.file("report.html");
    assert!(page.contains("x[U+FFFF]]]&gt;^[[2J[U+202E]"), "{page}");
    ended.assert_nothing_is_left();
}
