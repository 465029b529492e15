//! Text on the screen, read by the program `tesseract`.

use std::{
    collections::HashMap,
    fmt,
    io::{Read, Write},
    path::PathBuf,
    process::{Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use crate::{
    geometry::Rect,
    language::Language,
    vision::{
        Frame, RecognizeError, Recognizer, StripPicture, Word, parse_tsv, read_text, to_tiff,
    },
};

/// No picture takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A second process is worth its start for lines with more pixels than this,
/// about thirty labels.
const WORTH_TWO: usize = 60_000;

/// Pixels of the lines whose words are kept: some 4000 labels in 8 MB.
const MAX_KEPT: usize = 8 << 20;

/// The program `tesseract` of Debian's package tesseract-ocr. It reads the lines
/// of a picture one by one, and each line once: a line that was seen before,
/// anywhere on the screen, costs nothing.
#[derive(Clone, Debug)]
pub struct Tesseract {
    program: PathBuf,
    known: Arc<Mutex<Known>>,
}

/// The words of the lines that were read.
#[derive(Default)]
struct Known {
    /// By the languages that they may be in.
    words: HashMap<String, HashMap<StripPicture, Vec<Word>>>,
    /// How many pixels the lines have together.
    pixels: usize,
}

impl fmt::Debug for Known {
    /// Without the words: a secret may be among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: usize = self.words.values().map(HashMap::len).sum();
        write!(f, "Known({lines} lines)")
    }
}

impl Known {
    fn keep(&mut self, codes: &str, picture: &StripPicture, words: Vec<Word>) {
        // It is unknown which lines will be seen again; most will be, at once.
        if self.pixels + picture.area() > MAX_KEPT {
            *self = Self::default();
        }
        let known = self.words.entry(codes.to_owned()).or_default();
        if known.insert(picture.clone(), words).is_none() {
            self.pixels += picture.area();
        }
    }
}

impl Tesseract {
    /// The program at this path.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self {
            program,
            known: Arc::default(),
        }
    }

    /// The words of each of these lines, counted from its corner.
    fn read_lines(
        &self,
        lines: &[&StripPicture],
        codes: &str,
    ) -> Result<Vec<Vec<Word>>, RecognizeError> {
        let area: usize = lines.iter().map(|line| line.area()).sum();
        if area < WORTH_TWO {
            return self.run(lines, codes);
        }
        let mut sum = 0;
        let half = lines.iter().position(|line| {
            sum += line.area();
            sum * 2 >= area
        });
        let (one, other) = lines.split_at(half.map_or(0, |last| last + 1));
        let (one, other) = thread::scope(|scope| {
            let other = scope.spawn(|| self.run(other, codes));
            (self.run(one, codes), other.join())
        });
        let lost = |_| RecognizeError {
            message: format!("{} broke off", self.program.display()),
        };
        let (mut one, other) = (one?, other.map_err(lost)??);
        one.extend(other);
        Ok(one)
    }

    /// Has one process read lines, each as a page on its own.
    fn run(&self, lines: &[&StripPicture], codes: &str) -> Result<Vec<Vec<Word>>, RecognizeError> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let broken = |what: &str, error: &dyn fmt::Display| RecognizeError {
            message: format!("{} {what}: {error}", self.program.display()),
        };
        let mut child = Command::new(&self.program)
            // Each page is one line. Its resolution is of no use, but looking for
            // it would take time.
            .args(["stdin", "stdout", "--psm", "7", "--dpi", "300"])
            .args(["-l", codes, "tsv"])
            // Its threads only get in each other's way.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| broken("cannot be started", &error))?;
        let file = to_tiff(lines);
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (said, listening) = mpsc::channel();
        // Both pipes are served at once, so that neither end waits for the other.
        thread::spawn(move || {
            if let Some(mut input) = input {
                let _ = input.write_all(&file);
            }
        });
        thread::spawn(move || {
            let mut text = Vec::new();
            let read = output.map(|mut output| output.read_to_end(&mut text));
            let _ = said.send(read.map(|read| read.map(|_| text)));
        });
        let heard = listening.recv_timeout(PATIENCE);
        if heard.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| broken("broke off", &error))?;
        let text = match heard {
            Ok(Some(Ok(text))) if status.success() => text,
            Ok(_) => return Err(broken("failed", &status)),
            Err(_) => return Err(broken("did not end", &"it was stopped after 60 s")),
        };
        Ok(parse_tsv(&String::from_utf8_lossy(&text), lines))
    }

    /// The words of each of these lines, read by the program where they are not
    /// known yet.
    fn read_once(
        &self,
        lines: &[&StripPicture],
        codes: &str,
    ) -> Result<Vec<Vec<Word>>, RecognizeError> {
        let mut words: Vec<Option<Vec<Word>>> = {
            let known = self.known();
            let known = known.words.get(codes);
            let seen = |line: &&StripPicture| known?.get(*line).cloned();
            lines.iter().map(seen).collect()
        };
        let unknown = words.iter().zip(lines).filter(|(words, _)| words.is_none());
        let unknown: Vec<&StripPicture> = unknown.map(|(_, line)| *line).collect();
        let read = self.read_lines(&unknown, codes)?;
        let mut known = self.known();
        for (picture, words) in unknown.into_iter().zip(&read) {
            known.keep(codes, picture, words.clone());
        }
        drop(known);
        let gaps = words.iter_mut().filter(|words| words.is_none());
        for (gap, words) in gaps.zip(read) {
            *gap = Some(words);
        }
        Ok(words.into_iter().map(Option::unwrap_or_default).collect())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Languages as tesseract takes them, English last: `deu+fra+eng`.
fn codes(languages: &[Language]) -> String {
    let all = languages.iter().filter(|one| **one != Language::ENGLISH);
    let all = all.chain([&Language::ENGLISH]);
    all.map(|language| language.code())
        .collect::<Vec<&str>>()
        .join("+")
}

impl Recognizer for Tesseract {
    fn read(
        &self,
        frame: &Frame,
        area: Rect,
        languages: &[Language],
    ) -> Result<Vec<Word>, RecognizeError> {
        let codes = codes(languages);
        read_text(frame, area, |lines| self.read_once(lines, &codes))
    }

    fn lacks(&self, languages: &[Language]) -> Vec<Language> {
        if languages.is_empty() {
            return Vec::new();
        }
        let listed = Command::new(&self.program).arg("--list-langs").output();
        let Some(listed) = listed.ok().filter(|output| output.status.success()) else {
            // A program that does not work says so when it has to read.
            return Vec::new();
        };
        let listed = String::from_utf8_lossy(&listed.stdout);
        let mut lacking = languages.to_vec();
        lacking.retain(|language| !listed.lines().any(|line| line.trim() == language.code()));
        lacking
    }
}
