//! Pictures that have only words: the film's title and its end.

use super::{
    backdrop::gradient,
    letters::{Letters, fitted},
    shape::short,
    sprite::Sprite,
};
use crate::{
    film::style::{Card, Colour, Ground},
    geometry::Size,
};

const INK: Colour = Colour::new(0xff, 0xff, 0xff);
const SOFT: Colour = Colour::new(0xff, 0xff, 0xff).with_alpha(0xb4);

/// What is behind the words if the film has no background of its own.
const GROUND: Ground = Ground {
    from: Colour::new(0x23, 0x2b, 0x41),
    to: Colour::new(0x0d, 0x10, 0x18),
};

/// Draws a card as large as the film.
pub(in crate::film) fn card(card: &Card, film: Size, ground: Option<Ground>) -> Sprite {
    let (width, height) = (film.width as usize, film.height as usize);
    let (wide, high) = (short(width), short(height));
    let picture = gradient(film, ground.unwrap_or(GROUND));
    let (pixels, _) = picture.as_chunks::<3>();
    let solid = pixels
        .iter()
        .map(|[red, green, blue]| [*red, *green, *blue, u8::MAX]);
    let mut sprite = Sprite::of(width, height, solid.collect());

    // Letters as large as the film allows, but no larger than in a narrow film.
    let unit = high.min(wide * 0.75);
    let room = (wide * 0.8, high * 0.45);
    let title = Letters {
        size: unit / 11.0,
        bold: true,
    };
    let small = Letters {
        size: unit / 24.0,
        bold: false,
    };
    let (title, lines) = fitted(title, card.text.as_deref().unwrap_or_default(), room, 1.2);
    let subtitle = card.subtitle.as_deref().unwrap_or_default();
    let room = (room.0, high * 0.3);
    let (small, more) = fitted(small, subtitle, room, 1.35);
    let more = if subtitle.trim().is_empty() {
        Vec::new()
    } else {
        more
    };

    let gap = if more.is_empty() {
        0.0
    } else {
        small.size * 0.9
    };
    let whole = title.size * 1.2 * short(lines.len()) + gap + small.size * 1.35 * short(more.len());
    // A little above the middle, where the eye expects the middle.
    let mut y = (high - whole) * 0.47;
    for line in &lines {
        title.write(
            &mut sprite,
            line,
            ((wide - title.width(line)) / 2.0, y),
            INK,
        );
        y += title.size * 1.2;
    }
    y += gap;
    for line in &more {
        small.write(
            &mut sprite,
            line,
            ((wide - small.width(line)) / 2.0, y),
            SOFT,
        );
        y += small.size * 1.35;
    }
    sprite
}
