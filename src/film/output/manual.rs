//! A manual: what a film shows, for reading.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use regex::{Captures, Regex};

use super::{
    Show,
    moments::{Moment, frame_at, moments, pressed, typed},
    stills::{Still, name, results},
};
use crate::widget::Role;

/// Verbs by which somebody does something that a reader can do too, each with the word
/// that a manual has for it.
const ACTIONS: [(&str, &str); 15] = [
    ("click", "click"),
    ("clipboard", "put on the clipboard"),
    ("double-click", "double-click"),
    ("drag", "drag"),
    ("fill", "fill"),
    ("hotkey", "press"),
    ("launch", "start"),
    ("move", "point at"),
    ("press", "press"),
    ("restart", "restart"),
    ("right-click", "right-click"),
    ("scroll", "scroll"),
    ("select", "select"),
    ("type", "type"),
    ("window", "arrange"),
];

/// Verbs whose titles quote what is written, in which nothing is a widget.
const QUOTING: [&str; 2] = ["clipboard", "type"];

/// The words for roles whose names no reader of a manual knows.
const ROLES: [(&str, &str); 12] = [
    ("columnheader", "column header"),
    ("combobox", "list"),
    ("img", "image"),
    ("listitem", "item"),
    ("menuitem", "menu item"),
    ("progressbar", "progress bar"),
    ("radio", "radio button"),
    ("scrollbar", "scroll bar"),
    ("spinbutton", "number field"),
    ("statusbar", "status bar"),
    ("textbox", "field"),
    ("treeitem", "item"),
];

/// A manual and its pictures.
pub(super) struct Manual {
    pub(super) text: String,
    pub(super) stills: Vec<Still>,
}

/// The manual for a file.
pub(super) fn manual(show: Show<'_>, path: &Path) -> Manual {
    let folder = path.with_extension("");
    let pictures = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut writing = Writing {
        show,
        pictures: pictures.into_owned(),
        folder,
        manual: Manual {
            text: format!("# {}\n", line(&show.timeline.scenario)),
            stills: Vec::new(),
        },
        number: 0,
        said: 0,
    };
    let moments = moments(show);
    let chapters = show.film.chapters();
    let results = results(show);
    if chapters.is_empty() {
        writing.steps(&moments);
        writing.captions_until(u32::MAX, true);
        writing.result(&results[0]);
        return writing.manual;
    }
    for (chapter, result) in chapters.iter().zip(&results) {
        let (first, after) = (frame_at(show, chapter.from), frame_at(show, chapter.to));
        let is_last = chapter.to >= chapters.last().map_or(0.0, |last| last.to);
        let inside =
            |moment: &&Moment| moment.begins >= first && (moment.begins < after || is_last);
        let inside: Vec<Moment> = moments.iter().filter(inside).copied().collect();
        let _ = write!(writing.manual.text, "\n## {}\n", line(&chapter.title));
        writing.steps(&inside);
        writing.captions_until(after, is_last);
        writing.result(result);
    }
    writing.manual
}

struct Writing<'a> {
    show: Show<'a>,
    /// The name of the folder of the pictures.
    pictures: String,
    folder: PathBuf,
    manual: Manual,
    /// How many pictures there are.
    number: usize,
    /// How many captions have been written.
    said: usize,
}

impl Writing<'_> {
    /// The steps of a chapter: the words of its captions, and what is done.
    fn steps(&mut self, moments: &[Moment]) {
        let mut item = 0;
        for moment in moments {
            while let Some(caption) = self.show.timeline.captions.get(self.said)
                && caption.step <= moment.step.step
            {
                self.said += 1;
                self.caption(&caption.text, &mut item);
            }
            let Some(sentence) = sentence(self.show, moment) else {
                continue;
            };
            item += 1;
            let separator = if item == 1 { "\n" } else { "" };
            let _ = writeln!(self.manual.text, "{separator}{item}. {sentence}");
            if let Some(at) = pressed(self.show, moment.step) {
                let frame = frame_at(self.show, self.show.film.film_time(at));
                let picture = self.picture(&moment.step.title, frame);
                let _ = writeln!(self.manual.text, "\n   {picture}\n");
            }
        }
    }

    /// The captions of a chapter that come after its last step.
    fn captions_until(&mut self, frame: u32, is_last: bool) {
        while let Some(caption) = self.show.timeline.captions.get(self.said) {
            let from = self.show.film.film_time(caption.span.from);
            if !is_last && frame_at(self.show, from) >= frame {
                break;
            }
            self.said += 1;
            self.caption(&caption.text, &mut 0);
        }
    }

    /// The words of a caption come before the steps that they are about.
    fn caption(&mut self, text: &str, item: &mut usize) {
        let lines = text.lines().map(line).filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.collect();
        let _ = write!(self.manual.text, "\n{}\n", lines.join("\\\n"));
        *item = 0;
    }

    /// The picture at the end of a chapter.
    fn result(&mut self, (title, frame): &(String, u32)) {
        let picture = self.picture(title, *frame);
        let _ = write!(self.manual.text, "\n{picture}\n");
    }

    fn picture(&mut self, title: &str, frame: u32) -> String {
        self.number += 1;
        let file = format!("{}.png", name(self.number, title));
        self.manual.stills.push(Still {
            path: self.folder.join(&file),
            frame,
        });
        format!("![{}](<{}/{file}>)", line(title), self.pictures)
    }
}

/// What is done in a step, as a sentence; nothing if the user does nothing in it.
fn sentence(show: Show<'_>, moment: &Moment) -> Option<String> {
    let step = moment.step;
    let typed = typed(show, step);
    let (verb, word) = ACTIONS.iter().find(|(verb, _)| *verb == step.verb)?;
    // A title that somebody wrote does not begin with the verb.
    let own = step.title.strip_prefix(verb);
    let text = match own {
        Some(rest) if *verb == "type" && !typed.is_empty() && !rest.contains("***") => {
            format!("{word} “{typed}”")
        }
        Some(rest) if QUOTING.contains(verb) => format!("{word}{rest}"),
        Some(rest) => format!("{word}{}", in_words(rest)),
        None => step.title.clone(),
    };
    let text = line(&text);
    let mut chars = text.chars();
    let first = chars.next()?;
    let end = if text.ends_with(['.', '!', '?', '…']) {
        ""
    } else {
        "."
    };
    Some(format!("{}{}{end}", first.to_uppercase(), chars.as_str()))
}

/// What the title of a step is about, with its widgets as a sentence names them: for
/// `button "Save"` the “Save” button.
fn in_words(title: &str) -> String {
    static WIDGET: LazyLock<Regex> = LazyLock::new(|| {
        let roles = Role::NAMES.join("|");
        Regex::new(&format!(r#" ({roles}) "([^"]*)""#)).expect("names of roles are plain words")
    });

    let named = |found: &Captures<'_>| {
        let role = &found[1];
        let word = ROLES.iter().find(|(known, _)| *known == role);
        let word = word.map_or(role, |(_, word)| word);
        format!(" the “{}” {word}", &found[2])
    };
    WIDGET.replace_all(title, named).into_owned()
}

/// Text on one line, escaped so that nothing in it is Markdown.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
    {
        if c.is_ascii_punctuation() && "\\`*_{}[]<>#|~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
