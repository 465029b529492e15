//! Finding scenarios among many: a search field, and buttons for outcomes and tags.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{escape::Text, summary::outcomes};
use crate::report::RunLog;

/// The maximum number of tags with a button; the search finds all.
const MOST_TAGS: usize = 24;

/// The field and the buttons.
pub(super) fn section(log: &RunLog) -> Markup {
    let tags = tags(log);
    html! {
        search.toolbar {
            .find {
                input #find type="search" placeholder="Search" autocomplete="off" spellcheck="false"
                    aria-label="Search names, files, tags, steps and messages" aria-keyshortcuts="/";
                output #found for="find" {}
                button #keys type="button" aria-haspopup="dialog" { "Keyboard" }
            }
            .chips role="group" aria-label="Show only this outcome" {
                @for (word, count) in outcomes(log.counts()) {
                    button.chip.(word) type="button" data-only=(word) aria-pressed="false" {
                        b { (count) } " " (word)
                    }
                }
            }
            @if !tags.is_empty() {
                .chips role="group" aria-label="Show only these tags" {
                    @for (tag, count) in tags {
                        button.chip.of-tag type="button" data-tag=(Text(tag)) aria-pressed="false" {
                            (Text(tag)) " " span.aside { (count) }
                        }
                    }
                }
            }
        }
    }
}

/// The tags that most scenarios have, by name, each with how many have it.
fn tags(log: &RunLog) -> Vec<(&str, usize)> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for tag in log.scenarios.iter().flat_map(|scenario| &scenario.tags) {
        *counts.entry(tag).or_default() += 1;
    }
    let mut tags: Vec<_> = counts.into_iter().collect();
    tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    tags.truncate(MOST_TAGS);
    tags.sort_unstable();
    tags
}

/// The keys of the page, with what they do.
const KEYS: [(&[&str], &str); 13] = [
    (&["/"], "search"),
    (&["Esc"], "clear the search and all filters, close a window"),
    (&["n", "p"], "next and previous failure"),
    (&["j", "k"], "next and previous scenario"),
    (&["Enter"], "unfold or fold the scenario"),
    (&["←", "→"], "previous and next step of the trace"),
    (
        &["1", "2", "3"],
        "the screen before the step, after it, and the difference",
    ),
    (&["v"], "play or pause the video"),
    (&["f"], "show the picture large"),
    (&["s", "o", "b"], "large: slider, onion skin, blink"),
    (&["+", "-", "0"], "large: zoom in, zoom out, fit"),
    (&["Shift", "arrows"], "large: the next pixel"),
    (&["?"], "this list"),
];

/// The window that lists the keys.
pub(super) fn shortcuts() -> Markup {
    html! {
        dialog #shortcuts aria-labelledby="shortcuts-title" {
            h2 #shortcuts-title { "Keyboard" }
            dl {
                @for (keys, what) in KEYS {
                    dt { @for key in keys { kbd { (key) } " " } }
                    dd { (what) }
                }
            }
            label {
                input #single-keys type="checkbox" checked;
                " Allow shortcuts without Ctrl or Alt"
            }
            form method="dialog" { button { "Close" } }
        }
    }
}
