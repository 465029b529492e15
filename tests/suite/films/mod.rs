//! Films as files: what is in each, whether it is the same twice, and how kept films are
//! checked. The recording is drawn here, so that no desktop and no video is needed.

mod command;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use deskhand::{
    geometry::{Point, Rect, Size},
    internal::{
        film::{
            AutoZoom, Film, Style,
            encode::{Fault, Stop},
            output::{
                Checked, Finding, Kind, Order, Progress, Show, Target, Written, check, render,
            },
            source::{Drawn, Source, SourceError},
        },
        scenario::VERBS,
        timeline::{Caption, Clean, Input, Span, Step, Timeline},
    },
    vision::Frame,
};
use serde_json::Value;

const SIZE: Size = Size::new(320, 200);
const SECONDS: u32 = 4;

/// What the screen shows: a button, and letters that are typed below it.
#[derive(Clone)]
struct Screen {
    button: Rect,
    colour: [u8; 3],
    letters: u32,
    next: u32,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            button: Rect::new(40, 60, 80, 24),
            colour: [53, 132, 228],
            letters: 8,
            next: 0,
        }
    }
}

impl Source for Screen {
    fn next_frame(&mut self) -> Result<Option<Drawn>, SourceError> {
        let at = f64::from(self.next) / 10.0;
        if at >= f64::from(SECONDS) {
            return Ok(None);
        }
        let mut frame = Frame::filled(SIZE, [246, 245, 244]);
        frame.put(
            &Frame::filled(self.button.size(), self.colour),
            self.button.corner(),
        );
        for letter in 0..self.letters.min(self.next) {
            let left = 40 + letter.cast_signed() * 10;
            for stroke in [0, 4] {
                frame.put(
                    &Frame::filled(Size::new(2, 10), [30; 3]),
                    Point::new(left + stroke, 120),
                );
            }
        }
        self.next += 1;
        Ok(Some(Drawn { at, frame }))
    }
}

fn timeline() -> Timeline {
    let step = |step: usize, title: &str, verb: &str| {
        let from = 0.25 + f64::from(u32::try_from(step).unwrap());
        Step {
            step,
            verb: verb.to_owned(),
            title: title.to_owned(),
            span: Span {
                from,
                to: from + 0.6,
            },
            outcome: "passed".to_owned(),
            ..Step::default()
        }
    };
    let chapter = |step: usize, title: &str, from: f64| Step {
        step,
        verb: "group".to_owned(),
        title: title.to_owned(),
        span: Span {
            from,
            to: from + 1.4,
        },
        outcome: "passed".to_owned(),
        ..Step::default()
    };
    let inside = |parent, step: Step| Step {
        parent: Some(parent),
        ..step
    };
    Timeline {
        version: 1,
        scenario: "Save a file".to_owned(),
        recording: "demo".to_owned(),
        size: SIZE,
        length: f64::from(SECONDS),
        clean: Some(Clean {
            file: "demo.clean.mkv".to_owned(),
            frames: 40,
            dropped: 0,
        }),
        steps: vec![
            chapter(10, "Begin", 0.2),
            inside(10, step(0, "click button \"Save\"", "click")),
            chapter(11, "Write *all*", 1.2),
            inside(11, step(1, "type \"Hello\"", "type")),
        ],
        input: vec![
            Input::Move {
                at: 0.3,
                to: Point::new(220, 150),
            },
            Input::Down {
                at: 0.4,
                button: "left".to_owned(),
            },
            Input::Up {
                at: 0.45,
                button: "left".to_owned(),
            },
            Input::Text {
                at: 1.3,
                until: 1.8,
                text: "Hello".to_owned(),
            },
        ],
        captions: vec![Caption {
            span: Span { from: 0.5, to: 3.0 },
            text: "Press <Save>".to_owned(),
            step: 0,
            ..Caption::default()
        }],
        ..Timeline::default()
    }
}

/// A style in which all of the screen is seen all the time.
fn whole_screen() -> Style {
    let mut style = Style::default();
    style.zoom.auto = AutoZoom::Off;
    style
}

/// A recording, and the folder that films of it are written to.
struct Case {
    folder: tempfile::TempDir,
    timeline: Timeline,
    style: Style,
    screen: Screen,
    stop: Stop,
}

impl Case {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            timeline: timeline(),
            style: whole_screen(),
            screen: Screen::default(),
            stop: Stop::default(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn film(&self) -> Film {
        Film::plan(&self.timeline, &self.style)
    }

    fn render(&self, names: &[&str], max_size: Option<u64>) -> Result<Vec<Written>, Fault> {
        self.render_told(names, max_size, &|_| {})
    }

    fn render_told(
        &self,
        names: &[&str],
        max_size: Option<u64>,
        progress: &dyn Fn(Progress),
    ) -> Result<Vec<Written>, Fault> {
        let targets: Vec<Target> = names.iter().map(|name| self.target(name)).collect();
        let film = self.film();
        let order = Order {
            show: self.show(&film),
            targets: &targets,
            max_size,
            sound: None,
            stop: self.stop.clone(),
            progress,
        };
        render(&order, self.screen.clone())
    }

    fn check(&self, name: &str) -> Vec<Finding> {
        let film = self.film();
        let checked = Checked {
            show: self.show(&film),
            target: &self.target(name),
            stop: self.stop.clone(),
        };
        check(&checked, self.screen.clone()).unwrap()
    }

    fn show<'a>(&'a self, film: &'a Film) -> Show<'a> {
        Show {
            timeline: &self.timeline,
            style: &self.style,
            film,
        }
    }

    fn target(&self, name: &str) -> Target {
        let path = self.path(name);
        let kind = Kind::of(&path).unwrap();
        Target { path, kind }
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// What ffprobe says of a file.
fn probed(path: &Path) -> Value {
    let probe = ["-v", "error", "-of", "json", "-count_frames"];
    let output = Command::new("ffprobe")
        .args(probe)
        .args(["-show_streams", "-show_chapters", "-show_format"])
        .arg(path)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn a_video_has_all_frames_its_chapters_and_its_subtitles() {
    let case = Case::new();
    case.render(&["demo.mp4", "demo.webm"], None).unwrap();
    let film = case.film();
    let seconds = f64::from(film.frames()) / f64::from(film.frame_rate());
    for (name, codec, subtitles) in [
        ("demo.mp4", "h264", "mov_text"),
        ("demo.webm", "vp9", "webvtt"),
    ] {
        let probed = probed(&case.path(name));
        let video = &probed["streams"][0];
        assert_eq!(video["codec_name"], codec);
        assert_eq!(video["width"], film.size().width);
        assert_eq!(video["height"], film.size().height);
        let frames = number(&video["nb_read_frames"]) - f64::from(film.frames());
        assert!(frames.abs() < 0.5, "{name}");
        assert_eq!(video["color_space"], "bt709");
        assert!(
            (number(&probed["format"]["duration"]) - seconds).abs() < 0.06,
            "{name}"
        );
        let chapters = probed["chapters"].as_array().unwrap();
        let titles: Vec<&str> = chapters
            .iter()
            .map(|chapter| chapter["tags"]["title"].as_str().unwrap())
            .collect();
        let expected: Vec<String> = film.chapters().into_iter().map(|it| it.title).collect();
        assert_eq!(titles, expected);
        let is_captioned = !film.captions().is_empty();
        let streams = probed["streams"].as_array().unwrap();
        let has = streams
            .iter()
            .any(|stream| stream["codec_name"] == subtitles);
        assert_eq!(has, is_captioned, "{name}");
        assert_eq!(case.path("demo.vtt").exists(), is_captioned);
    }
}

#[test]
fn a_gif_and_a_webp_last_as_long_as_the_film_and_show_its_colours() {
    let case = Case::new();
    case.render(&["demo.gif", "demo.webp"], None).unwrap();
    let film = case.film();
    let seconds = f64::from(film.frames()) / f64::from(film.frame_rate());
    let gif = probed(&case.path("demo.gif"));
    assert_eq!(gif["streams"][0]["codec_name"], "gif");
    let duration = number(&gif["format"]["duration"]);
    assert!((duration - seconds).abs() < 0.15, "{duration} of {seconds}");
    let webp = fs::read(case.path("demo.webp")).unwrap();
    assert_eq!(&webp[8..12], b"WEBP");
    assert!(webp.windows(4).any(|chunk| chunk == b"ANIM"));
}

#[test]
fn the_same_film_is_the_same_bytes_twice() {
    let names = ["demo.mp4", "demo.webm", "demo.gif", "demo.webp", "demo.md"];
    let (once, twice) = (Case::new(), Case::new());
    once.render(&names, None).unwrap();
    twice.render(&names, None).unwrap();
    for name in names {
        let read = |case: &Case| fs::read(case.path(name)).unwrap();
        assert!(read(&once) == read(&twice), "{name}");
    }
    assert_eq!(once.names(), twice.names());
}

#[test]
fn a_kept_film_of_every_kind_passes_its_own_check() {
    let case = Case::new();
    let names = [
        "a.mp4", "b.webm", "c.gif", "d.webp", "e.md", "stills", "f.png",
    ];
    case.render(&names, None).unwrap();
    for name in names.into_iter().filter(|name| *name != "f.png") {
        let found: Vec<String> = case.check(name).into_iter().map(|it| it.words).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn what_moved_is_recoloured_or_not_typed_is_found_in_films_of_every_kind() {
    let names = ["a.mp4", "b.webm", "c.gif", "d.webp", "stills"];
    let mut case = Case::new();
    case.render(&names, None).unwrap();
    let others = [
        Screen {
            button: Rect::new(52, 60, 80, 24),
            ..Screen::default()
        },
        Screen {
            colour: [46, 160, 67],
            ..Screen::default()
        },
        Screen {
            letters: 5,
            ..Screen::default()
        },
    ];
    for (number, other) in others.into_iter().enumerate() {
        case.screen = other;
        for name in names {
            let found = case.check(name);
            let pictures = found.iter().find_map(|finding| finding.pictures.as_ref());
            let pictures = pictures.unwrap_or_else(|| panic!("{name}: change {number}"));
            assert_eq!(pictures.kept.size(), pictures.now.size());
        }
    }
}

#[test]
fn other_words_are_found_without_a_picture() {
    let mut case = Case::new();
    case.render(&["demo.gif", "demo.md"], None).unwrap();
    let title = "click button \"Save as\"";
    case.timeline.steps[1].title = title.to_owned();
    let found = &case.check("demo.gif")[0].words;
    let expected = "step 1 was “click button \"Save\"” and is now “click button \"Save as\"”";
    assert_eq!(found, expected);
    assert!(case.check("demo.md")[0].words.contains("Save as"));
    case.timeline = timeline();
    case.style.pointer.size += 1;
    let found = &case.check("demo.gif")[0].words;
    assert_eq!(found, "the style differs from that of the film");
}

#[test]
fn a_limit_of_bytes_is_kept_or_the_error_says_what_could_be_reached() {
    let case = Case::new();
    let free = case.render(&["free.gif", "free.mp4"], None).unwrap();
    let most = |ending: &str| {
        let is_it = |written: &&Written| written.path.extension().is_some_and(|it| it == ending);
        free.iter().find(is_it).unwrap().bytes
    };
    for ending in ["gif", "mp4"] {
        let limit = most(ending) * 7 / 10;
        let name = format!("small.{ending}");
        let written = case.render(&[&name], Some(limit)).unwrap();
        let small = written
            .iter()
            .find(|it| it.path == case.path(&name))
            .unwrap();
        assert!(small.bytes <= limit, "{name}: {} of {limit}", small.bytes);
        assert!(small.choice.is_some());
    }
    let said = case
        .render(&["tiny.gif"], Some(1000))
        .unwrap_err()
        .to_string();
    assert!(said.contains("the smallest possible size is"), "{said}");
    assert!(!case.path("tiny.gif").exists());
}

#[test]
fn a_film_that_is_stopped_leaves_what_was_there() {
    let case = Case::new();
    let kept = case.path("demo.mp4");
    fs::write(&kept, "an earlier film").unwrap();
    let stop = case.stop.clone();
    let halfway = |progress: Progress| {
        if progress.done * 2 > progress.all {
            stop.ask();
        }
    };
    let names = ["demo.mp4", "demo.gif", "stills"];
    let stopped = case.render_told(&names, None, &halfway).unwrap_err();
    assert!(matches!(stopped, Fault::Stopped), "{stopped}");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "an earlier film");
    assert_eq!(case.names(), ["demo.mp4"]);
}

#[test]
fn a_manual_has_a_sentence_for_each_verb_by_which_somebody_does_something() {
    let mut case = Case::new();
    let steps = VERBS.iter().enumerate().map(|(number, verb)| {
        let from = 0.2 + 0.05 * f64::from(u32::try_from(number).unwrap());
        Step {
            step: number,
            verb: verb.name.to_owned(),
            title: format!("{} menuitem \"As PNG\"", verb.name),
            span: Span {
                from,
                to: from + 0.04,
            },
            outcome: "passed".to_owned(),
            ..Step::default()
        }
    });
    case.timeline.steps = steps.collect();
    case.render(&["manual.md"], None).unwrap();
    let text = fs::read_to_string(case.path("manual.md")).unwrap();
    let numbered = text.lines().filter_map(|line| line.split_once(". "));
    let sentences: Vec<&str> = numbered.map(|(_, sentence)| sentence).collect();
    assert_eq!(
        sentences,
        [
            "Start the “As PNG” menu item.",
            "Click the “As PNG” menu item.",
            "Double-click the “As PNG” menu item.",
            "Right-click the “As PNG” menu item.",
            "Point at the “As PNG” menu item.",
            "Drag the “As PNG” menu item.",
            "Scroll the “As PNG” menu item.",
            "Type menuitem \"As PNG\".",
            "Press the “As PNG” menu item.",
            "Press the “As PNG” menu item.",
            "Put on the clipboard menuitem \"As PNG\".",
            "Fill the “As PNG” menu item.",
            "Select the “As PNG” menu item.",
            "Arrange the “As PNG” menu item.",
            "Restart the “As PNG” menu item.",
        ]
    );
}

#[test]
fn a_manual_has_a_heading_for_each_chapter_and_all_of_its_pictures() {
    let case = Case::new();
    case.render(&["manual.md"], None).unwrap();
    let text = fs::read_to_string(case.path("manual.md")).unwrap();
    assert!(text.starts_with("# Save a file\n"), "{text}");
    assert!(text.contains("1. Click the “Save” button."), "{text}");
    assert!(
        text.contains("1. Type “Hello”.") || text.contains("2. Type “Hello”."),
        "{text}"
    );
    assert!(text.contains("\nPress \\<Save\\>\n"), "{text}");
    for chapter in case.film().chapters() {
        assert!(
            text.contains(&format!("\n## {}", chapter.title.replace('*', "\\*"))),
            "{text}"
        );
    }
    let pictures = text.split("(<").skip(1);
    let pictures: Vec<&str> = pictures
        .filter_map(|rest| rest.split(">)").next())
        .collect();
    assert!(!pictures.is_empty());
    for picture in pictures {
        let png = fs::read(case.path(picture)).unwrap();
        assert_eq!(Frame::decode_png(&png).unwrap().size(), case.film().size());
    }
}
