//! Pictures are found where they are, and nowhere else: pieces of real
//! screenshots, as they are and disturbed, beside `OpenCV`'s answers.
//!
//! The tables are in `tests/frames/needles`; `cargo bench --bench find --
//! --record` asks `OpenCV` again.

mod cuts;
mod set;

use deskhand::{
    geometry::{Point, Rect, Size},
    vision::{Match, Needle, Search, THRESHOLD, find},
};

use self::set::{COLUMNS, Change, Row, Set, folder};

/// Where `OpenCV`'s score is this good, a needle has to reach the threshold.
const GOOD: f32 = 0.95;

/// The rows of a table, each with what the search for its needle brought.
fn searched(table: &str) -> Vec<(Row, Search)> {
    let mut set = Set::read(table);
    let rows = set.rows.clone().into_iter();
    rows.map(|row| {
        let (screen, needle) = set.pictures(&row);
        let search = find(&screen, &Needle::from(&needle), None, THRESHOLD);
        (row, search)
    })
    .collect()
}

fn best(search: &Search) -> Option<&Match> {
    let places = search.found.iter().chain(&search.misses);
    places.max_by(|one, other| one.score.total_cmp(&other.score))
}

fn is_about(place: Rect, wanted: Point) -> bool {
    (place.x - wanted.x).abs() <= 1 && (place.y - wanted.y).abs() <= 1
}

#[test]
fn every_needle_is_where_opencv_has_it() {
    let searched = searched("there.tsv");
    assert!(searched.len() >= 200);
    for (row, search) in searched {
        let best = best(&search).unwrap_or_else(|| panic!("nowhere: {row}"));
        assert!(is_about(best.rect, row.opencv), "{row}\n{search:?}");
        let is_found = best.score >= THRESHOLD;
        assert!(is_found || row.score < GOOD, "{row}\n{search:?}");
    }
}

#[test]
fn what_is_on_the_screen_as_it_is_is_found_there_alone_with_score_one() {
    let searched = searched("there.tsv");
    let is_exact = |row: &Row| (row.needle_is, row.screen_is) == (Change::None, Change::None);
    let all = searched.len();
    let exact: Vec<_> = searched.iter().filter(|(row, _)| is_exact(row)).collect();
    assert!(exact.len() * 3 >= all, "{} of {all}", exact.len());
    for (row, search) in exact {
        let place = Match {
            rect: row.rect,
            score: 1.0,
        };
        assert_eq!(search.found, [place], "{row}");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let searched = searched("absent.tsv");
    assert!(searched.len() >= 200);
    for (row, search) in searched {
        assert!(search.found.is_empty(), "{row}\n{search:?}");
    }
}

#[test]
fn an_icon_that_was_drawn_otherwise_is_found() {
    let searched = searched("redrawn.tsv");
    assert!(searched.len() >= 300);
    let good: Vec<_> = searched
        .iter()
        .filter(|(row, _)| row.score >= GOOD)
        .collect();
    assert!(good.len() >= 200, "{}", good.len());
    for (row, search) in good {
        let best = best(search).unwrap_or_else(|| panic!("nowhere: {row}"));
        assert!(is_about(best.rect, row.opencv), "{row}\n{search:?}");
        assert!(best.score >= THRESHOLD, "{row}\n{search:?}");
    }
}

#[test]
fn another_icon_or_caption_and_one_that_is_greyed_or_mirrored_is_not_found() {
    let searched = searched("other.tsv");
    assert!(searched.len() >= 250);
    let deceived = searched.iter().filter(|(row, _)| row.score >= THRESHOLD);
    assert!(deceived.count() >= 40, "most of them would deceive nobody");
    for (row, search) in searched {
        assert!(search.found.is_empty(), "{row}\n{search:?}");
    }
}

#[test]
fn the_needles_are_of_all_sizes_and_disturbed_in_all_ways() {
    let rows = Set::read("there.tsv").rows;
    let areas = rows.iter().map(|row| row.rect.size().area());
    assert!(areas.clone().any(|area| area == Size::new(12, 12).area()));
    assert!(areas.max() >= Some(Size::new(200, 200).area()));
    let changes = rows.iter().flat_map(|row| [row.needle_is, row.screen_is]);
    for kind in ["noise", "jpeg", "brightness", "contrast"] {
        let is_such = |change: &Change| change.to_string().starts_with(kind);
        assert!(changes.clone().filter(is_such).count() >= 20, "{kind}");
    }
    let rows = Set::read("absent.tsv").rows;
    let changes = rows.iter().flat_map(|row| [row.needle_is, row.screen_is]);
    for kind in ["covered", "greyed", "mirrored", "shifted", "recoloured"] {
        let is_such = |change: &Change| change.to_string().starts_with(kind);
        assert!(changes.clone().any(|change| is_such(&change)), "{kind}");
    }
    let elsewhere = rows.iter().filter(|row| row.cut_from != row.sought_on);
    assert!(elsewhere.count() >= 50);
}

#[test]
fn a_table_is_written_as_it_is_read() {
    for name in ["there.tsv", "absent.tsv", "redrawn.tsv", "other.tsv"] {
        let text = std::fs::read_to_string(folder().join(name)).unwrap();
        let rows = Set::read(name).rows;
        let lines = rows.iter().map(|row| format!("{row}\n"));
        assert_eq!(format!("{COLUMNS}\n{}", lines.collect::<String>()), text);
    }
}
