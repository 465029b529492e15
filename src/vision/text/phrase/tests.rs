use super::*;

/// The words of some lines, each letter 10 pixels wide and each line 20 high.
fn screen(lines: &[&str]) -> Vec<Word> {
    let mut words = Vec::new();
    for (line, text) in (0..).zip(lines) {
        let mut column = 0;
        for part in text.split(' ') {
            let letters = u32::try_from(part.chars().count()).unwrap();
            let [x, y] = [column * 10, line * 20].map(|n| i32::try_from(n).unwrap());
            words.push(Word {
                text: part.to_owned(),
                bounds: Rect::new(x, y, letters * 10, 16),
                line,
                confidence: 0.9,
            });
            column += letters + 1;
        }
    }
    words
}

fn search(lines: &[&str], wanted: &str) -> TextSearch {
    find_text(&screen(lines), &Pattern::parse(wanted).unwrap())
}

/// What is found, with the first column, the line and the number of columns.
fn found(lines: &[&str], wanted: &str) -> Vec<(String, i32, i32, u32)> {
    let found = search(lines, wanted).found.into_iter();
    found
        .map(|Reading { text, bounds, .. }| (text, bounds.x / 10, bounds.y / 20, bounds.width / 10))
        .collect()
}

#[test]
fn a_word_is_found_on_every_line_in_reading_order() {
    let lines = ["File Edit View", "Edit the File"];
    let places = [("File".to_owned(), 0, 0, 4), ("File".to_owned(), 9, 1, 4)];
    assert_eq!(found(&lines, "File"), places);
}

#[test]
fn a_phrase_is_words_of_one_line_that_follow_each_other() {
    let lines = ["Save Save As PDF", "Save", "As"];
    assert_eq!(found(&lines, "Save As"), [("Save As".to_owned(), 5, 0, 7)]);
    assert!(found(&lines, "As Save").is_empty());
}

#[test]
fn case_matters_and_a_part_of_a_word_is_no_word() {
    for text in ["save", "SAVE", "Saved", "AutoSave", "Save's", "Save2"] {
        assert!(found(&[text], "Save").is_empty(), "{text}");
    }
    assert!(found(&["1.5 2,000"], "1").is_empty());
    assert!(found(&["1.5 2,000"], "000").is_empty());
}

#[test]
fn what_follows_a_word_and_mnemonics_do_not_matter() {
    for (seen, wanted) in [
        ("Name:", "Name"),
        ("Open…", "Open..."),
        ("Open...", "Open"),
        ("Open", "Open:"),
        ("Open", "_Open"),
        ("_Open", "Open"),
        ("Save As…", "Save _As..."),
        ("Name: Size", "Name Size:"),
    ] {
        assert_eq!(found(&[seen], wanted).len(), 1, "{wanted} in {seen}");
    }
    assert_eq!(found(&["Select ..."], "..."), [("...".to_owned(), 7, 0, 3)]);
}

#[test]
fn dots_that_are_wanted_have_to_be_there() {
    for wanted in ["Sheet...", "Sheet…", "Insert Sheet..."] {
        assert_eq!(
            search(&["Sheet Insert Sheet"], wanted).found,
            [],
            "{wanted}"
        );
        for seen in ["Insert Sheet...", "Insert Sheet…", "Insert Sheet ..."] {
            assert_eq!(found(&[seen], wanted).len(), 1, "{wanted} in {seen}");
        }
    }
    let places = found(&["Sheet", "Sheet..."], "Sheet...");
    assert_eq!(places, [("Sheet...".to_owned(), 0, 1, 8)]);
    assert_eq!(found(&["Sheet", "Sheet..."], "Sheet").len(), 2);
    assert_eq!(found(&["(Sheet...)"], "Sheet...").len(), 1);
    // What lacks the dots is the nearest miss.
    let misses = search(&["Sheet"], "Sheet...").misses;
    assert!(
        misses[0].text == "Sheet" && misses[0].score < 1.0,
        "{misses:?}"
    );
}

#[test]
fn a_dash_is_one_however_many_signs_it_is_written_with() {
    assert_eq!(found(&["a -prefix=/usr"], "--prefix=/usr").len(), 1);
}

#[test]
fn letters_with_marks_are_found_where_the_marks_were_not_read() {
    for (wanted, seen) in [
        ("(Übersicht)", "(Ubersicht)"),
        ("Nicht verfügbar", "Nicht verfiigbar"),
        ("Straßenbahn", "StraBenbahn"),
        ("Élève", "Eleve"),
    ] {
        let found = search(&[seen], wanted).found;
        assert!(
            found.len() == 1 && found[0].score < 1.0,
            "{wanted}: {found:?}"
        );
    }
}

#[test]
fn what_is_written_is_given_line_by_line_with_how_sure_it_is() {
    let texts = texts(&screen(&["Save As", "Quit"]));
    let seen: Vec<(&str, i32)> = texts
        .iter()
        .map(|text| (&*text.text, text.bounds.y))
        .collect();
    assert_eq!(seen, [("Save As", 0), ("Quit", 20)]);
    assert!((texts[0].score - 0.9).abs() < 1e-6);
}

#[test]
fn punctuation_may_stand_where_a_blank_might() {
    assert_eq!(
        found(&["File|Edit"], "Edit"),
        [("Edit".to_owned(), 5, 0, 4)]
    );
    assert_eq!(found(&["(Save)"], "Save"), [("Save".to_owned(), 1, 0, 4)]);
    let phrase = found(&["x (Save As) y"], "Save As");
    assert_eq!(phrase, [("(Save As)".to_owned(), 3, 0, 7)]);
}

#[test]
fn an_expression_finds_parts_of_a_line_and_covers_their_words() {
    let lines = ["3 of 12 files", "no files"];
    let counted = found(&lines, r"/\d+ of \d+/");
    assert_eq!(counted, [("3 of 12".to_owned(), 0, 0, 7)]);
    assert_eq!(found(&lines, "/ile/").len(), 2);
    assert_eq!(found(&lines, "/2 f/"), [("2 f".to_owned(), 5, 0, 8)]);
    assert!(found(&lines, "/x*/").is_empty());
}

#[test]
fn the_nearest_texts_of_as_many_words_are_misses() {
    let search = search(
        &["Save As Svae Quit", "save Save-a5 Sav", "Seve all"],
        "Saves",
    );
    assert!(search.found.is_empty());
    let misses: Vec<&str> = search.misses.iter().map(|miss| &*miss.text).collect();
    assert_eq!(misses, ["Save", "save", "Sav"]);
    assert!(
        search
            .misses
            .iter()
            .all(|miss| miss.score > 0.5 && miss.score < 1.0)
    );
}

#[test]
fn misses_of_a_phrase_do_not_overlap() {
    let search = search(&["Save as Save as Save"], "Save As");
    let misses: Vec<&str> = search.misses.iter().map(|miss| &*miss.text).collect();
    assert_eq!(misses, ["Save as", "Save as", "Save"]);
}

#[test]
fn words_side_by_side_go_from_left_to_right_even_if_one_stands_a_little_higher() {
    let word = |x, y, line| Word {
        text: "ok".to_owned(),
        bounds: Rect::new(x, y, 20, 16),
        line,
        confidence: 1.0,
    };
    let words = [word(300, 9, 0), word(10, 12, 1), word(5, 40, 2)];
    let search = find_text(&words, &Pattern::Text("ok".to_owned()));
    let columns: Vec<i32> = search.found.iter().map(|found| found.bounds.x).collect();
    assert_eq!(columns, [10, 300, 5]);
}

#[test]
fn what_looks_the_same_counts_where_the_text_itself_is_nowhere() {
    let misread = search(&["x ScroIl modem y"], "Scroll modern");
    assert_eq!(misread.misses, []);
    let [found] = &misread.found[..] else {
        panic!("{misread:?}");
    };
    assert_eq!(found.text, "ScroIl modem");
    assert_eq!(found.bounds.x, 20);
    assert!((found.score - ALIKE).abs() < 1e-6);
    let both = search(&["ScroIl", "Scroll"], "Scroll").found;
    assert_eq!(
        both.iter().map(|found| &*found.text).collect::<Vec<_>>(),
        ["Scroll"]
    );
}

#[test]
fn a_number_is_not_found_in_letters_that_look_like_it() {
    for (text, wanted) in [("IO", "10"), ("l", "1"), ("O", "0"), ("fall", "fail")] {
        assert_eq!(search(&[text], wanted).found, [], "{wanted} in {text}");
    }
}

#[test]
fn an_empty_text_is_nowhere() {
    assert_eq!(search(&["a b"], " "), TextSearch::default());
    assert_eq!(search(&[], "a"), TextSearch::default());
}

#[test]
fn a_blank_too_many_or_too_few_is_a_near_miss() {
    for (seen, wanted) in [("Shutdown", "Shut down"), ("Log in now", "Login")] {
        let misses = search(&[seen], wanted).misses;
        assert!(misses[0].score > 0.8, "{misses:?}");
    }
}
