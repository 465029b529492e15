//! What can be wrong with a PNG file, in words for whoever has to mend it.
//!
//! The words of a decoder are for those who write decoders. Whoever sees one of
//! these has a file that a browser saved, that Git did not fetch or that a full
//! disk cut off, and wants to know which of them it is.

use crate::geometry::Size;

/// Why bytes are not a PNG that can be read. The text completes "a picture
/// that …".
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PngFault {
    /// There is nothing in the file.
    #[error("is empty: the file has 0 bytes")]
    Empty,
    /// Another format, by the bytes that it begins with.
    #[error("is not a PNG but {found}; {remedy}")]
    Foreign {
        /// What it is, with its article.
        found: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// Neither a PNG nor any other format that is known.
    #[error("is not a PNG: it does not begin with the PNG signature; save it as PNG")]
    Unknown,
    /// The first byte of a PNG, and not the others, which are there to show this.
    #[error(
        "is no longer a PNG: its first bytes were changed, probably by a transfer in text \
         mode; copy it again in binary mode"
    )]
    Mangled,
    /// It ends before all of it was there.
    #[error("is truncated: the file ends {0}; copy or download it again")]
    CutOff(String),
    /// The checksum of a chunk, which is named, does not fit.
    #[error("is damaged: the checksum of its {0} is wrong; copy or download it again")]
    Checksum(String),
    /// A chunk that stands where it must not, or twice, or has a length that it
    /// cannot have.
    #[error("is not a valid PNG: {0}; save it again with another program")]
    Rule(String),
    /// Something that this reader does not know.
    #[error("needs {0}, which is not supported; save it as an ordinary PNG")]
    Unsupported(String),
    /// The header says that there are no pixels.
    #[error("has no pixels: its header says {0}; save it again with another program")]
    NoPixels(Size),
    /// What is packed cannot be unpacked, or is not what the header says.
    #[error("is damaged: {0}; copy or download it again")]
    Damaged(String),
}

/// A chunk as messages name it: by four letters, or what stands in their place.
pub(super) fn chunk(name: [u8; 4]) -> String {
    format!("`{}` chunk", name.escape_ascii())
}

const CONVERT: &str = "save it as PNG, or convert it";

/// Beginnings of other files, what they are, and what to do about it.
const FOREIGN: [(&[u8], &str, &str); 15] = [
    (b"\xff\xd8\xff", "a JPEG", CONVERT),
    (b"GIF8", "a GIF", CONVERT),
    (b"BM", "a BMP", CONVERT),
    (b"II*\0", "a TIFF", CONVERT),
    (b"MM\0*", "a TIFF", CONVERT),
    (b"%PDF", "a PDF", CONVERT),
    (b"\0\0\x01\0", "an icon (ICO)", CONVERT),
    (b"\xff\x0a", "a JPEG XL", CONVERT),
    (b"qoif", "a QOI", CONVERT),
    (b"P6", "a PPM", CONVERT),
    (b"8BPS", "a Photoshop file", CONVERT),
    (b"gimp xcf", "a GIMP file", "export it as PNG"),
    (b"PK\x03\x04", "a ZIP archive", "unpack it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (
        b"version https://git-lfs",
        "a Git LFS pointer to a file that was not fetched",
        "run `git lfs pull`",
    ),
];

/// Beginnings of texts, in lower case.
const TEXTS: [(&str, &str, &str); 5] = [
    ("<svg", "an SVG", "render it to a PNG"),
    (
        "<!doctype html",
        "an HTML page, perhaps an error or login page",
        "open it in a browser",
    ),
    (
        "<html",
        "an HTML page, perhaps an error or login page",
        "open it in a browser",
    ),
    (
        "{",
        "text that looks like JSON, perhaps an error message",
        "read it",
    ),
    (
        "<<<<<<<",
        "text with the conflict markers of a Git merge",
        "choose one of the two pictures",
    ),
];

/// What a file is that does not begin as a PNG does.
pub(super) fn of_beginning(data: &[u8]) -> PngFault {
    if data.is_empty() {
        return PngFault::Empty;
    }
    if data.starts_with(b"\x89PNG") {
        return PngFault::Mangled;
    }
    let named = FOREIGN.iter().find(|(begin, ..)| data.starts_with(begin));
    if let Some((_, found, remedy)) = named {
        return PngFault::Foreign { found, remedy };
    }
    let boxed = |four: &[u8], at: usize| data.get(at..at + four.len()) == Some(four);
    if boxed(b"RIFF", 0) && boxed(b"WEBP", 8) {
        let (found, remedy) = ("a WebP", CONVERT);
        return PngFault::Foreign { found, remedy };
    }
    if boxed(b"ftypavif", 4) || boxed(b"ftyphei", 4) || boxed(b"ftypmif1", 4) {
        let (found, remedy) = ("an AVIF or HEIC", CONVERT);
        return PngFault::Foreign { found, remedy };
    }
    of_text(data)
}

fn of_text(data: &[u8]) -> PngFault {
    let begin = String::from_utf8_lossy(&data[..data.len().min(1024)]).to_lowercase();
    let begin = begin.trim_start_matches('\u{feff}').trim_start();
    let declared = begin.starts_with("<?xml") || begin.starts_with("<!--");
    let named = TEXTS.iter().find(|(text, ..)| {
        begin.starts_with(text) || declared && text.starts_with('<') && begin.contains(text)
    });
    named.map_or(PngFault::Unknown, |(_, found, remedy)| PngFault::Foreign {
        found,
        remedy,
    })
}
