//! Text on real dialogs of XFCE is found where it is, read by the real program
//! `tesseract`.
//!
//! `tests/frames/dialogs` holds frames of 1440x900 pixels at 96 DPI, light and
//! dark, with disabled labels, selected rows, menus and keys of one sign. Beside
//! each stands a table of the labels on it: x, y, width and height on the screen,
//! mostly as the program itself gave them to assistive technology, and the text.
//!
//! `tests/frames/desktops` holds such frames of themes, toolkits and pages that are
//! drawn otherwise: on pictures, shaded, striped, with grain, with coloured edges of
//! letters. Those called `german` are in that language.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use deskhand::{
    executor::Tesseract,
    geometry::{Point, Rect, Size},
    plan::Pattern,
    vision::{Frame, Language, Recognizer, TextSearch, Word, find_text},
};

/// A screen with its labels, and what was read on it.
struct Dialog {
    name: String,
    frame: Frame,
    labels: Vec<(Rect, String)>,
    words: Vec<Word>,
}

impl Dialog {
    fn read(png: &Path, reader: &Tesseract, languages: &[Language]) -> Self {
        let frame = Frame::decode_png(&fs::read(png).unwrap()).unwrap();
        let table = fs::read_to_string(png.with_extension("tsv")).unwrap();
        let labels = table.lines().map(|line| {
            let mut columns = line.splitn(5, '\t');
            let mut column = || columns.next().unwrap();
            let [x, y, width, height] = [(); 4].map(|()| column().parse::<u16>().unwrap());
            let place = Rect::new(x.into(), y.into(), width.into(), height.into());
            (place, column().to_owned())
        });
        Self {
            name: png.file_stem().unwrap().to_str().unwrap().to_owned(),
            labels: labels.collect(),
            words: reader.read(&frame, whole(&frame), languages).unwrap(),
            frame,
        }
    }

    fn search(&self, text: &str) -> TextSearch {
        find_text(&self.words, &Pattern::Text(text.to_owned()))
    }

    fn finds(&self, text: &str, place: Rect) -> bool {
        let found = self.search(text).found;
        found
            .iter()
            .any(|found| place.contains(middle(found.bounds)))
    }
}

fn whole(frame: &Frame) -> Rect {
    frame.size().to_rect()
}

fn middle(rect: Rect) -> Point {
    let half = |length: u32| i32::try_from(length / 2).unwrap();
    Point::new(rect.x + half(rect.width), rect.y + half(rect.height))
}

fn program() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut programs = env::split_paths(&path).map(|folder| folder.join("tesseract"));
    let program = programs.find(|program| program.is_file());
    program.expect(
        "there is no `tesseract` to read with: `deskhand desktop install --for-tests` installs it",
    )
}

/// The pictures in a folder of frames, by their names.
fn pictures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/frames")
        .join(folder);
    let files = fs::read_dir(folder).unwrap();
    let mut pictures: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    pictures.retain(|file| file.extension().is_some_and(|ending| ending == "png"));
    pictures.sort();
    pictures
}

/// Every dialog, read once for all tests.
fn dialogs() -> &'static [Dialog] {
    static DIALOGS: OnceLock<Vec<Dialog>> = OnceLock::new();
    DIALOGS.get_or_init(|| {
        let reader = Tesseract::new(program());
        let pictures = pictures("dialogs");
        let read = pictures.iter().map(|png| Dialog::read(png, &reader, &[]));
        read.collect()
    })
}

/// The frames of other desktops, read once for all tests.
fn desktops() -> &'static [Dialog] {
    static DESKTOPS: OnceLock<Vec<Dialog>> = OnceLock::new();
    DESKTOPS.get_or_init(|| {
        let reader = Tesseract::new(program());
        let german = Language::of_code("deu").unwrap();
        assert_eq!(reader.lacks(&[german]), []);
        let pictures = pictures("desktops");
        let read = pictures.iter().map(|png| {
            let is_german = png.to_string_lossy().contains("german");
            let languages = if is_german { vec![german] } else { Vec::new() };
            Dialog::read(png, &reader, &languages)
        });
        read.collect()
    })
}

fn dialog(name: &str) -> &'static Dialog {
    dialogs().iter().find(|dialog| dialog.name == name).unwrap()
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "few misses are no failure, and still told"
)]
fn of_the_labels_of_thirteen_dialogs_97_percent_are_found_at_their_place() {
    let (mut all, mut missed) = (0, Vec::new());
    for dialog in dialogs() {
        for (place, text) in &dialog.labels {
            all += 1;
            if !dialog.finds(text, *place) {
                missed.push(format!("{}: `{text}` at {place:?}", dialog.name));
            }
        }
    }
    assert!(dialogs().len() == 13 && all >= 318, "{all} labels");
    let found = all - missed.len();
    eprintln!("{found} of {all} labels are found; missed: {missed:#?}");
    assert!(
        found * 100 >= all * 97,
        "{found} of {all}; missed: {missed:#?}"
    );
}

/// How many labels of each desktop are found at their place, and how many Tesseract
/// 5.3 finds by itself in the same picture, enlarged three times, with the same
/// languages and in its best mode for such pictures (`--psm 11`).
const DESKTOPS: [(&str, usize, usize); 7] = [
    ("arc-dark", 72, 60),
    ("blackbird", 56, 50),
    ("greybird", 76, 19),
    ("qt-german", 45, 31),
    ("swing", 76, 68),
    ("traditional", 76, 64),
    ("web-german", 42, 36),
];

#[test]
#[expect(
    clippy::print_stderr,
    reason = "few misses are no failure, and still told"
)]
fn on_other_desktops_at_most_half_as_many_labels_are_missed_as_by_tesseract_alone() {
    let names: Vec<&str> = desktops().iter().map(|desktop| &*desktop.name).collect();
    assert_eq!(names, DESKTOPS.map(|(name, ..)| name));
    for (desktop, (name, least, alone)) in desktops().iter().zip(DESKTOPS) {
        let labels = desktop.labels.iter();
        let missed: Vec<_> = labels
            .filter(|(place, text)| !desktop.finds(text, *place))
            .collect();
        let all = desktop.labels.len();
        let found = all - missed.len();
        eprintln!("{name}: {found} of {all}, Tesseract alone {alone}; missed: {missed:#?}");
        assert!(found >= least, "{name}: {found} of {all}: {missed:#?}");
        assert!(missed.len() * 2 <= all - alone, "{name}: {missed:#?}");
    }
}

#[test]
fn what_is_read_does_not_depend_on_how_closely_an_area_is_cut() {
    let reader = Tesseract::new(program());
    let frame = &dialog("wm").frame;
    let (_, all) = ("wm", reader.read(frame, whole(frame), &[]).unwrap());
    let label = find_text(&all, &Pattern::Text("Title font".to_owned())).found;
    let Rect {
        x,
        y,
        width,
        height,
    } = label[0].bounds;
    let size = |more: u32| Size::new(width + more, height + more);
    for (cut, of) in [
        (Rect::new(x, y, width, height), "right at the letters"),
        (
            Rect::new(x + 2, y + 2, width - 4, height - 4),
            "through the letters",
        ),
        (
            Rect::new(x - 9, y - 9, size(18).width, size(18).height),
            "beside them",
        ),
        (
            Rect::new(x - 40, y - 40, size(80).width, size(80).height),
            "through neighbours",
        ),
    ] {
        let words = reader.read(frame, cut, &[]).unwrap();
        let there: Vec<Word> = words
            .iter()
            .map(|word| Word {
                bounds: Rect {
                    x: word.bounds.x + cut.x,
                    y: word.bounds.y + cut.y,
                    ..word.bounds
                },
                ..word.clone()
            })
            .collect();
        let found = find_text(&there, &Pattern::Text("Title font".to_owned())).found;
        assert_eq!(found.len(), 1, "{of}: {words:?}");
        assert_eq!(found[0].bounds, label[0].bounds, "{of}");
        let inside = all.iter().filter(|word| cut.contains(middle(word.bounds)));
        let texts = |words: Vec<&Word>| {
            let mut texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
            texts.sort();
            texts
        };
        assert_eq!(
            texts(there.iter().collect()),
            texts(inside.collect()),
            "{of}"
        );
    }
}

#[test]
fn an_icon_beside_a_word_is_no_letter_of_it() {
    let places = [
        ("arc-dark", "Help"),
        ("swing", "Delete"),
        ("traditional", "Close"),
    ];
    for (name, label) in places {
        let desktop = desktops()
            .iter()
            .find(|desktop| desktop.name == name)
            .unwrap();
        let labels = desktop.labels.iter().filter(|(_, text)| text == label);
        for (place, _) in labels {
            assert!(desktop.finds(label, *place), "{name}: {label} at {place:?}");
        }
    }
}

#[test]
fn a_language_that_has_no_data_here_is_told() {
    let reader = Tesseract::new(program());
    let codes = ["yor", "eng"].map(|code| Language::of_code(code).unwrap());
    assert_eq!(reader.lacks(&codes), [codes[0]]);
}

#[test]
fn labels_of_other_dialogs_are_not_found() {
    let labels = dialogs().iter().flat_map(|dialog| &dialog.labels);
    // Icons may look like a single sign.
    let labels: BTreeSet<&str> = labels
        .map(|(_, text)| text.as_str())
        .filter(|text| text.chars().filter(|c| c.is_alphanumeric()).count() > 1)
        .collect();
    let (mut asked, mut wrong) = (0, Vec::new());
    for dialog in dialogs().iter().chain(desktops()) {
        // What stands there as a part of a label, or half covered, is rightly found.
        let there: Vec<&str> = dialog
            .labels
            .iter()
            .map(|(_, text)| text.as_str())
            .collect();
        let there = format!("{}\nSearch\nscreen", there.join("\n"));
        for text in labels
            .iter()
            .filter(|text| !there.contains(text.trim_end_matches(':')))
        {
            asked += 1;
            wrong.extend(dialog.search(text).found.iter().map(|found| {
                format!(
                    "{}: `{text}` in `{}` at {:?}",
                    dialog.name, found.text, found.bounds
                )
            }));
        }
    }
    assert!(asked > 3000, "{asked} texts");
    assert_eq!(wrong, [""; 0], "of {asked}");
}

#[test]
fn every_key_of_a_calculator_is_read() {
    let calculator = dialog("calculator");
    for key in "0 1 2 3 4 5 6 7 8 9 C AC MS MR M+ sqrt % 42".split(' ') {
        let mut labels = calculator.labels.iter().filter(|(_, text)| text == key);
        let (place, _) = labels.next().unwrap();
        assert!(calculator.finds(key, *place), "{key}");
        assert_eq!(calculator.search(key).found.len(), 1, "{key}");
    }
}

#[test]
fn an_expression_finds_what_is_written() {
    let search = |name: &str, expression: &str| {
        let found = find_text(&dialog(name).words, &Pattern::parse(expression).unwrap()).found;
        found
            .into_iter()
            .map(|found| found.text)
            .collect::<Vec<String>>()
    };
    assert_eq!(search("files", r"/\d+ folders/"), ["138 folders"]);
    assert_eq!(search("display", r"/\d+\.\d+ Hz/"), ["60.00 Hz"]);
    assert_eq!(search("editor", r"/^Save.+/"), ["Save As..."]);
}

#[test]
fn a_misspelt_label_has_the_right_one_as_its_nearest_miss() {
    for (name, wanted, nearest) in [
        ("editor", "Sav", "Save"),
        ("editor", "Quitt", "Quit"),
        ("session", "Shut down", "Shutdown"),
        ("keyboard", "Enable key-repeat", "Enable key repeat"),
        ("mouse", "Left handed", "Left-handed"),
        ("wm", "Titel font", "Title font"),
        ("terminal", "Scroll on key stroke", "Scroll on keystroke"),
    ] {
        let search = dialog(name).search(wanted);
        assert_eq!(search.found, [], "{wanted}");
        let nearest_seen = search.misses.first().map(|miss| &*miss.text);
        assert_eq!(nearest_seen, Some(nearest), "{wanted}");
    }
}

#[test]
fn what_was_read_once_is_known_also_in_a_part_of_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("tesseract");
    std::os::unix::fs::symlink(program(), &link).unwrap();
    let reader = Tesseract::new(link.clone());
    let Dialog { frame, words, .. } = dialog("wm");
    assert_eq!(reader.read(frame, whole(frame), &[]).unwrap(), *words);
    // From here on there is no program that could read.
    fs::remove_file(link).unwrap();
    assert_eq!(reader.read(frame, whole(frame), &[]).unwrap(), *words);
    let list = Rect::new(440, 260, 220, 170);
    let part = reader.read(frame, list, &[]).unwrap();
    let texts: Vec<&str> = part.iter().map(|word| word.text.as_str()).collect();
    let expected = "Theme Default Daloa Default-hdpi Default-xhdpi Kokodi Moheli";
    assert_eq!(texts.join(" "), expected);
    let other = &dialog("session").frame;
    let other = reader.read(other, whole(other), &[]);
    assert!(other.is_err(), "the picture of another dialog");
}
