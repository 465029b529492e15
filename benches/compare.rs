//! What is said of pairs of real screens, and how fast two pictures are compared,
//! whole processes and in memory; beside the fastest programs there are, in the
//! same run.
//!
//! `cargo bench --bench compare`; a peer that cannot be installed is left out, and
//! the end says so. Times are medians and move with the machine; hold the ratios.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]
#![expect(clippy::print_stdout, reason = "this is what a bench is for")]

mod peers;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use deskhand::{
    desktop::{Desktop, DesktopClient, wire::ExecuteRequest},
    geometry::{Point, Rect, Size},
    server::{LocalDesktop, Options},
    vision::{Frame, Limits, Mask, compare},
};

/// Where the peers are installed.
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers");

/// Rounds of every peer, one after another, so that all meet the same weather.
const ROUNDS: usize = 15;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A real screen of this size: windows with text on a background that is as
/// even and as uneven as a photograph.
async fn screen(size: Size) -> Frame {
    let keeper = PathBuf::from(env!("CARGO_BIN_EXE_deskhand"));
    let options = Options {
        size,
        ..Options::new(keeper, std::env::var("PATH").unwrap())
    };
    let desktop = LocalDesktop::start(&options).await.unwrap();
    let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
    client
        .wait_until_ready(Duration::from_secs(60))
        .await
        .unwrap();
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    for program in ["galculator", &format!("l3afpad '{readme}'")] {
        let command = format!("{program} >/dev/null 2>&1 &");
        let request = ExecuteRequest {
            command,
            ..ExecuteRequest::default()
        };
        client.execute(&request).await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let frame = client.frame(None).await.unwrap();
    desktop.shut_down().await;
    on_a_photograph(&frame)
}

/// The frame with the colour of its last pixel, the background, replaced.
fn on_a_photograph(frame: &Frame) -> Frame {
    let (pixels, _) = frame.bytes().as_chunks::<3>();
    let background = pixels[pixels.len() - 1];
    let width = frame.size().width as usize;
    let new = pixels.iter().enumerate().flat_map(|(index, pixel)| {
        if *pixel != background {
            return *pixel;
        }
        let (x, y) = (index % width, index / width);
        let grain = (x * 7919 + y * 104_729) / 97 % 3;
        [x / 16 + grain, y / 8 + grain, (x + y) / 24].map(|n| u8::try_from(n % 256).unwrap())
    });
    Frame::new(frame.size(), new.collect()).unwrap()
}

/// A file as other programs write it, with all filters.
fn by_png(frame: &Frame) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, frame.size().width, frame.size().height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(frame.bytes()).unwrap();
    drop(writer);
    file
}

/// The same with 0.4 % of its pixels changed, as letters change: in 64 patches.
fn changed(frame: &Frame) -> Frame {
    let mut changed = frame.clone();
    let size = frame.size();
    let patch = Size::new(size.width / 64 / 2, size.height / 64);
    for number in 0..64_u32 {
        let x = number % 8 * (size.width / 8) + 17;
        let y = number / 8 * (size.height / 8) + 11;
        let place = Point::new(i32::try_from(x).unwrap(), i32::try_from(y).unwrap());
        let part = frame.crop(Rect::at(place, patch)).unwrap();
        let turned = part.bytes().iter().map(|channel| 255 - channel).collect();
        changed.put(&Frame::new(patch, turned).unwrap(), place);
    }
    changed
}

/// A way to compare two files and to write a picture of what differs.
struct Program {
    name: &'static str,
    command: PathBuf,
    /// With `A`, `B` and `OUT` where the files stand.
    arguments: &'static [&'static str],
}

fn programs() -> Vec<Program> {
    let modules = Path::new(PEERS).join("node_modules");
    let architecture = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "x64",
    };
    let native = |package: String| modules.join(package);
    vec![
        Program {
            name: "deskhand",
            command: env!("CARGO_BIN_EXE_deskhand").into(),
            arguments: &["image", "diff", "A", "B", "--output", "OUT"],
        },
        Program {
            name: "dify",
            command: Path::new(PEERS).join("bin/dify"),
            arguments: &["A", "B", "--output", "OUT"],
        },
        Program {
            name: "blazediff",
            command: native(format!("@blazediff/bin-linux-{architecture}/blazediff")),
            arguments: &["A", "B", "OUT"],
        },
        Program {
            name: "odiff",
            command: native(format!("@odiff/linux-{architecture}/odiff")),
            arguments: &["A", "B", "OUT"],
        },
    ]
}

/// The median of each program's whole process.
fn whole_processes(folder: &Path) {
    let mut programs = programs();
    programs.retain(|program| {
        let there = program.command.is_file();
        if !there {
            peers::is_missing(
                program.name,
                "it is not installed (benches/peers/install.sh has said why)",
            );
        }
        there
    });
    let mut times = vec![Vec::new(); programs.len()];
    for _ in 0..=ROUNDS {
        for (program, times) in programs.iter().zip(&mut times) {
            let out = folder.join(format!("{}.png", program.name));
            let file = |name: &str| match name {
                "A" => folder.join("a.png").into_os_string(),
                "B" => folder.join("b.png").into_os_string(),
                "OUT" => out.clone().into_os_string(),
                other => other.into(),
            };
            let _ = std::fs::remove_file(&out);
            let begun = Instant::now();
            Command::new(&program.command)
                .args(program.arguments.iter().map(|name| file(name)))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            times.push(begun.elapsed());
            assert!(out.is_file(), "{} wrote no picture", program.name);
        }
    }
    let medians: Vec<Duration> = times
        .into_iter()
        .map(|mut times| median(times.split_off(1)))
        .collect();
    for (program, time) in programs.iter().zip(&medians) {
        let ratio = time.as_secs_f64() / medians[0].as_secs_f64();
        let name = program.name;
        println!(
            "  {name:14} {:8.1} ms   {ratio:4.1} times ours",
            milliseconds(*time)
        );
    }
}

/// The median of one comparison in memory.
fn in_memory(one: &Frame, other: &Frame) -> Duration {
    let mask = Mask::default();
    let times = (0..=ROUNDS * 4).map(|_| {
        let begun = Instant::now();
        let difference = compare(one, other, &mask, &Limits::default());
        assert_eq!(difference.expected_size, one.size());
        begun.elapsed()
    });
    median(times.skip(1).collect())
}

fn in_memory_beside_peers(folder: &Path, one: &Frame, other: &Frame) {
    let ours = [in_memory(one, other), in_memory(one, &twin(one))].map(milliseconds);
    println!(
        "  {:14} {:8.2} ms   equal {:6.2} ms",
        "deskhand", ours[0], ours[1]
    );
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/memory.mjs");
    let told = Command::new("node")
        .args([Path::new(script), Path::new(PEERS)])
        .args([folder.join("a.png"), folder.join("b.png")])
        .output();
    let Some(told) = told.ok().filter(|told| told.status.success()) else {
        for peer in ["pixelmatch", "blazediff in JavaScript"] {
            peers::is_missing(
                peer,
                "node is missing, or it is not installed (benches/peers/install.sh has said why)",
            );
        }
        return;
    };
    for line in String::from_utf8(told.stdout).unwrap().lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [changed, equal] = [1, 2].map(|n| words[n].parse::<f64>().unwrap());
        println!(
            "  {:14} {changed:8.2} ms   equal {equal:6.2} ms   {:4.1} and {:4.1} times ours",
            words[0],
            changed / ours[0],
            equal / ours[1],
        );
    }
}

/// The same pixels at another place in memory: nothing may know that they are
/// the same.
fn twin(frame: &Frame) -> Frame {
    Frame::new(frame.size(), frame.bytes().to_vec()).unwrap()
}

/// What each program says of the pairs in `tests/frames` with its defaults: how
/// many pixels differ.
fn judgements() {
    let modules = Path::new(PEERS).join("node_modules/.bin");
    let frames = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frames");
    for kind in ["should-match", "should-fail"] {
        println!(
            "{kind:24} {:>10} {:>10} {:>10}",
            "deskhand", "odiff", "pixelmatch"
        );
        let folders = std::fs::read_dir(frames.join(kind)).unwrap();
        let mut pairs: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
        pairs.sort();
        for pair in pairs {
            let [expected, actual] = ["expected.png", "actual.png"].map(|name| pair.join(name));
            let masks = masks(&pair);
            let said = |command: &Path, words: &[&str], arguments: Vec<String>| {
                let output = Command::new(command)
                    .args(words)
                    .args([&expected, &actual])
                    .args(arguments)
                    .output();
                output.map_or_else(
                    |error| {
                        let peer = command.file_name().unwrap_or_default().to_string_lossy();
                        peers::is_missing(&peer, &format!("it does not start: {error}"));
                        "-".to_owned()
                    },
                    |output| {
                        pixels(&String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
                    },
                )
            };
            let ours = masks.iter().flat_map(|mask| {
                let Rect {
                    x,
                    y,
                    width,
                    height,
                } = mask;
                ["--mask".to_owned(), format!("{x},{y},{width}x{height}")]
            });
            let ignored = masks.iter().map(|mask| {
                format!(
                    "--ignore={}:{}-{}:{}",
                    mask.x,
                    mask.y,
                    mask.right(),
                    mask.bottom()
                )
            });
            let name = pair.file_name().unwrap().to_string_lossy().into_owned();
            println!(
                "  {name:22} {:>10} {:>10} {:>10}",
                said(
                    Path::new(env!("CARGO_BIN_EXE_deskhand")),
                    &["image", "diff"],
                    ours.collect()
                ),
                said(&modules.join("odiff"), &[], ignored.collect()),
                said(&modules.join("pixelmatch"), &[], Vec::new()),
            );
        }
    }
}

/// What a pair masks.
fn masks(pair: &Path) -> Vec<Rect> {
    let about = std::fs::read_to_string(pair.join("about.yaml")).unwrap_or_default();
    let about: serde_yaml::Value = serde_yaml::from_str(&about).unwrap();
    let masks = about.get("mask").cloned().unwrap_or_default();
    serde_yaml::from_value::<Option<Vec<Rect>>>(masks)
        .unwrap()
        .unwrap_or_default()
}

/// The number of differing pixels in what a program says.
fn pixels(said: &str) -> String {
    let lines = said.lines().map(str::to_lowercase);
    let about = lines.filter(|line| line.contains("pixels") && line.contains("differ"));
    let number = about.flat_map(|line| {
        let words = line.split(|c: char| !c.is_ascii_digit());
        let numbers = words.filter(|word| !word.is_empty()).map(str::to_owned);
        numbers.take(1).collect::<Vec<_>>()
    });
    let none = if said.contains("do not match") {
        "size"
    } else {
        "0"
    };
    number.take(1).next().unwrap_or_else(|| none.to_owned())
}

#[tokio::main]
async fn main() {
    let install = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/install.sh");
    Command::new(install).status().unwrap();
    judgements();
    let folder = tempfile::tempdir().unwrap();
    for size in [Size::new(1440, 900), Size::new(3840, 2160)] {
        let one = screen(size).await;
        let other = changed(&one);
        for (writer, pack) in [
            ("the png crate", by_png as fn(&Frame) -> Vec<u8>),
            ("Deskhand", Frame::encode_png),
        ] {
            for (name, frame) in [("a.png", &one), ("b.png", &other)] {
                std::fs::write(folder.path().join(name), pack(frame)).unwrap();
            }
            println!("{size}, two PNG files of {writer} with 0.4 % changed, a diff written");
            whole_processes(folder.path());
        }
        println!("{size}, in memory");
        in_memory_beside_peers(folder.path(), &one, &other);
    }
    peers::tell_missing();
}
