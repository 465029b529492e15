//! Real videos, made and read by ffmpeg.

use std::{fs, process::Command};

use super::*;

fn made(folder: &Path, arguments: &[&str]) -> PathBuf {
    let file = folder.join("clean.mkv");
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-f", "lavfi", "-i"]);
    let status = command.args(arguments).arg(&file).status().unwrap();
    assert!(status.success());
    file
}

/// Twelve frames, each other one left out, of which each is another gray.
const GRAYS: [&str; 7] = [
    "color=black:size=64x48:rate=10:duration=1.2,format=gray,geq=lum='N*20',select='not(mod(n,2))'",
    "-fps_mode",
    "passthrough",
    "-c:v",
    "libx264rgb",
    "-qp",
    "0",
];

#[test]
fn every_frame_comes_once_at_its_exact_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = made(folder.path(), &GRAYS);
    let mut frames = Frames::open(&file, Size::new(64, 48)).unwrap();
    let mut seen = Vec::new();
    while let Some(drawn) = frames.next_frame().unwrap() {
        seen.push((drawn.at, drawn.frame.bytes()[0]));
    }
    let times: Vec<f64> = seen.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    let steps: Vec<u8> = seen.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    assert!(
        steps.iter().all(|step| (40..=50).contains(step)),
        "{seen:?}"
    );
    assert_eq!(frames.drawings().len(), 6);
    assert!(frames.next_frame().unwrap().is_none());
}

#[test]
fn a_video_of_another_size_or_none_at_all_is_an_error_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = made(folder.path(), &GRAYS);
    let wrong = Frames::open(&file, Size::new(64, 64))
        .unwrap_err()
        .to_string();
    assert!(
        wrong.contains("64x48") && wrong.contains("64x64"),
        "{wrong}"
    );
    let broken = folder.path().join("broken.mkv");
    fs::write(&broken, "no video").unwrap();
    let error = Frames::open(&broken, Size::new(64, 48))
        .unwrap_err()
        .to_string();
    assert!(error.contains("broken.mkv"), "{error}");
    let missing = folder.path().join("-missing.mkv");
    let error = Frames::open(&missing, Size::new(64, 48))
        .unwrap_err()
        .to_string();
    assert!(error.contains("No such file"), "{error}");
}

#[test]
fn a_video_that_was_cut_off_is_read_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let long = [
        "testsrc=size=320x200:rate=30:duration=3",
        "-c:v",
        "libx264rgb",
        "-qp",
        "0",
    ];
    let file = made(folder.path(), &long);
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let mut frames = Frames::open(&file, Size::new(320, 200)).unwrap();
    let mut count = 0;
    while frames.next_frame().unwrap().is_some() {
        count += 1;
    }
    assert!((20..90).contains(&count), "{count}");
}

#[test]
fn a_decoder_that_is_killed_is_an_error_and_one_that_is_not_needed_ends() {
    let folder = tempfile::tempdir().unwrap();
    let long = [
        "testsrc=size=640x480:rate=30:duration=20",
        "-c:v",
        "libx264rgb",
        "-qp",
        "0",
    ];
    let long: Vec<&str> = long.into_iter().chain(["-preset", "ultrafast"]).collect();
    let file = made(folder.path(), &long);
    let mut frames = Frames::open(&file, Size::new(640, 480)).unwrap();
    assert!(frames.next_frame().unwrap().is_some());
    let process = format!("/proc/{}", frames.tool.id());
    frames.tool.kill();
    let error = loop {
        match frames.next_frame() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the film would have been cut off"),
            Err(error) => break error.to_string(),
        }
    };
    assert!(error.contains("clean.mkv"), "{error}");
    drop(frames);
    assert!(!Path::new(&process).exists());

    let frames = Frames::open(&file, Size::new(640, 480)).unwrap();
    let process = format!("/proc/{}", frames.tool.id());
    drop(frames);
    assert!(!Path::new(&process).exists());
}

#[test]
fn old_versions_of_ffmpeg_are_told_otherwise() {
    let old = ["4.4.2-0ubuntu0.22.04.1 Copyright", "5.0.1", "4.2"];
    let new = [
        "5.1.9-0+deb12u1",
        "6.1",
        "n7.1-1",
        "N-118000-gabc",
        "2026-01-01-git-ef",
    ];
    assert!(
        old.iter()
            .all(|version| is_before_5_1(&format!("ffmpeg version {version}")))
    );
    assert!(
        !new.iter()
            .any(|version| is_before_5_1(&format!("ffmpeg version {version}")))
    );
}
