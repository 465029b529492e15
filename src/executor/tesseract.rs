//! Text on the screen, read by the program `tesseract`.

use std::{
    io::{Read, Write},
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{
    geometry::Point,
    vision::{Frame, RecognizeError, Recognizer, Word, parse_tsv, to_pgm},
};

/// How many times a picture is enlarged: the text of programs is smaller than
/// what tesseract was made for.
const SCALE: u32 = 3;

/// No picture takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program `tesseract` of Debian's package tesseract-ocr.
#[derive(Clone, Debug)]
pub struct Tesseract {
    program: PathBuf,
}

impl Tesseract {
    /// The program at this path.
    #[must_use]
    pub const fn new(program: PathBuf) -> Self {
        Self { program }
    }
}

impl Recognizer for Tesseract {
    fn read(&self, frame: &Frame) -> Result<Vec<Word>, RecognizeError> {
        let broken = |what: &str, error: &dyn std::fmt::Display| RecognizeError {
            message: format!("{} {what}: {error}", self.program.display()),
        };
        let mut child = Command::new(&self.program)
            // Sparse text, in no particular order: that is what a screen has.
            .args(["stdin", "stdout", "--psm", "11", "-l", "eng", "tsv"])
            // Its threads only get into each other's way.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| broken("cannot be started", &error))?;
        let picture = to_pgm(frame, SCALE);
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (said, listening) = mpsc::channel();
        // Both pipes are served at once, so that neither end waits for the other.
        thread::spawn(move || {
            if let Some(mut input) = input {
                let _ = input.write_all(&picture);
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
        let status = child.wait().map_err(|error| broken("was lost", &error))?;
        let text = match heard {
            Ok(Some(Ok(text))) if status.success() => text,
            Ok(_) => return Err(broken("failed", &status)),
            Err(_) => return Err(broken("did not end", &"it was stopped after 60 s")),
        };
        let text = String::from_utf8_lossy(&text);
        Ok(parse_tsv(&text, SCALE, Point::default()))
    }
}
