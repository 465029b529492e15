//! The search compared with that of `imageproc`, which goes through all places and
//! every pixel of each: slow, and easy to believe.

use image::{GrayImage, Luma};
use imageproc::template_matching::{MatchTemplateMethod as By, match_template_with_mask};
use proptest::prelude::*;

use super::{
    super::needle::tests::cut_out,
    find,
    plane::{Plane, grey_of},
    template::{EVEN, Template},
};
use crate::{
    geometry::{Point, Rect, Size},
    vision::Frame,
};

/// Needles have at most this many rows and columns: the sums of their squares are
/// still exact in 32 bits.
const MOST: u32 = 14;

/// The normalized correlation of a needle with each place of the screen, row by row;
/// `None` where there is no shape. The mask is 1 where a pixel of the needle counts.
fn correlations(screen: &GrayImage, needle: &GrayImage, mask: &GrayImage) -> Vec<Option<f64>> {
    let (width, height) = needle.dimensions();
    let even = |level| GrayImage::from_pixel(width, height, Luma([level]));
    let each = |needle: &GrayImage, by| match_template_with_mask(screen, needle, by, mask);
    let products = each(needle, By::CrossCorrelation);
    let sums = each(&even(1), By::CrossCorrelation);
    let squares = each(&even(0), By::SumOfSquaredErrors);
    let counting = needle
        .iter()
        .zip(mask.iter())
        .filter(|(_, counts)| **counts == 1);
    let values: Vec<f64> = counting.map(|(value, _)| f64::from(*value)).collect();
    let count = values.iter().map(|_| 1.0).sum::<f64>();
    let total: f64 = values.iter().sum();
    let spread = |sum: f64, square: f64| square - sum * sum / count;
    let own = spread(total, values.iter().map(|value| value * value).sum());
    let places = products.iter().zip(sums.iter()).zip(squares.iter());
    let correlation = |((product, sum), square): ((&f32, &f32), &f32)| {
        let [product, sum, square] = [*product, *sum, *square].map(f64::from);
        let spread = spread(sum, square);
        (own > 0.5 && spread > count)
            .then(|| (product - sum * total / count) / (own * spread).sqrt())
    };
    places.map(correlation).collect()
}

fn grey(frame: &Frame) -> GrayImage {
    GrayImage::from_fn(frame.size().width, frame.size().height, |x, y| {
        Luma([grey_of(frame.image().get_pixel(x, y).0)])
    })
}

/// A screen with up to thirty boxes on it, and a part of it that a needle is cut
/// from.
fn screens() -> impl Strategy<Value = (Frame, Rect)> {
    let boxes = proptest::collection::vec(
        (0..60_i32, 0..40_i32, 2..16_u32, 2..12_u32, any::<[u8; 3]>()),
        8..30,
    );
    let part = (0..50_i32, 0..34_i32, 8..=MOST, 8..=MOST);
    (boxes, part).prop_map(|(boxes, (x, y, width, height))| {
        let mut screen = Frame::filled(Size::new(64, 48), [200; 3]);
        for (x, y, width, height, colour) in boxes {
            screen.put(
                &Frame::filled(Size::new(width, height), colour),
                Point::new(x, y),
            );
        }
        (screen, Rect::new(x, y, width, height))
    })
}

/// Adds up to `most` to each channel or takes it away.
fn noisy(frame: &Frame, most: i16) -> Frame {
    let mut state = 7_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        i16::try_from(state >> 17).unwrap() % (2 * most + 1) - most
    };
    let noised = |channel: &u8| u8::try_from((i16::from(*channel) + noise()).clamp(0, 255));
    let bytes = frame.bytes().iter().map(noised).map(Result::unwrap);
    Frame::new(frame.size(), bytes.collect()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_likeness_of_every_place_is_that_of_imageproc(
        (screen, part) in screens(),
        holes in 2..9_u32,
    ) {
        let counts = |x: u32, y: u32| !(x + y * 3).is_multiple_of(holes);
        let screen = noisy(&screen, 9);
        let cut = noisy(&screen.crop(part).unwrap(), 20);
        let (seen, needle) = (grey(&screen), grey(&cut));
        let values = |picture: &GrayImage| picture.iter().map(|grey| f32::from(*grey)).collect();
        let width = |picture: &GrayImage| picture.width() as usize;
        let plane = Plane::new(width(&seen), values(&seen));
        let all = GrayImage::from_pixel(part.width, part.height, Luma([1]));
        let some = GrayImage::from_fn(part.width, part.height, |x, y| Luma([u8::from(counts(x, y))]));
        for mask in [all, some] {
            let coverage = Plane::new(width(&mask), values(&mask));
            let covered = Plane::new(width(&needle), values(&needle));
            let covered = covered.with(&coverage, |value, part| value * part);
            let template = Template::new(&covered, &coverage);
            let ours = template.correlations(&plane);
            let theirs = correlations(&seen, &needle, &mask);
            prop_assert_eq!(ours.values().len(), theirs.len());
            let columns = columns_of(&seen, &mask);
            for (index, (ours, theirs)) in ours.values().iter().zip(theirs).enumerate() {
                let Some(theirs) = theirs else { continue };
                let alone = template.correlation(&plane, (index % columns, index / columns));
                prop_assert!((f64::from(*ours) - theirs).abs() < 0.01, "{ours} and {theirs}");
                prop_assert!((ours - alone).abs() < 0.001, "{ours} and {alone}");
            }
        }
    }

    #[test]
    fn a_needle_with_noise_is_found_where_imageproc_finds_it(
        (screen, part) in screens(),
        holes in 2..9_u32,
    ) {
        let counts = |x: u32, y: u32| !(x + y * 3).is_multiple_of(holes);
        let cut = noisy(&screen.crop(part).unwrap(), 14);
        let mask = GrayImage::from_fn(part.width, part.height, |x, y| Luma([u8::from(counts(x, y))]));
        let theirs = correlations(&grey(&screen), &grey(&cut), &mask);
        let columns = columns_of(&grey(&screen), &mask);
        let place = |index: usize| {
            let [x, y] = [index % columns, index / columns].map(|n| i32::try_from(n).unwrap());
            Point::new(x, y)
        };
        let scores = theirs.iter().enumerate();
        let scores = scores.filter_map(|(index, score)| Some((place(index), (*score)?)));
        let better = |one: &(Point, f64), other: &(Point, f64)| one.1.total_cmp(&other.1);
        let Some((best, score)) = scores.clone().max_by(better) else { return Ok(()) };
        // Only where the needle has a shape, and nothing else looks much like it.
        let is_near = |place: Point| place.x.abs_diff(best.x) < 2 && place.y.abs_diff(best.y) < 2;
        let is_other = |(place, other): (Point, f64)| !is_near(place) && other > score - 0.1;
        prop_assume!(deviation(&cut, counts) > EVEN * 8.0 && !scores.clone().any(is_other));
        let search = find(&screen, &cut_out(&cut, counts).unwrap(), None, 0.0);
        let found = search.found.iter().max_by(|one, other| one.score.total_cmp(&other.score));
        // Some look as much alike a pixel further on.
        let is_there = found.is_some_and(|found| is_near(found.rect.corner()));
        prop_assert!(is_there, "{best}, {score} by imageproc: {search:?}");
    }
}

/// How many corners of places there are in a row.
fn columns_of(screen: &GrayImage, needle: &GrayImage) -> usize {
    (screen.width() - needle.width() + 1) as usize
}

/// The standard deviation of the brightness that counts.
fn deviation(cut: &Frame, counts: impl Fn(u32, u32) -> bool) -> f32 {
    let picture = grey(cut);
    let counting = picture
        .enumerate_pixels()
        .filter(|(x, y, _)| counts(*x, *y));
    let values: Vec<f32> = counting.map(|(_, _, grey)| f32::from(grey.0[0])).collect();
    let count = values.iter().map(|_| 1.0).sum::<f32>();
    let mean = values.iter().sum::<f32>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    (squares.sum::<f32>() / count).sqrt()
}
