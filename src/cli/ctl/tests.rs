//! Command lines, played on a desktop in memory.

use clap::{CommandFactory, Parser};

use super::*;
use crate::{
    desktop::{
        MemoryDesktop,
        wire::{Extensions, Health},
    },
    geometry::{Point, Rect, Size},
    vision::Frame,
};

/// `ctl` as a program of its own.
#[derive(Debug, Parser)]
#[command(name = "ctl")]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

const URL: &str = "http://127.0.0.1:1";

fn parse(line: &[&str]) -> Result<Arguments, clap::Error> {
    let words = std::iter::once("ctl").chain(line.iter().copied());
    Program::try_parse_from(words).map(|program| program.arguments)
}

/// Plays a command line; the texts of its answers, or the fault.
fn play_on(desktop: &dyn Desktop, line: &[&str]) -> Result<Vec<String>, Fault> {
    let arguments = parse(line).unwrap_or_else(|error| panic!("{error}"));
    let mut texts = Vec::new();
    let mut give = |answer: Answer| {
        texts.push(if arguments.json {
            answer.json
        } else {
            answer.text
        });
        Ok(answer.exit)
    };
    let call = Call {
        desktop,
        url: URL,
        timeout: arguments.timeout,
        tesseract: None,
        environment: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(arguments.method.call(&call, &mut give))?;
    Ok(texts)
}

fn memory() -> MemoryDesktop {
    MemoryDesktop::new(Size::new(640, 480))
}

#[test]
fn every_method_of_a_desktop_has_a_subcommand() {
    let source = include_str!("../../desktop/mod.rs");
    let (_, trait_) = source.split_once("pub trait Desktop").unwrap();
    let mut names: Vec<String> = trait_
        .split("async fn ")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('(')?.0.replace('_', "-")))
        .collect();
    // Only whoever plays a scenario has to know it before it looks.
    names.retain(|name| name != "no-widgets");
    // What the client knows on its own, and what this machine does.
    names.extend(["desktop-url", "read-text", "find"].map(str::to_owned));
    let program = Program::command();
    for name in &names {
        assert!(program.find_subcommand(name).is_some(), "{name}");
    }
    assert_eq!(program.get_subcommands().count(), names.len());
}

#[test]
fn the_command_line_is_sound() {
    Program::command().debug_assert();
}

#[test]
fn a_method_does_what_it_says() {
    for (line, action) in [
        (&["resize-screen", "800x600"][..], "resize 800x600"),
        (&["move-pointer", "3", "4"], "move 3,4"),
        (&["click"], "click 0,0 left"),
        (&["click", "3", "4", "--button", "right"], "click 3,4 right"),
        (&["drag", "1", "2", "3", "4"], "drag 1,2 3,4 left"),
        (
            &["click", "--hold", "shift", "--hold", "ctrl"],
            "click 0,0 left with Shift_L+Control_L",
        ),
        (
            &["drag", "1", "2", "3", "4", "--hold", "alt"],
            "drag 1,2 3,4 left with Alt_L",
        ),
        (&["scroll", "down", "5"], "scroll down 5"),
        (&["scroll", "up"], "scroll up 1"),
        (&["type", "a word"], "type a word"),
        (&["type-text", "--", "-x"], "type -x"),
        (&["press", "enter"], "press Return"),
        (&["press-key", "-"], "press minus"),
        (&["hotkey", "ctrl+s"], "hotkey Control_L+s"),
        (&["hotkey", "ctrl", "s"], "hotkey Control_L+s"),
        (&["hold", "--key", "shift"], "hold Shift_L"),
        (
            &["hold", "3", "4", "--button", "left", "--up"],
            "let go left at 3,4",
        ),
        (&["start-recording"], "start recording"),
        (&["restart-process", "novnc"], "restart novnc"),
        (&["execute", "true"], "execute true"),
    ] {
        let desktop = memory();
        play_on(&desktop, line).unwrap_or_else(|fault| panic!("{line:?}: {fault}"));
        assert_eq!(desktop.actions(), [action], "{line:?}");
    }
}

#[test]
fn a_method_prints_what_the_desktop_answers() {
    for (line, text) in [
        (&["desktop-url"][..], "http://127.0.0.1:1\n"),
        (&["display-info"], "memory 640x480\n"),
        (
            &["screen", "--json"],
            "{\"display\":\"memory\",\"width\":640,\"height\":480}\n",
        ),
        (&["--json", "windows"], "{\"items\":[]}\n"),
        (&["pointer-position"], "0,0\n"),
        (&["recording-status"], "no recording\n"),
        (&["health"], "ok\n"),
        (&["process-errors", "xvfb"], "the last words of xvfb\n"),
        (&["wait-until-ready", "--timeout", "1s"], ""),
    ] {
        assert_eq!(play_on(&memory(), line).unwrap(), [text], "{line:?}");
    }
}

#[test]
fn the_extensions_of_a_desktop_are_listed_one_a_line() {
    let names = Extensions::all().items.into_iter();
    let known = names.filter(|name| name != Extensions::CLEAN_RECORDINGS);
    let lines: String = known.map(|name| name + "\n").collect();
    assert_eq!(play_on(&memory(), &["extensions"]).unwrap(), [lines]);
}

#[test]
fn a_window_is_asked_for_what_is_said_and_told_as_it_is_then() {
    let place = Rect::new(1, 2, 30, 40);
    let desktop = memory().window_after(Duration::ZERO, "Note", place);
    let line = ["window", "0x00000002", "--x", "-5", "--state", "normal"];
    let told = play_on(&desktop, &line).unwrap();
    assert_eq!(told, ["done: 30x40 at -5,2 normal\n"]);
    assert_eq!(desktop.actions(), ["window Note x -5 normal"]);
    let close = ["arrange-window", "0x00000002", "--close"];
    assert_eq!(
        play_on(&desktop, &close).unwrap(),
        ["done: the window is gone\n"]
    );
    for wrong in [
        &["window", "0x00000002", "--close", "--raise"][..],
        &["window", "0x00000002", "--width", "0"],
    ] {
        assert!(parse(wrong).is_err(), "{wrong:?}");
    }
    assert!(play_on(&desktop, &["window", "0x00000002"]).is_err());
}

#[test]
fn json_is_the_protocols_own() {
    for (line, document) in [
        (&["windows"][..], r#"{"items":[]}"#),
        (&["move-pointer", "3", "4"], r#"{"x":3,"y":4}"#),
        (&["press", "a"], r#"{"ok":true}"#),
        (&["health"], r#"{"ok":true}"#),
        (&["desktop-url"], r#"{"url":"http://127.0.0.1:1"}"#),
    ] {
        let line = [&["--json"], line].concat();
        let told = play_on(&memory(), &line).unwrap();
        assert_eq!(told, [format!("{document}\n")], "{line:?}");
    }
}

#[test]
fn a_desktop_that_is_not_well_is_told_by_the_exit_status() {
    let told = |ok| Answer::of(&Health { ok });
    assert_eq!(told(true).exit, Exit::Passed);
    let unwell = told(false);
    assert_eq!(unwell.exit, Exit::Failed);
    assert_eq!(unwell.json, "{\"ok\":false}\n");
    assert_eq!(unwell.text, "not ok\n");
}

#[test]
fn a_stream_ends_after_the_count() {
    let texts = play_on(&memory(), &["status-stream", "--count", "3"]).unwrap();
    assert_eq!(texts, ["running (4 of 4)\n"; 3]);
}

#[test]
fn a_video_goes_to_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.mp4");
    let to = OutputPath::File(file.clone());
    let answer = Answer::media(b"a video".to_vec(), &to, "video/mp4");
    assert_eq!(deliver(&answer, false).unwrap(), Exit::Passed);
    assert_eq!(std::fs::read(file).unwrap(), b"a video");
}

#[test]
fn a_file_goes_to_the_desktop_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (here, desktop) = (folder.path().join("here"), memory());
    std::fs::write(&here, b"\0bytes\xff").unwrap();
    let here = here.to_str().unwrap();
    play_on(&desktop, &["write-file", here, "~/there"]).unwrap();
    assert_eq!(desktop.actions(), ["write ~/there"]);
    let back = ["read-file", "~/there", "back", "--json"];
    let document = r#"{"file":"back","mime_type":"application/octet-stream","size_bytes":7}"#;
    assert_eq!(play_on(&desktop, &back).unwrap(), [format!("{document}\n")]);
    let missing = play_on(&desktop, &["read-file", "there", "back"]).unwrap_err();
    assert_eq!(missing.exit(), Exit::Desktop);
    let missing = play_on(&desktop, &["write-file", "/no/such/file", "x"]).unwrap_err();
    assert_eq!(missing.exit(), Exit::Usage);
}

#[test]
fn the_text_on_a_clipboard_is_printed_as_it_is() {
    let desktop = memory();
    assert_eq!(play_on(&desktop, &["read-clipboard"]).unwrap(), [""]);
    play_on(&desktop, &["write-clipboard", "two\nlines"]).unwrap();
    assert_eq!(
        play_on(&desktop, &["read-clipboard"]).unwrap(),
        ["two\nlines"]
    );
    play_on(&desktop, &["type", "marked"]).unwrap();
    let primary = ["read-clipboard", "--selection", "primary", "--json"];
    let json = play_on(&desktop, &primary).unwrap();
    assert_eq!(json, ["{\"text\":\"marked\",\"formats\":[]}\n"]);
}

#[test]
fn what_was_drawn_is_told_with_its_place() {
    let desktop = memory();
    assert_eq!(play_on(&desktop, &["damage"]).unwrap(), ["1\n"]);
    let since = ["damage", "--since", "1", "--wait", "1s"];
    assert_eq!(play_on(&desktop, &since).unwrap(), ["1\n"]);
    play_on(&desktop, &["type", "x"]).unwrap();
    assert_eq!(play_on(&desktop, &since).unwrap(), ["2 8x12 at 0,40\n"]);
    let elsewhere = [
        "damage",
        "--since",
        "1",
        "--region",
        "100,100,9x9",
        "--json",
    ];
    let json = r#"{"revision":2,"width":640,"height":480,"changed":null}"#;
    assert_eq!(
        play_on(&desktop, &elsewhere).unwrap(),
        [format!("{json}\n")]
    );
}

#[test]
fn what_is_out_of_bounds_is_wrong_usage() {
    for line in [
        &[][..],
        &["resize-screen", "100x100"],
        &["click", "3"],
        &["move-pointer", "-1", "0"],
        &["move-pointer", "32768", "0"],
        &["scroll", "down", "101"],
        &["scroll", "sideways"],
        &["press", "Retrun"],
        &["hotkey"],
        &["screenshot-region", "a.png"],
        &["screenshot", "--quality", "101"],
        &["get-process", "init"],
        &["delete-recording", "../status"],
        &["status-stream", "--count", "0"],
        &["windows", "--timeout", "0s"],
    ] {
        assert_eq!(
            parse(line).map(drop).map_err(|e| e.exit_code()),
            Err(2),
            "{line:?}"
        );
    }
    for line in [
        &["hotkey", "ctrl+"][..],
        &["screenshot", "a.png", "--quality", "5"],
    ] {
        let fault = play_on(&memory(), line).unwrap_err();
        assert_eq!(fault.exit(), Exit::Usage, "{line:?}");
    }
}

#[test]
fn a_misspelt_key_is_refused_with_the_nearest_name() {
    let error = parse(&["press", "Retrun"]).unwrap_err().to_string();
    assert!(error.contains("did you mean `Return`?"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_says_nothing_in_time_is_an_error_of_the_desktop() {
    let desktop = memory();
    let call = Call {
        desktop: &desktop,
        url: URL,
        timeout: Some(Duration::from_millis(500)),
        tesseract: None,
        environment: None,
    };
    let silence = std::future::pending::<desktop::Result<()>>();
    let fault = Fault::from(call.ask(silence).await.unwrap_err());
    assert_eq!(fault.exit(), Exit::Desktop);
    assert_eq!(
        fault.to_string(),
        "the desktop at http://127.0.0.1:1 did not answer within 0.5 s"
    );
}

#[test]
fn a_token_is_never_drawn() {
    let arguments = parse(&["--token", "sesame", "windows"]).unwrap();
    assert!(!format!("{arguments:?}").contains("sesame"));
}

#[test]
fn without_tesseract_nothing_can_be_read_and_its_package_is_told() {
    let fault = play_on(&memory(), &["read-text"]).unwrap_err();
    assert_eq!(fault.exit(), Exit::Desktop);
    assert!(fault.to_string().contains("tesseract-ocr"), "{fault}");
}

#[test]
fn a_language_of_text_is_named_by_its_code() {
    let error = parse(&["read-text", "--languages", "deu,de"]).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("did you mean `deu` (German)?"), "{error}");
}

/// A folder with a picture of a red square that has a green one beside it.
fn needle() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut picture = Frame::filled(Size::new(20, 10), [200, 0, 0]);
    picture.put(
        &Frame::filled(Size::new(10, 10), [0, 160, 0]),
        Point::new(10, 0),
    );
    let path = folder.path().join("squares.png");
    std::fs::write(&path, picture.encode_png()).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

#[test]
fn a_target_is_told_with_all_its_places_and_which_one_is_meant() {
    let (_folder, path) = needle();
    let at_once = Duration::ZERO;
    let mut desktop = memory();
    for (x, y) in [(50, 40), (300, 200)] {
        desktop = desktop
            .painted_after(at_once, Rect::new(x, y, 10, 10), [200, 0, 0])
            .painted_after(at_once, Rect::new(x + 10, y, 10, 10), [0, 160, 0]);
    }
    let target = format!("{{ image: {path}, nth: 2 }}");
    let told = play_on(&desktop, &["find", &target]).unwrap().concat();
    assert_eq!(
        told,
        "  1. 20x10 at 50,40, 100 % similar\n  2. 20x10 at 300,200, 100 % similar, pointing at \
         310,205\n"
    );
    let told = play_on(&desktop, &["--json", "find", &target])
        .unwrap()
        .concat();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["found"][1]["x"], 300);
    assert_eq!(
        (&told["meant"], &told["point"]["y"]),
        (&1.into(), &205.into())
    );
    let several = format!("image: {path}\nin: {{ x: 0, y: 0, width: 200, height: 200 }}");
    let told = play_on(&desktop, &["find", &several]).unwrap().concat();
    assert_eq!(
        told,
        "  1. 20x10 at 50,40, 100 % similar, pointing at 60,45\n"
    );
}

#[test]
fn what_comes_near_a_target_is_told_too() {
    let (_folder, path) = needle();
    let square = Rect::new(50, 40, 10, 10);
    let desktop = memory()
        .painted_after(Duration::ZERO, square, [200, 0, 0])
        .painted_after(Duration::ZERO, Rect::new(60, 40, 10, 10), [0, 90, 160]);
    let target = format!("{{ image: {path} }}");
    let told = play_on(&desktop, &["find", &target]).unwrap().concat();
    assert!(told.starts_with("not found"), "{told}");
    assert!(told.contains("20x10 at 50,40"), "{told}");
}

#[test]
fn a_window_and_a_position_are_targets_like_any_other() {
    let desktop = memory().window_after(Duration::ZERO, "Notes", Rect::new(10, 20, 300, 200));
    let told = play_on(&desktop, &["find", "{ window: /Not/ }"])
        .unwrap()
        .concat();
    assert_eq!(told, "  1. Notes, 300x200 at 10,20, pointing at 160,120\n");
    let told = play_on(&desktop, &["find", "[3, 4]"]).unwrap().concat();
    assert_eq!(told, "  1. 1x1 at 3,4, pointing at 3,4\n");
}

#[test]
fn what_is_no_target_is_a_wrong_command_line() {
    for (target, words) in [
        ("{ image: nowhere.png }", "nowhere.png"),
        ("{ picture: save.png }", "picture"),
        ("{ image: [", ""),
        ("save", "save"),
    ] {
        let fault = play_on(&memory(), &["find", target]).unwrap_err();
        assert!(fault.exit() == Exit::Usage, "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
    }
}
