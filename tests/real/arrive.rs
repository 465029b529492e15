//! Input arrives where a person would expect it: scenarios with real programs of
//! five toolkits, in which the title of a form tells what came of it.

use std::path::Path;

use crate::run::{Ended, Run};

/// A terminal on the left; what is typed into it goes to no form.
pub(crate) fn terminal() -> String {
    TERMINAL.to_owned()
}

const TERMINAL: &str = "  - launch: xterm -geometry 60x20+20+100 -T Terminal -e cat
  - wait: { window: Terminal }
";

pub(crate) fn program(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/programs")
        .join(name);
    file.display().to_string()
}

/// Plays steps on a desktop of this profile, without setup.
pub(crate) fn played(profile: &str, steps: &str) -> Ended {
    let text = format!(
        "version: 1\nname: Input arrives\ndesktop: {{ size: 1280x800, profile: {profile} }}\n\
         steps:\n  - wait-ready\n{steps}"
    );
    Run::text(&text).ended()
}

/// Plays steps, which all pass.
pub(crate) fn passes(profile: &str, steps: &str) {
    let ended = played(profile, steps);
    assert_eq!(ended.status, 0, "{}", ended.said);
    ended.assert_nothing_is_left();
}

/// Eight times: clicks the terminal, then the field of the form, and types. The field
/// is clicked after its text, each time at another place, so that no two clicks
/// are a double click.
fn back_and_forth(launch: &str, field: (u32, u32), pause: &str) -> String {
    let rounds = (1..=8).map(|round| {
        let (x, y) = (field.0 - round % 4 * 12, field.1);
        format!("  - click: [200, 250]\n{pause}  - click: [{x}, {y}]\n  - type: a{round}\n")
    });
    let rounds: String = rounds.collect();
    format!(
        "{TERMINAL}  - launch: {launch}\n  - wait: {{ window: /Form/, stable: 500ms, max-cluster: 60 }}\n    \
         timeout: 60s\n{rounds}  - wait: {{ window: \"Form: a1a2a3a4a5a6a7a8 / 0\" }}\n"
    )
}

const PAUSE: &str = "  - wait: { stable: 200ms, max-cluster: 60 }\n";

#[test]
fn keys_after_a_click_reach_the_field_of_swing() {
    let launch = format!("bsh {}", program("form.bsh"));
    passes("xfce", &back_and_forth(&launch, (810, 147), PAUSE));
    passes("bare", &back_and_forth(&launch, (810, 137), ""));
}

#[test]
fn keys_after_a_click_reach_a_program_that_stalls() {
    let rounds = (0..20).map(|round| {
        let x = 810 - round % 4 * 12;
        format!("  - click: [200, 250]\n  - click: [{x}, 137]\n  - type: ii\n")
    });
    let steps = format!(
        "{TERMINAL}  - launch: /usr/bin/python3 {} bsh {}
  - wait: {{ window: /Form/, stable: 500ms, max-cluster: 60 }}
    timeout: 60s
{}  - wait: {{ window: \"Form: {} / 0\" }}
",
        program("stalling.py"),
        program("form.bsh"),
        rounds.collect::<String>(),
        "ii".repeat(20)
    );
    passes("bare", &steps);
}

#[test]
fn keys_after_a_click_reach_the_field_of_tk() {
    let launch = format!("/usr/bin/python3 {}", program("form.py"));
    passes("xfce", &back_and_forth(&launch, (890, 160), PAUSE));
    passes("bare", &back_and_forth(&launch, (890, 150), ""));
}

#[test]
fn keys_after_the_wait_for_a_new_window_reach_the_part_that_has_the_keyboard() {
    let round = format!(
        "  - launch: /usr/bin/python3 {}
  - wait: {{ window: /Form/ }}
  - type: abcdef
  - wait: {{ window: \"Form: abcdef / 0\" }}
  - hotkey: alt+F4
  - wait: {{ window: /Form/, gone: true }}
",
        program("form.py")
    );
    passes("xfce", &round.repeat(4));
    passes("bare", &round.repeat(4));
}

#[test]
fn a_click_through_the_hole_of_a_window_is_no_click_on_it() {
    let under = TERMINAL.replace("60x20+20+100", "100x40+20+100");
    let steps = format!(
        "{under}  - launch: xeyes -geometry 200x100+100+200
  - wait: {{ window: xeyes }}
  - click: {{ position: [2, 2], in: {{ window: xeyes }} }}
    timeout: 1s
"
    );
    let ended = played("bare", &steps);
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended.said.contains("belongs to the window `Terminal`"),
        "{}",
        ended.said
    );
}

#[test]
fn keys_after_a_click_reach_the_field_of_a_page() {
    let launch = format!(
        "chromium --no-sandbox --test-type --disable-gpu --no-first-run --disable-sync \
         --disable-background-networking --disable-component-update \
         --user-data-dir=\"$TMPDIR/browser\" --window-position=600,100 --window-size=600,300 \
         --app=file://{}",
        program("form.html")
    );
    passes("xfce", &back_and_forth(&launch, (1000, 151), ""));
}

#[test]
fn a_hotkey_after_a_click_reaches_jedit() {
    let rounds: String = (0..8)
        .map(|_| "  - click: [200, 250]\n  - click: { position: [300, 300], in: { window: /pasted/ } }\n  - hotkey: ctrl+v\n")
        .collect();
    let steps = format!(
        "  - run: mkdir settings && printf 'tip.show=false\\nfirstTime=false\\n' >settings/properties && touch pasted.txt
{TERMINAL}  - launch: jedit -noserver -settings=settings pasted.txt
  - wait: {{ window: /pasted/, stable: 1s, max-cluster: 60 }}
    timeout: 60s
  - click: {{ position: [300, 300], in: {{ window: /pasted/ }} }}
  - type: b
  - hotkey: ctrl+a
  - hotkey: ctrl+c
  - press: End
{rounds}  - hotkey: ctrl+s
  - run: {{ command: cat pasted.txt, stdout: {{ equals: \"bbbbbbbbb\\n\" }} }}
    retry: {{ times: 20, pause: 200ms }}
"
    );
    passes("xfce", &steps);
}

#[test]
fn the_first_click_on_a_new_window_counts() {
    let selected = "/usr/bin/python3 -c 'import tkinter; print(tkinter.Tk().selection_get())'";
    let steps = format!(
        "  - launch: gnome-calculator
  - click: {{ text: \"7\" }}
  - wait: {{ stable: 1s }}
  - click: {{ text: \"8\" }}
  - hotkey: ctrl+a
  - run: {{ command: \"{selected}\", stdout: {{ equals: \"78\\n\" }} }}
    retry: 5
"
    );
    passes("bare", &steps);
    passes("xfce", &steps);
}

#[test]
fn a_window_that_has_painted_nothing_is_not_there_yet() {
    let steps = format!(
        "  - launch: /usr/bin/python3 {}
  - wait: {{ window: Late, stable: 300ms }}
  - assert: {{ text: Painted, in: {{ window: Late }} }}
",
        program("painting_late.py")
    );
    passes("bare", &steps);
}

#[test]
fn a_minimized_window_is_not_there_and_not_gone() {
    let minimize = format!("{TERMINAL}  - hotkey: alt+F9\n  - wait: {{ stable: 300ms }}\n");
    for profile in ["xfce", "bare"] {
        for (step, said) in [
            ("wait: { window: Terminal }", "it is minimized"),
            ("click: { window: Terminal }", "it is minimized"),
            ("assert: { window: Terminal, gone: true }", "still exists"),
        ] {
            let ended = played(profile, &format!("{minimize}  - {step}\n    timeout: 1s\n"));
            assert_eq!(ended.status, 1, "{step}: {}", ended.said);
            assert!(ended.said.contains(said), "{step}: {}", ended.said);
        }
    }
}

#[test]
fn a_window_on_another_workspace_is_not_there() {
    let ended = played(
        "xfce",
        &format!(
            "{TERMINAL}  - run: xfconf-query -c xfwm4 -p /general/workspace_count -s 2
  - hotkey: ctrl+alt+Right
  - wait: {{ stable: 500ms }}
  - click: {{ window: Terminal }}
    timeout: 1s
"
        ),
    );
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended.said.contains("it is on another workspace"),
        "{}",
        ended.said
    );
}

#[test]
fn a_click_into_a_covered_window_fails_and_names_the_cover() {
    let cover = "  - launch: xterm -geometry 60x20+20+100 -T Cover -e cat
  - wait: { window: Cover, stable: 300ms }
";
    for profile in ["xfce", "bare"] {
        let ended = played(
            profile,
            &format!("{TERMINAL}{cover}  - click: {{ window: Terminal }}\n    timeout: 1s\n"),
        );
        assert_eq!(ended.status, 1, "{}", ended.said);
        assert!(
            ended.said.contains("it is covered by the window `Cover`"),
            "{}",
            ended.said
        );
    }
    let partly = cover.replace("+20+100", "+100+150");
    let ended = played(
        "xfce",
        &format!(
            "{TERMINAL}{partly}  - wait: {{ window: Terminal }}
  - click: {{ window: Terminal }}
    timeout: 1s
"
        ),
    );
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended.said.contains("belongs to the window `Cover`"),
        "{}",
        ended.said
    );
}

#[test]
fn a_program_that_never_paints_counts_by_its_plain_background() {
    // It leaves all drawing to the X server.
    let steps = "  - launch: xev >events.txt
  - click: { window: Event Tester }
  - run: { command: grep ButtonPress events.txt }
    retry: { times: 20, pause: 200ms }
";
    passes("bare", steps);
}
