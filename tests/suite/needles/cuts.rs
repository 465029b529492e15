//! A thousand random cuts of twenty real screens: file lists, tables, editors, web
//! pages, terminals and settings in ten themes, most of whose rows look a lot like
//! each other.

use std::{collections::HashMap, fs, thread};

use deskhand::{
    geometry::{Point, Rect},
    vision::{Frame, Needle, find},
};

use super::{
    THRESHOLD,
    set::{Change, folder},
};

/// What the cuts follow from.
const SEED: u64 = 20_251_126;

/// So many cuts are looked for.
const CUTS: usize = 1000;

/// A place looks the same as another one if no channel of any of its pixels differs
/// by more than this: a JPEG of quality 90 changes them by more.
const SAME: u8 = 8;

/// A cut shows something if at least one in a hundred of its pixels, and twelve, are
/// this far, in some channel, from the colour that most of them have.
const SHOWN: u8 = 24;

const SCREENS: [&str; 20] = [
    "calculators",
    "code",
    "code-qt",
    "files-compact",
    "files-details",
    "files-icons",
    "files-qt",
    "includes",
    "log-dark",
    "search",
    "settings-numix",
    "settings-tree",
    "shortcuts",
    "terminal-list",
    "themes",
    "two-windows",
    "web-dark",
    "web-form",
    "web-table",
    "xterm-log",
];

/// Knuth's linear congruential generator.
struct Chance(u64);

impl Chance {
    /// A number from 0 on that is less than `most`.
    fn below(&mut self, most: u32) -> u32 {
        let step = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = step.wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(((self.0 >> 32) * u64::from(most)) >> 32).unwrap()
    }
}

/// A cut, and what was done to it before it is looked for.
struct Cut {
    screen: usize,
    rect: Rect,
    change: Change,
}

fn screens() -> Vec<Frame> {
    let read = |name: &&str| {
        let file = folder().join("screens").join(name).with_extension("png");
        Frame::decode_png(&fs::read(file).unwrap()).unwrap()
    };
    SCREENS.iter().map(read).collect()
}

fn shows_something(cut: &Frame) -> bool {
    let (colours, _) = cut.bytes().as_chunks::<3>();
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for colour in colours {
        *counts.entry(*colour).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(colour, count)| (*count, *colour));
    let (ground, _) = most.unwrap();
    let is_shown = |colour: &&[u8; 3]| {
        let pairs = colour.iter().zip(ground);
        pairs
            .into_iter()
            .any(|(one, other)| one.abs_diff(other) >= SHOWN)
    };
    let shown = colours.iter().filter(is_shown).count();
    shown >= 12 && shown * 100 >= colours.len()
}

fn cuts(screens: &[Frame], seed: u64) -> Vec<Cut> {
    let mut dice = Chance(seed);
    let mut cut = |number: usize| {
        let screen = number % screens.len();
        let whole = screens[screen].size();
        let change = [Change::None, Change::Noise(1), Change::Jpeg(90)][number % 3];
        loop {
            let (width, height) = (12 + dice.below(109), 12 + dice.below(49));
            let corner = Point::new(
                dice.below(whole.width - width).cast_signed(),
                dice.below(whole.height - height).cast_signed(),
            );
            let rect = Rect::new(corner.x, corner.y, width, height);
            if shows_something(&screens[screen].crop(rect).unwrap()) {
                return Cut {
                    screen,
                    rect,
                    change,
                };
            }
        }
    };
    (0..CUTS).map(&mut cut).collect()
}

/// What is wrong with where a cut is found; nothing if it is found where it was cut,
/// or where the screen looks the same.
fn fault(screens: &[Frame], cut: &Cut) -> Option<String> {
    let screen = &screens[cut.screen];
    let piece = screen.crop(cut.rect).unwrap();
    let needle = Needle::from(&cut.change.done_to(&piece, cut.rect));
    let search = find(screen, &needle, None, THRESHOLD);
    let says = |what: &str| {
        let (name, rect, change) = (SCREENS[cut.screen], cut.rect, cut.change);
        Some(format!("{name}, {rect}, {change}: {what}"))
    };
    // The one that a step would take: the first of the best.
    let best = search.found.iter().rev();
    let best = best.max_by(|one, other| one.score.total_cmp(&other.score));
    let Some(best) = best else {
        return says(&format!("lost; {:?}", search.misses));
    };
    let seen = screen.crop(best.rect).unwrap();
    let pairs = seen.bytes().iter().zip(piece.bytes());
    let is_same = pairs
        .into_iter()
        .all(|(one, other)| one.abs_diff(*other) <= SAME);
    if is_same {
        None
    } else {
        says(&format!("found elsewhere, {best:?}"))
    }
}

#[test]
fn a_thousand_cuts_of_twenty_screens_are_found_where_they_were_cut() {
    let screens = screens();
    let cuts = cuts(&screens, SEED);
    let (upper, lower) = cuts.split_at(CUTS / 2);
    let faults = |cuts: &[Cut]| -> Vec<String> {
        cuts.iter().filter_map(|cut| fault(&screens, cut)).collect()
    };
    let faults = thread::scope(|scope| {
        let lower = scope.spawn(|| faults(lower));
        [faults(upper), lower.join().unwrap()].concat()
    });
    assert!(faults.is_empty(), "seed {SEED}:\n{}", faults.join("\n"));
}
