//! How long it takes to find a picture on a screen, beside `OpenCV` with two
//! threads, in the same run.
//!
//! `cargo bench --bench find`; where the peer cannot be installed, only our own
//! times are told. Times are medians and move with the machine, hold the ratios.
//! `cargo bench --bench find -- --record` measures nothing: it asks `OpenCV` where
//! the needles of the tests are, and writes that into their tables.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]
#![expect(clippy::print_stdout, reason = "this is what a bench is for")]

mod peers;
#[path = "../tests/suite/needles/set.rs"]
mod set;

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    hint::black_box,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use deskhand::{
    geometry::{Point, Rect, Size},
    vision::{Frame, Needle, THRESHOLD, find},
};

use self::set::{COLUMNS, Change, Row, Set, folder};

/// So often everything is measured, ours and the peer's in turn.
const ROUNDS: usize = 15;

/// The tables of needles.
const TABLES: [&str; 4] = ["there.tsv", "absent.tsv", "redrawn.tsv", "other.tsv"];

fn main() {
    let install = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/install.sh");
    Command::new(install).status().unwrap();
    let mut opencv = OpenCv::start();
    if env::args().any(|argument| argument == "--record") {
        let opencv = opencv.as_mut().unwrap();
        for name in TABLES {
            record(name, opencv);
        }
        return;
    }
    if opencv.is_none() {
        peers::is_missing(
            "OpenCV",
            "it is not installed (benches/peers/install.sh has said why)",
        );
    }
    let mut set = Set::read("there.tsv");
    for large in [false, true] {
        let screen = if large {
            wall(&mut set)
        } else {
            set.screen("settings")
        };
        println!("{}", screen.size());
        for part in [
            Rect::new(66, 172, 32, 32),
            Rect::new(420, 350, 64, 32),
            Rect::new(40, 300, 200, 100),
        ] {
            compare(&screen, part, opencv.as_mut());
        }
    }
    println!("needles that count as found, and all");
    for name in TABLES {
        verdicts(name);
    }
    peers::tell_missing();
}

/// Tells how many needles of each kind we and `OpenCV` find at our threshold, in a
/// table for `docs/seeing.md`.
fn verdicts(name: &str) {
    let mut set = Set::read(name);
    let mut kinds: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for row in set.rows.clone() {
        let (screen, needle) = set.pictures(&row);
        let search = find(&screen, &Needle::from(&needle), None, THRESHOLD);
        let changes = [row.needle_is, row.screen_is].map(|change| change.to_string());
        let word = |change: &String| change.split(' ').next().unwrap_or_default().to_owned();
        let of_itself = changes
            .iter()
            .find(|change| *change != "as it is")
            .map(word);
        let kind = of_itself.unwrap_or_else(|| {
            let is_elsewhere = row.cut_from != row.sought_on;
            if is_elsewhere {
                "of another screen"
            } else {
                "as it is"
            }
            .to_owned()
        });
        let counts = kinds.entry(kind).or_default();
        counts[0] += usize::from(!search.found.is_empty());
        counts[1] += usize::from(row.score >= THRESHOLD);
        counts[2] += 1;
    }
    println!("| {name} | Deskhand | OpenCV | of |");
    for (kind, [ours, theirs, all]) in kinds {
        println!("| {kind} | {ours} | {theirs} | {all} |");
    }
}

/// All screens on one of 3840x2160, the one with the needles last.
fn wall(set: &mut Set) -> Frame {
    let size = Size::new(3840, 2160);
    let mut pixels = vec![90; size.width as usize * size.height as usize * 3];
    let mut place = |frame: &Frame, left: usize, top: usize| {
        let stride = frame.size().width as usize * 3;
        for (row, seen) in frame.bytes().chunks_exact(stride).enumerate() {
            let Some(start) = (top + row < 2160).then(|| ((top + row) * 3840 + left) * 3) else {
                break;
            };
            let length = stride.min((3840 - left) * 3);
            pixels[start..start + length].copy_from_slice(&seen[..length]);
        }
    };
    for (name, left, top) in [
        ("wide", 0, 0),
        ("editor", 1920, 0),
        ("finder", 3360, 0),
        ("dark", 0, 1080),
        ("finder", 1440, 1080),
        ("settings", 2400, 1080),
    ] {
        place(&set.screen(name), left, top);
    }
    Frame::new(size, pixels).unwrap()
}

/// Tells how long it takes to find what is there, what is there with noise, and
/// that something is not there.
fn compare(screen: &Frame, part: Rect, mut opencv: Option<&mut OpenCv>) {
    let offset = screen.size() != Size::new(1440, 900);
    let (left, top) = if offset { (2400, 1080) } else { (0, 0) };
    let part = Rect::new(part.x + left, part.y + top, part.width, part.height);
    let exact = screen.crop(part).unwrap();
    let noisy = Change::Noise(8).done_to(&exact, part);
    let absent = upside_down(&exact);
    for (name, picture) in [("exact", exact), ("with noise", noisy), ("absent", absent)] {
        let needle = Needle::from(&picture);
        if let Some(opencv) = opencv.as_mut() {
            opencv.show(screen, &picture);
        }
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let mut found = 0;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            found = black_box(find(screen, &needle, None, THRESHOLD))
                .found
                .len();
            ours.push(begun.elapsed());
            theirs.extend(opencv.as_mut().map(|opencv| opencv.find().took));
        }
        assert_eq!(found > 0, name != "absent", "{name}, {part}");
        let ours = median(ours).as_secs_f64() * 1000.0;
        print!("  {:>8} {name:10} {ours:8.2} ms", part.size().to_string());
        if theirs.is_empty() {
            println!();
        } else {
            let theirs = median(theirs).as_secs_f64() * 1000.0;
            println!("   OpenCV {theirs:7.2} ms: {:.1} times", theirs / ours);
        }
    }
}

fn upside_down(picture: &Frame) -> Frame {
    let stride = picture.size().width as usize * 3;
    let rows = picture.bytes().rchunks_exact(stride);
    Frame::new(picture.size(), rows.flatten().copied().collect()).unwrap()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Writes `OpenCV`'s answers into a table.
fn record(name: &str, opencv: &mut OpenCv) {
    let mut set = Set::read(name);
    let mut text = format!("{COLUMNS}\n");
    for row in set.rows.clone() {
        let (screen, needle) = set.pictures(&row);
        opencv.show(&screen, &needle);
        let answer = opencv.find();
        let row = Row {
            opencv: answer.place,
            score: answer.score,
            ..row
        };
        writeln!(text, "{row}").unwrap();
    }
    fs::write(folder().join(name), text).unwrap();
    println!("{name}: {} needles", set.rows.len());
}

/// `OpenCV` in a process of its own, which ends with this one's end of the pipe.
struct OpenCv {
    _process: Child,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
}

/// What it says.
struct Answer {
    place: Point,
    score: f32,
    took: Duration,
}

impl OpenCv {
    /// `None` where it is not installed.
    fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(root.join("target/peers/python/bin/python"))
            .arg(root.join("benches/peers/opencv.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let asked = process.stdin.take()?;
        let mut told = BufReader::new(process.stdout.take()?);
        let mut name = String::new();
        told.read_line(&mut name).ok()?;
        print!("{name}");
        (!name.is_empty()).then_some(Self {
            _process: process,
            asked,
            told,
        })
    }

    /// Gives it the pictures that it is to look at.
    fn show(&mut self, screen: &Frame, needle: &Frame) {
        for (word, picture) in [("screen", screen), ("needle", needle)] {
            let Size { width, height } = picture.size();
            writeln!(self.asked, "{word} {width} {height}").unwrap();
            self.asked.write_all(picture.bytes()).unwrap();
        }
    }

    fn find(&mut self) -> Answer {
        writeln!(self.asked, "find").unwrap();
        self.asked.flush().unwrap();
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        Answer {
            place: Point::new(words[0].parse().unwrap(), words[1].parse().unwrap()),
            score: words[2].parse().unwrap(),
            took: Duration::from_secs_f64(words[3].parse::<f64>().unwrap() / 1000.0),
        }
    }
}
