//! A picture in kitty's graphics protocol, as its documentation has it
//! ("Terminal graphics protocol", kitty 0.26): a PNG file in pieces of base64.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::vision::Frame;

/// The longest piece.
const PIECE: usize = 4096;

pub(super) fn text(picture: &Frame) -> String {
    let data = STANDARD.encode(picture.encode_png());
    let mut text = String::with_capacity(data.len() + data.len() / 100 + 64);
    let mut rest = data.as_str();
    // Shown at once (`a=T`), as a PNG (`f=100`), and nothing is answered (`q=2`).
    let mut keys = "a=T,f=100,q=2,";
    loop {
        let (piece, left) = rest.split_at(rest.len().min(PIECE));
        let more = u8::from(!left.is_empty());
        let _ = write!(text, "\x1b_G{keys}m={more};{piece}\x1b\\");
        if left.is_empty() {
            return text;
        }
        (rest, keys) = (left, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn the_pieces_together_are_the_picture() {
        let pixels = (0..200_u32 * 100 * 3).map(|n| u8::try_from(n * n % 251).unwrap());
        let picture = Frame::new(Size::new(200, 100), pixels.collect()).unwrap();
        let text = text(&picture);
        let pieces: Vec<&str> = text
            .split("\x1b\\")
            .filter(|part| !part.is_empty())
            .collect();
        assert!(pieces.len() > 1);
        let mut data = String::new();
        for (number, piece) in (1..).zip(&pieces) {
            let (keys, part) = piece.split_once(';').unwrap();
            assert_eq!(keys.starts_with("\x1b_Ga=T,f=100"), number == 1);
            assert_eq!(keys.ends_with("m=1"), number < pieces.len());
            assert!(part.len() <= PIECE);
            data += part;
        }
        let file = STANDARD.decode(data).unwrap();
        assert_eq!(Frame::decode_png(&file), Ok(picture));
    }
}
