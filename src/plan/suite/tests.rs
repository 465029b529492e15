use std::time::Duration;

use super::{Durations, Suite};
use crate::{
    plan::{self, Context, Plan},
    scenario::Source,
    shard::Shard,
};

/// Scenarios of these names, each in a file of its own.
fn plans(names: &[&str]) -> Vec<Plan> {
    let sources = names.iter().map(|name| {
        let text = format!("version: 1\nname: {name}\nsteps: [wait-ready]\n");
        Source::new(format!("{name}.yaml"), text.as_bytes())
    });
    let read = plan::read(sources, &Context::default());
    read.expect("they have no problem").plans
}

fn suite(names: &[&str]) -> Suite {
    plans(names).into_iter().collect()
}

fn played(suite: &Suite) -> Vec<&str> {
    suite.played().map(|entry| entry.name.as_str()).collect()
}

fn seconds(known: &[(&str, u64)]) -> Durations {
    let known = known.iter().map(|&(name, seconds)| {
        let key = (format!("{name}.yaml"), name.to_owned());
        (key, Duration::from_secs(seconds))
    });
    known.collect()
}

fn shares(names: &[&str], known: &Durations, count: usize) -> Vec<Vec<String>> {
    let share = |index| {
        let mut suite = suite(names);
        suite.expect(known);
        suite.divide(Shard { index, count });
        played(&suite).into_iter().map(str::to_owned).collect()
    };
    (1..=count).map(share).collect()
}

#[test]
fn every_scenario_is_played_by_exactly_one_shard() {
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    for count in 1..10 {
        let known = seconds(&[("a", 3), ("c", 3), ("d", 1)]);
        let mut all = shares(&names, &known, count).concat();
        all.sort();
        assert_eq!(all, names, "{count} shards");
    }
}

#[test]
fn machines_that_divide_a_suite_differently_know_it_by_a_digest() {
    let division = |index, names: &[&str], left_out: &str| {
        let mut suite = suite(names);
        suite.leave_out(|entry| (entry.name == left_out).then(String::new));
        suite.divide(Shard { index, count: 2 });
        suite.division.unwrap()
    };
    let names = ["a", "b", "c"];
    assert_eq!(division(1, &names, ""), division(2, &names, ""));
    assert_ne!(division(1, &names, ""), division(2, &names, "c"));
    assert_ne!(division(1, &names, ""), division(2, &names[..2], ""));
}

#[test]
fn without_durations_scenarios_are_dealt_out_evenly() {
    let shares = shares(&["a", "b", "c", "d", "e"], &Durations::new(), 2);
    assert_eq!(shares, [vec!["a", "c", "e"], vec!["b", "d"]]);
}

#[test]
fn shards_are_balanced_by_earlier_durations() {
    let known = seconds(&[("a", 10), ("b", 1), ("c", 4), ("d", 5)]);
    let shares = shares(&["a", "b", "c", "d"], &known, 2);
    assert_eq!(shares, [vec!["a"], vec!["b", "c", "d"]]);
}

#[test]
fn a_scenario_without_a_duration_counts_as_the_mean_of_the_others() {
    let known = seconds(&[("a", 2), ("b", 4)]);
    // `new` counts as 3, so it goes with `a`.
    let shares = shares(&["a", "b", "new"], &known, 2);
    assert_eq!(shares, [vec!["b"], vec!["a", "new"]]);
}

#[test]
fn what_is_left_out_is_divided_among_no_shards() {
    let mut suite = suite(&["a", "b", "c"]);
    suite.leave_out(|entry| (entry.name == "a").then(|| "it is not wanted".to_owned()));
    suite.divide(Shard { index: 1, count: 2 });
    assert_eq!(played(&suite), ["b"]);
    let why: Vec<_> = suite
        .entries
        .iter()
        .map(|entry| entry.left_out.as_ref().map(|out| (&*out.reason, out.shard)))
        .collect();
    let elsewhere = ("shard 2 of 2 plays it", Some(2));
    assert_eq!(
        why,
        [Some(("it is not wanted", None)), None, Some(elsewhere)]
    );
}

#[test]
fn what_is_repeated_has_a_number_in_its_name() {
    let suite = Suite::repeated(plans(&["a", "b"]), 2);
    assert_eq!(played(&suite), ["a #1", "b #1", "a #2", "b #2"]);
    let numbers: Vec<usize> = suite.entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [0, 1, 2, 3]);
}

#[test]
fn what_is_repeated_is_expected_to_take_as_long_as_it_took_once() {
    let mut suite = Suite::repeated(plans(&["a"]), 2);
    suite.expect(&seconds(&[("a", 7)]));
    let expected: Vec<_> = suite.entries.iter().map(|entry| entry.expected).collect();
    assert_eq!(expected, [Some(Duration::from_secs(7)); 2]);
}

#[test]
fn a_seed_decides_the_order_and_keeps_the_numbers() {
    let order = |seed| {
        let mut suite = suite(&["a", "b", "c", "d", "e", "f"]);
        suite.shuffle(seed);
        let entries = suite.entries.iter();
        entries
            .map(|entry| (entry.number, entry.name.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(order(7), order(7));
    assert_ne!(order(7), order(8));
    let mut sorted = order(7);
    sorted.sort();
    let names: Vec<&str> = sorted.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f"]);
}
