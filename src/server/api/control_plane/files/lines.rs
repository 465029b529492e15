//! A part of a file: bytes, or lines of these.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom},
    path::Path,
};

use crate::{desktop::wire::limits::SANDBOX_FILE, server::api::files::open};

/// How much is read at once where a file is read backwards, in bytes.
const BLOCK: u64 = 1 << 16;

/// The lines that are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lines {
    All,
    First(u64),
    Last(u64),
}

/// The bytes that are wanted, of which only those lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) offset: u64,
    pub(super) limit: u64,
    pub(super) lines: Lines,
}

impl Part {
    /// Reads it from a file. A part of more than [`SANDBOX_FILE`] bytes is an error.
    pub(super) fn read(self, path: &Path) -> io::Result<Vec<u8>> {
        let mut file = open(path)?;
        let length = file.metadata()?.len();
        if let Lines::Last(count) = self.lines
            && length > 0
        {
            let end = length.min(self.offset.saturating_add(self.limit));
            let start = first_of_last(&mut file, count, self.offset.min(end)..end)?;
            file.seek(SeekFrom::Start(start))?;
            return whole(file.take(end - start));
        }
        // No file system has files so large that every position can be reached.
        match file.seek(SeekFrom::Start(self.offset)) {
            Err(error) if error.kind() == ErrorKind::InvalidInput => return Ok(Vec::new()),
            sought => sought?,
        };
        let bytes = file.take(self.limit);
        match self.lines {
            Lines::All => whole(bytes),
            Lines::First(count) => first(BufReader::new(bytes), count),
            // The system's own files do not report their length.
            Lines::Last(count) => {
                let all = whole(bytes)?;
                let mut reader = io::Cursor::new(&all);
                let end = all.len() as u64;
                let start = first_of_last(&mut reader, count, 0..end)?;
                Ok(all[usize::try_from(start).unwrap_or(all.len())..].to_vec())
            }
        }
    }
}

fn whole(bytes: impl Read) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    bytes.take(SANDBOX_FILE as u64 + 1).read_to_end(&mut all)?;
    bounded(all)
}

fn bounded(all: Vec<u8>) -> io::Result<Vec<u8>> {
    if all.len() > SANDBOX_FILE {
        let words = format!("the answer would have more than {SANDBOX_FILE} bytes; request fewer");
        return Err(io::Error::new(ErrorKind::FileTooLarge, words));
    }
    Ok(all)
}

fn first(mut bytes: BufReader<io::Take<File>>, count: u64) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    for _ in 0..count {
        let room = SANDBOX_FILE as u64 + 1 - all.len() as u64;
        if bytes.by_ref().take(room).read_until(b'\n', &mut all)? == 0 {
            break;
        }
        all = bounded(all)?;
    }
    Ok(all)
}

/// Where the last lines of a part of a file begin. The end of the last line
/// begins no other.
fn first_of_last(
    file: &mut (impl Read + Seek),
    count: u64,
    part: std::ops::Range<u64>,
) -> io::Result<u64> {
    if count == 0 {
        return Ok(part.end);
    }
    let (mut begin, mut left) = (part.end, count);
    while begin > part.start {
        let block = part.start.max(begin.saturating_sub(BLOCK));
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(block))?;
        file.by_ref().take(begin - block).read_to_end(&mut bytes)?;
        for (index, byte) in bytes.iter().enumerate().rev() {
            let after = block + index as u64 + 1;
            if *byte != b'\n' || after == part.end {
                continue;
            }
            left -= 1;
            if left == 0 {
                return Ok(after);
            }
        }
        if part.end - block > SANDBOX_FILE as u64 {
            // More than can be told, wherever they begin.
            return Ok(block);
        }
        begin = block;
    }
    Ok(part.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, offset: u64, limit: u64, lines: Lines) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let part = Part {
            offset,
            limit,
            lines,
        };
        String::from_utf8(part.read(file.path()).unwrap()).unwrap()
    }

    #[test]
    fn the_first_and_the_last_lines_keep_their_ends() {
        use Lines::{All, First, Last};
        for (text, lines, part) in [
            ("a\nb\nc\n", First(2), "a\nb\n"),
            ("a\nb\nc\n", Last(2), "b\nc\n"),
            ("a\nb\nc", Last(2), "b\nc"),
            ("a\nb\nc", Last(1), "c"),
            ("a\n\n", Last(1), "\n"),
            ("a\n\n", First(2), "a\n\n"),
            ("a", First(5), "a"),
            ("a\r\nb", First(1), "a\r\n"),
            ("a\nb", Last(5), "a\nb"),
            ("a\nb", First(0), ""),
            ("a\nb", Last(0), ""),
            ("", First(3), ""),
            ("", Last(3), ""),
            ("a\nb", All, "a\nb"),
        ] {
            let found = read(text, 0, u64::MAX, lines);
            assert_eq!(found, part, "{text:?} {lines:?}");
        }
    }

    #[test]
    fn lines_are_of_the_bytes_that_are_wanted() {
        let text = "one\ntwo\nthree\nfour\n";
        assert_eq!(read(text, 4, 10, Lines::First(1)), "two\n");
        assert_eq!(read(text, 4, 10, Lines::Last(1)), "three\n");
        assert_eq!(read(text, 5, 100, Lines::Last(9)), "wo\nthree\nfour\n");
        assert_eq!(read(text, 1000, 5, Lines::Last(9)), "");
        assert_eq!(read(text, u64::MAX >> 1, u64::MAX, Lines::All), "");
        assert_eq!(read("", u64::MAX >> 1, 1, Lines::First(1)), "");
    }

    #[test]
    fn the_last_lines_may_begin_many_blocks_before_the_end() {
        let long = format!("{}\n", "x".repeat(3 * 65_536));
        let text = format!("begin\n{long}end\n");
        assert_eq!(
            read(&text, 0, u64::MAX, Lines::Last(2)),
            format!("{long}end\n")
        );
        assert_eq!(read(&text, 0, u64::MAX, Lines::Last(3)), text);
    }

    #[test]
    fn more_than_an_answer_holds_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(SANDBOX_FILE as u64 + 1).unwrap();
        let read = |offset, lines| {
            let limit = u64::MAX;
            let part = Part {
                offset,
                limit,
                lines,
            };
            part.read(file.path()).map_err(|error| error.kind())
        };
        for lines in [Lines::All, Lines::First(1), Lines::Last(1)] {
            let refused = read(0, lines).unwrap_err();
            assert_eq!(refused, ErrorKind::FileTooLarge, "{lines:?}");
        }
        assert_eq!(read(1, Lines::All).unwrap().len(), SANDBOX_FILE);
    }
}
