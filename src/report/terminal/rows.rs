//! Where lines that change are drawn: in the last rows of a terminal.
//!
//! A terminal that is made narrower breaks what is written on it into more rows, and
//! one that is made wider may join rows that were broken. So each line ends before the
//! last column and with a line end of its own, and what is to be cleared is counted with
//! the width that the terminal has by then.

use std::{
    fmt::{self, Write as _},
    io::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
};

use indicatif::{MultiProgress, ProgressDrawTarget, TermLike};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How often they may be drawn in a second.
const HERTZ: u8 = 30;

/// The size of the terminal now, in columns and rows.
pub type Size = Box<dyn Fn() -> (u16, u16) + Send>;

/// Lines on the terminal behind `out`, of which `size` tells the size.
#[must_use]
pub fn lines(out: impl Write + Send + 'static, size: Size, colour: bool) -> MultiProgress {
    let rows = Rows {
        state: Mutex::new(State {
            out: Box::new(out),
            size,
            colour,
            drawn: Vec::new(),
            coming: Vec::new(),
        }),
    };
    MultiProgress::with_draw_target(ProgressDrawTarget::term_like_with_hz(Box::new(rows), HERTZ))
}

/// Draws what is written between two flushes in place of what was written before.
struct Rows {
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    size: Size,
    colour: bool,
    /// How many columns each of the lines has that are on the terminal.
    drawn: Vec<usize>,
    coming: Vec<String>,
}

impl Rows {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The columns that a line may have.
    fn columns(&self) -> u16 {
        (self.size)().0.saturating_sub(1).max(1)
    }

    fn draw(&mut self) -> io::Result<()> {
        if self.drawn.is_empty() && self.coming.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        let width = usize::from((self.size)().0.max(1));
        let rows = |columns: &usize| columns.div_ceil(width).max(1);
        let rows: usize = self.drawn.iter().map(rows).sum();
        if rows > 0 {
            text.push('\r');
        }
        if rows > 1 {
            let _ = write!(text, "\x1b[{}A", rows - 1);
        }
        if rows > 0 {
            text.push_str("\x1b[J");
        }
        let whole = usize::from(self.columns());
        self.drawn.clear();
        for (number, line) in self.coming.drain(..).enumerate() {
            // It is as wide as the terminal was when somebody last changed it.
            let shown = cut(line.trim_end_matches(' '), whole);
            self.drawn.push(shown.width());
            if number > 0 {
                text.push_str("\r\n");
            }
            if self.colour {
                let _ = write!(text, "\x1b[2m{shown}\x1b[0m");
            } else {
                text.push_str(shown);
            }
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// The beginning of a line that fits into this many columns.
fn cut(line: &str, columns: usize) -> &str {
    if line.width() <= columns {
        return line;
    }
    let mut used = 0;
    let end = line.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    &line[..end.map_or(line.len(), |(at, _)| at)]
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// The cursor is moved by [`State::draw`] alone.
impl TermLike for Rows {
    fn width(&self) -> u16 {
        self.lock().columns()
    }

    fn height(&self) -> u16 {
        (self.lock().size)().1.saturating_sub(1).max(1)
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    /// Takes a line; what else is written fills up the rest of one.
    fn write_str(&self, text: &str) -> io::Result<()> {
        if !text.trim().is_empty() {
            self.lock().coming.push(text.to_owned());
        }
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        self.lock().draw()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    };

    use super::*;
    use crate::report::tests::Taken;

    #[test]
    fn what_is_cleared_is_counted_with_the_width_that_the_terminal_has_by_then() {
        let width = Arc::new(AtomicU16::new(20));
        let taken = Taken::default();
        let size = Arc::clone(&width);
        let rows = Rows {
            state: Mutex::new(State {
                out: Box::new(taken.clone()),
                size: Box::new(move || (size.load(Ordering::Relaxed), 24)),
                colour: false,
                drawn: Vec::new(),
                coming: Vec::new(),
            }),
        };
        let draw = |lines: &[&str]| {
            let columns = usize::from(rows.width());
            for line in lines {
                rows.write_str(&format!("{line:columns$}")).unwrap();
                rows.write_str(" ").unwrap();
            }
            rows.flush().unwrap();
            taken.text()
        };
        assert_eq!(
            draw(&["twelve chars", "字 wide"]),
            "twelve chars\r\n字 wide"
        );
        // 12 columns need two rows of 8.
        width.store(8, Ordering::Relaxed);
        assert_eq!(draw(&["short"]), "\r\x1b[2A\x1b[Jshort");
        // A line that was made for a wider terminal is cut.
        rows.write_str("字字字字 wide").unwrap();
        rows.flush().unwrap();
        assert_eq!(taken.text(), "\r\x1b[J字字字");
        width.store(200, Ordering::Relaxed);
        assert_eq!(draw(&["a", "b"]), "\r\x1b[Ja\r\nb");
        assert_eq!(draw(&[]), "\r\x1b[1A\x1b[J");
        assert_eq!(draw(&[]), "");
    }
}
