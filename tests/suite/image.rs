//! Pictures held against each other, as `deskhand image` does it on files and
//! `screenshot-assert` on the screen.
//!
//! `tests/frames/should-match` and `should-fail` hold pairs of real screens, and
//! what a person would say of them has to be said with the defaults. Each of them that differs,
//! and those in `changes`, has in its `about.yaml` what changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use deskhand::{
    geometry::{Point, Rect, Size},
    vision::Frame,
};
use serde_json::Value;
use tempfile::TempDir;

const FRAMES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/frames");

/// How `deskhand image` ended, and what it said.
fn image(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .arg("image")
        .args(arguments)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

/// The pairs of a kind: their folders, and what they mask, as `X,Y,WxH`.
fn pairs(kind: &str) -> Vec<(PathBuf, Vec<String>)> {
    let mut folders: Vec<PathBuf> = fs::read_dir(Path::new(FRAMES).join(kind))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let masks = |folder: &PathBuf| {
        let about = fs::read_to_string(folder.join("about.yaml")).unwrap_or_default();
        let about: serde_yaml::Value = serde_yaml::from_str(&about).unwrap();
        let masks = about.get("mask").cloned().unwrap_or_default();
        let masks: Option<Vec<Rect>> = serde_yaml::from_value(masks).unwrap();
        masks.unwrap_or_default().into_iter().map(written).collect()
    };
    let pairs: Vec<_> = folders
        .into_iter()
        .map(|folder| {
            let masks = masks(&folder);
            (folder, masks)
        })
        .collect();
    assert!(!pairs.is_empty(), "there are no pairs in {kind}");
    pairs
}

fn written(rect: Rect) -> String {
    let Rect {
        x,
        y,
        width,
        height,
    } = rect;
    format!("{x},{y},{width}x{height}")
}

/// Asserts that every pair of a kind is judged alike by the program with its
/// defaults.
fn judged(kind: &str, status: i32) {
    for (folder, masks) in pairs(kind) {
        let [expected, actual] =
            ["expected.png", "actual.png"].map(|name| folder.join(name).display().to_string());
        let mut arguments = vec!["diff", &expected, &actual];
        arguments.extend(masks.iter().flat_map(|mask| ["--mask", mask]));
        let (ended, said) = image(&arguments);
        assert_eq!(ended, status, "{}\n{said}", folder.display());
    }
}

#[test]
fn what_a_person_takes_for_the_same_matches() {
    judged("should-match", 0);
}

#[test]
fn what_a_person_sees_does_not_match() {
    judged("should-fail", 1);
}

/// What a person says of the changes of a pair: any of these words. `None` if nothing
/// differs there.
fn expected_words(folder: &Path) -> Option<Vec<String>> {
    let about = fs::read_to_string(folder.join("about.yaml")).unwrap_or_default();
    let about: serde_yaml::Value = serde_yaml::from_str(&about).unwrap();
    let words = about.get("change")?;
    Some(match words.as_str() {
        Some(word) => vec![word.to_owned()],
        None => serde_yaml::from_value(words.clone()).unwrap(),
    })
}

/// What the program says of each change of a pair.
fn told_words(folder: &Path, masks: &[String]) -> Vec<String> {
    let [expected, actual] =
        ["expected.png", "actual.png"].map(|name| folder.join(name).display().to_string());
    let mut arguments = vec!["diff", &expected, &actual, "--json", "--read-text"];
    arguments.extend(masks.iter().flat_map(|mask| ["--mask", mask]));
    let (_, said) = image(&arguments);
    let said: Value = serde_json::from_str(&said).unwrap();
    let told = said["changes"]["told"].as_array().unwrap();
    let words = told.iter().map(|change| change["is"].as_str().unwrap());
    words.map(str::to_owned).collect()
}

/// Each pair has the words that a person would use in its `about.yaml`. The program may
/// say "changed" where it cannot tell, but nothing that is wrong.
#[test]
#[expect(clippy::print_stderr, reason = "the share is worth knowing")]
fn changes_are_told_as_a_person_would_tell_them() {
    let pairs: Vec<_> = ["changes", "should-fail", "should-match"]
        .into_iter()
        .flat_map(pairs)
        .filter_map(|(folder, masks)| Some((expected_words(&folder)?, folder, masks)))
        .collect();
    let judge = |(wanted, folder, masks): &(Vec<String>, PathBuf, Vec<String>)| {
        let told = told_words(folder, masks);
        let name = folder.file_name().unwrap().display();
        assert!(!told.is_empty(), "nothing is told of {name}");
        for word in &told {
            let is_right = wanted.contains(word) || word == "changed";
            assert!(is_right, "{name} is {wanted:?}, but this is told: {told:?}");
        }
        let right = told.iter().filter(|word| wanted.contains(word)).count();
        (right, told.len())
    };
    // Reading takes most of the time, and each pair is a program of its own.
    let share = pairs.len().div_ceil(4);
    let judged: Vec<(usize, usize)> = thread::scope(|scope| {
        let shares = pairs.chunks(share);
        let working: Vec<_> = shares
            .map(|share| scope.spawn(move || share.iter().map(judge).collect::<Vec<_>>()))
            .collect();
        let done = working.into_iter().flat_map(|one| one.join().unwrap());
        done.collect()
    });
    let right: usize = judged.iter().map(|(right, _)| right).sum();
    let all: usize = judged.iter().map(|(_, all)| all).sum();
    eprintln!(
        "{right} of {all} changes in {} pairs are told rightly",
        pairs.len()
    );
    assert!(
        right * 10 >= all * 8,
        "only {right} of {all} are told rightly"
    );
}

/// A folder with a picture, and with the same in which a patch is black.
fn folder() -> (TempDir, Frame) {
    let folder = tempfile::tempdir().unwrap();
    let paper = Frame::filled(Size::new(80, 60), [240, 240, 238]);
    let mut spotted = paper.clone();
    spotted.put(&Frame::filled(Size::new(6, 4), [0; 3]), Point::new(30, 20));
    fs::write(folder.path().join("paper.png"), paper.encode_png()).unwrap();
    fs::write(folder.path().join("spotted.png"), spotted.encode_png()).unwrap();
    (folder, spotted)
}

#[test]
fn every_figure_stands_beside_its_limit_and_every_place_is_told() {
    let (folder, _) = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (paper, spotted) = (path("paper.png"), path("spotted.png"));
    let (status, said) = image(&["diff", &paper, &spotted]);
    assert_eq!(status, 1);
    for line in [
        "the pictures differ\n",
        "differing pixels   24 of 4800 (0.5 %), at most 0\n",
        "largest cluster    24 in 6x4 at 30,20, at most 0\n",
        "  1. new: 6x4 at 30,20, 24 pixels, by tolerance (9 %)\n",
    ] {
        assert!(said.contains(line), "{said}");
    }
    let told = ["diff", &paper, &spotted, "--max-pixels", "24"];
    assert_eq!(image(&told).0, 1);
    let both = ["--max-pixels", "24", "--max-cluster", "24"];
    let told = [&["diff", &paper, &spotted][..], &both].concat();
    assert_eq!(image(&told).0, 0);
    let masked = ["diff", &paper, &spotted, "--mask", "30,20,6x4"];
    assert_eq!(image(&masked).0, 0);
    let elsewhere = ["diff", &paper, &spotted, "--region", "0,0,30x60"];
    assert_eq!(image(&elsewhere).0, 0);
}

#[test]
fn places_are_those_of_the_whole_picture_also_within_a_region() {
    let (folder, _) = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (paper, spotted) = (path("paper.png"), path("spotted.png"));
    let region = ["--region", "20,10,40x40", "--json"];
    let (_, said) = image(&[&["diff", &paper, &spotted][..], &region].concat());
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(told["match"], false);
    assert_eq!(
        (&told["pixels"], &told["compared"]),
        (&24.into(), &1600.into())
    );
    assert_eq!(told["areas"][0]["x"], 30);
    assert_eq!(told["largest_cluster"]["y"], 20);
}

#[test]
fn pictures_of_what_differs_are_kept_where_one_wants_them() {
    let (folder, _) = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (paper, spotted) = (path("paper.png"), path("spotted.png"));
    let (diff, comparison) = (path("diff.png"), path("comparison.png"));
    let kept = ["--output", &diff, "--comparison", &comparison];
    image(&[&["diff", &paper, &spotted][..], &kept].concat());
    let size = |path: &str| Frame::decode_png(&fs::read(path).unwrap()).unwrap().size();
    assert_eq!(size(&diff), Size::new(80, 60));
    assert!(size(&comparison).width > 3 * 80);
    let nowhere = path("no/such/folder.png");
    assert_eq!(image(&["diff", &paper, &spotted, "-o", &nowhere]).0, 5);
}

#[test]
fn pictures_of_different_sizes_differ_and_are_shown() {
    let (folder, spotted) = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let narrow = spotted.crop(Rect::new(0, 0, 79, 60)).unwrap();
    fs::write(path("narrow.png"), narrow.encode_png()).unwrap();
    let (wide, narrow, diff) = (path("spotted.png"), path("narrow.png"), path("diff.png"));
    let generous = ["--max-pixels", "999", "--max-cluster", "999", "-o", &diff];
    let (status, said) = image(&[&["diff", &wide, &narrow][..], &generous].concat());
    assert_eq!(status, 1);
    assert!(
        said.contains("sizes              80x60 and 79x60\n"),
        "{said}"
    );
    let diff = Frame::decode_png(&fs::read(diff).unwrap()).unwrap();
    assert_eq!(diff.size(), Size::new(80, 60));
}

#[test]
fn a_picture_is_found_in_another_or_what_comes_near_is_told() {
    let (folder, spotted) = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let needle = spotted.crop(Rect::new(28, 18, 10, 8)).unwrap();
    fs::write(path("needle.png"), needle.encode_png()).unwrap();
    let (needle, screen, paper) = (path("needle.png"), path("spotted.png"), path("paper.png"));
    let marked = path("marked.png");
    let (status, said) = image(&["find", &needle, &screen, "-o", &marked]);
    assert_eq!((status, &*said), (0, "  1. 10x8 at 28,18, 100 % similar\n"));
    assert!(Path::new(&marked).is_file());
    let (status, said) = image(&["find", &needle, &screen, "--json"]);
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((status, &told["found"][0]["x"]), (0, &28.into()));
    let (status, said) = image(&["find", &needle, &paper]);
    assert_eq!(status, 1);
    assert!(said.starts_with("not found"), "{said}");
    let elsewhere = ["find", &needle, &screen, "--region", "0,0,30x30"];
    assert_eq!(image(&elsewhere).0, 1);
}

#[test]
fn numbers_in_json_are_those_that_a_person_would_write() {
    let (folder, _) = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (paper, spotted) = (path("paper.png"), path("spotted.png"));
    for (given, written) in [
        ("10%", "0.1"),
        ("0.7%", "0.007"),
        ("100%", "1.0"),
        ("0%", "0.0"),
    ] {
        let (_, said) = image(&["diff", &paper, &spotted, "--json", "--tolerance", given]);
        let limit = format!("\"tolerance\":{written}}}");
        assert!(said.contains(&limit), "{given}: {said}");
        let (_, said) = image(&["find", &spotted, &paper, "--json", "--threshold", given]);
        let limit = format!("\"threshold\":{written}}}");
        assert!(said.contains(&limit), "{given}: {said}");
    }
    // A score is of 32 bits, so nine digits say all of it.
    let (_, said) = image(&["find", &paper, &spotted, "--json", "--threshold", "10%"]);
    let told: Value = serde_json::from_str(&said).unwrap();
    let places = [&told["found"], &told["misses"]].map(|places| places.as_array().unwrap());
    let scores = places
        .into_iter()
        .flatten()
        .map(|place| place["score"].to_string());
    let digits = scores.map(|score| score.trim_start_matches("0.").len());
    assert!(digits.into_iter().all(|digits| digits <= 9), "{said}");
}

#[test]
fn a_broken_picture_is_not_equal_to_itself() {
    let (folder, spotted) = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let mut data = spotted.encode_png();
    fs::write(path("twin.png"), &data).unwrap();
    let diff = path("diff.png");
    let (status, said) = image(&["diff", &path("spotted.png"), &path("twin.png"), "-o", &diff]);
    assert_eq!(status, 0, "{said}");
    assert!(Path::new(&diff).is_file());
    data.truncate(data.len() / 2);
    fs::write(path("half.png"), &data).unwrap();
    let (status, said) = image(&["diff", &path("half.png"), &path("half.png")]);
    assert_eq!(status, 2);
    assert!(
        said.contains("is truncated: the file ends within its `IDAT` chunk"),
        "{said}"
    );
}

#[test]
fn a_picture_is_found_on_another_background_if_its_own_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let icon = |ground: [u8; 3]| {
        let mut frame = Frame::filled(Size::new(80, 60), ground);
        for (x, side, colour) in [
            (30, 16, [30, 90, 200]),
            (34, 6, [250; 3]),
            (41, 3, [230, 97, 0]),
        ] {
            let square = Frame::filled(Size::new(side, side), colour);
            frame.put(&square, Point::new(x, x - 10));
        }
        frame
    };
    let needle = icon([240; 3]).crop(Rect::new(26, 16, 24, 24)).unwrap();
    fs::write(path("needle.png"), needle.encode_png()).unwrap();
    fs::write(path("dark.png"), icon([30; 3]).encode_png()).unwrap();
    fs::write(
        path("even.png"),
        Frame::filled(Size::new(9, 9), [7; 3]).encode_png(),
    )
    .unwrap();
    let (needle, dark, even) = (path("needle.png"), path("dark.png"), path("even.png"));
    assert_eq!(image(&["find", &needle, &dark]).0, 1);
    let (status, said) = image(&["find", &needle, &dark, "--ignore-background"]);
    assert_eq!(
        (status, &*said),
        (0, "  1. 24x24 at 26,16, 100 % similar\n")
    );
    let (status, said) = image(&["find", &even, &dark, "--ignore-background"]);
    assert_eq!(status, 2);
    assert!(said.contains("only one colour left"), "{said}");
    let (_, said) = image(&["find", &needle, &dark, "--json"]);
    let told: Value = serde_json::from_str(&said).unwrap();
    let threshold = told["threshold"].as_f64().unwrap();
    assert!(
        (threshold - 0.9).abs() < 1e-6,
        "as of a target in a scenario"
    );
}

#[test]
fn what_is_no_picture_is_named() {
    let (folder, _) = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("words.png"), "no picture at all").unwrap();
    let paper = path("paper.png");
    for (other, words) in [
        (
            "words.png",
            "is not a PNG: it does not begin with the PNG signature",
        ),
        ("nothing.png", "cannot read"),
    ] {
        let other = path(other);
        for arguments in [["diff", &paper, &other], ["find", &other, &paper]] {
            let (status, said) = image(&arguments);
            assert_eq!(status, 2, "{said}");
            assert!(said.contains(words) && said.contains(&other), "{said}");
        }
    }
    assert_eq!(image(&["diff", &paper, &paper, "--tolerance", "0.1"]).0, 2);
}

/// Runs `deskhand image diff` of two pictures that differ on a terminal of its own,
/// which answers like this when it is asked what it can; gives all that was written
/// to it. The terminal is left as it was.
#[cfg(target_os = "linux")]
fn on_a_terminal(answer: &'static str) -> String {
    use std::{
        fs::File,
        io::{Read, Write},
        os::unix::ffi::OsStrExt,
        thread,
    };

    use rustix::{
        fs::{Mode, OFlags, open},
        pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
        termios::tcgetattr,
    };

    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
    let theirs = File::from(open(path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap());
    let before = tcgetattr(&theirs).unwrap().local_modes;
    let mut ours = File::from(ours);
    let reader = thread::spawn(move || {
        let (mut written, mut part, mut asked) = (String::new(), [0; 4096], false);
        // The end of the other side is an error.
        while let Ok(length) = ours.read(&mut part) {
            written += &String::from_utf8_lossy(&part[..length]);
            if !asked && written.contains("\x1b[c") {
                asked = true;
                ours.write_all(answer.as_bytes()).unwrap();
            }
        }
        written
    });
    let pair = Path::new(FRAMES).join("should-fail/changed-letter");
    let mut child = Command::new("setsid")
        .args(["--ctty", env!("CARGO_BIN_EXE_deskhand"), "image", "diff"])
        .args([pair.join("expected.png"), pair.join("actual.png")])
        .env("TERM", "xterm")
        .env_remove("CI")
        .env_remove("NO_COLOR")
        .stdin(theirs.try_clone().unwrap())
        .stdout(theirs.try_clone().unwrap())
        .stderr(theirs.try_clone().unwrap())
        .spawn()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(tcgetattr(&theirs).unwrap().local_modes == before);
    drop(theirs);
    reader.join().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_can_shows_what_differs() {
    let sixel = on_a_terminal("\x1b[?62;4;22c");
    assert!(sixel.contains("the pictures differ"), "{sixel:?}");
    assert!(sixel.contains("\x1bP0;1q\"1;1;"), "{sixel:?}");
    let kitty = on_a_terminal("\x1b_Gi=31;OK\x1b\\\x1b[?62c");
    assert!(kitty.contains("\x1b_Ga=T,f=100,q=2,m="), "{kitty:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_cannot_or_says_nothing_gets_the_text_alone() {
    for answer in ["\x1b[?65;1;9c", "", "nonsense"] {
        let written = on_a_terminal(answer);
        assert!(written.contains("largest cluster"), "{written:?}");
        let shown = ["\x1bP", "\x1b_Ga=T"].map(|start| written.contains(start));
        assert_eq!(shown, [false, false], "{written:?}");
    }
}
