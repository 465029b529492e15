//! Pictures as recognisers like them: large letters, dark on light, no colours.

use super::super::frame::{CHANNELS, Frame};

/// The most that a picture is enlarged.
const MAX_SCALE: u32 = 8;

/// Writes a frame as a PGM file (P5, 8 bits) for a recogniser: `scale` times as
/// large, 1 to 8, values outside taken as the nearest of them, grey, and with
/// its brightness turned round where most of its pixels are dark. Recognisers
/// have learnt from print, which is larger than the letters of a screen and
/// dark on light.
#[must_use]
pub fn to_pgm(frame: &Frame, scale: u32) -> Vec<u8> {
    let scale = scale.clamp(1, MAX_SCALE) as usize;
    let size = frame.size();
    let (width, height) = (size.width as usize, size.height as usize);
    let mut file = format!("P5\n{} {}\n255\n", width * scale, height * scale).into_bytes();
    if width == 0 || height == 0 {
        return file;
    }
    let grey = greys(frame);
    let steps: Vec<Step> = (0..width * scale)
        .map(|x| Step::new(x, scale, width))
        .collect();
    file.reserve(width * height * scale * scale);
    // A row of the screen is widened once, not for each row that shows it.
    let mut rows = [0, 1].map(|_| (usize::MAX, Vec::new()));
    for y in 0..height * scale {
        let step = Step::new(y, scale, height);
        for (row, wanted) in rows.iter_mut().zip([step.from, step.to]) {
            if row.0 != wanted {
                *row = (wanted, widened(&grey[wanted * width..][..width], &steps));
            }
        }
        let pairs = rows[0].1.iter().zip(&rows[1].1);
        file.extend(pairs.map(|(one, other)| step.between(*one, *other)));
    }
    file
}

/// The brightness of each pixel, dark on light.
fn greys(frame: &Frame) -> Vec<u8> {
    let (colours, _) = frame.bytes().as_chunks::<CHANNELS>();
    let mut greys: Vec<u8> = colours
        .iter()
        .map(|colour| {
            let [red, green, blue] = colour.map(u32::from);
            u8::try_from((red * 77 + green * 150 + blue * 29) >> 8).unwrap_or(u8::MAX)
        })
        .collect();
    let dark = greys.iter().filter(|grey| **grey < 128).count();
    if dark * 2 > greys.len() {
        for grey in &mut greys {
            *grey = u8::MAX - *grey;
        }
    }
    greys
}

/// Between which two pixels one of the enlarged picture lies.
struct Step {
    from: usize,
    to: usize,
    /// How far it is from the first one, of `whole`.
    part: usize,
    whole: usize,
}

impl Step {
    /// That of pixel `n` where each of `count` pixels became `scale`: pixels are
    /// where their middle is, and those at the edges have one neighbour.
    fn new(n: usize, scale: usize, count: usize) -> Self {
        let whole = scale * 2;
        let middle = (n * 2 + 1).saturating_sub(scale).min((count - 1) * whole);
        let from = middle / whole;
        Self {
            from,
            to: (from + 1).min(count - 1),
            part: middle % whole,
            whole,
        }
    }

    fn between(&self, one: u8, other: u8) -> u8 {
        let sum = usize::from(one) * (self.whole - self.part) + usize::from(other) * self.part;
        u8::try_from((sum + self.whole / 2) / self.whole).unwrap_or(u8::MAX)
    }
}

fn widened(row: &[u8], steps: &[Step]) -> Vec<u8> {
    let values = steps
        .iter()
        .map(|step| step.between(row[step.from], row[step.to]));
    values.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn body(pgm: &[u8], header: &str) -> Vec<u8> {
        pgm.strip_prefix(header.as_bytes()).unwrap().to_vec()
    }

    #[test]
    fn a_picture_gets_larger_and_grey() {
        let pixels = [[255; 3], [155; 3]].concat();
        let frame = Frame::new(Size::new(2, 1), pixels).unwrap();
        assert_eq!(body(&to_pgm(&frame, 1), "P5\n2 1\n255\n"), [255, 155]);
        let row = [255, 230, 180, 155];
        assert_eq!(
            body(&to_pgm(&frame, 2), "P5\n4 2\n255\n"),
            [row, row].concat()
        );
        let colour = Frame::filled(Size::new(1, 1), [255, 255, 0]);
        assert_eq!(body(&to_pgm(&colour, 0), "P5\n1 1\n255\n"), [226]);
    }

    #[test]
    fn light_letters_on_a_dark_ground_become_dark_ones() {
        let pixels = [[0; 3], [255; 3], [20; 3]].concat();
        let frame = Frame::new(Size::new(3, 1), pixels).unwrap();
        assert_eq!(body(&to_pgm(&frame, 1), "P5\n3 1\n255\n"), [255, 0, 235]);
    }

    #[test]
    fn an_empty_picture_is_an_empty_file_of_its_kind() {
        let frame = Frame::filled(Size::new(0, 3), [0; 3]);
        assert_eq!(to_pgm(&frame, 3), b"P5\n0 9\n255\n");
    }
}
