//! Programs that take more of the machine than they may.

use crate::run::Run;

/// A scenario on a `bare` desktop that may take only so much.
fn limited(limit: &str, launch: &str) -> String {
    format!(
        "version: 1\nname: takes too much\n\
         desktop: {{ size: 640x480, profile: bare, {limit} }}\n\
         steps:\n  - wait-ready\n  - launch: {launch}\n  - wait: 30s\n"
    )
}

/// One that takes next to nothing, while the other plays.
const MODEST: &str = "version: 1\nname: takes little\n\
                      desktop: { size: 640x480, profile: bare, memory: 1GiB, processes: 60 }\n\
                      steps:\n  - wait-ready\n  - launch: xterm\n  - wait: 3s\n  \
                      - wait: { window: { class: XTerm } }\n";

#[track_caller]
fn only_the_one_ends(limit: &str, launch: &str, words: [&str; 2]) {
    let ended = Run::text(&limited(limit, launch))
        .other("modest.yaml", MODEST)
        .options(&["modest.yaml", "--jobs", "2"])
        .ended();
    assert_eq!(ended.status, 4, "{}", ended.said);
    assert!(ended.said.contains("1 passed, 1 error"), "{}", ended.said);
    let limit = limit.split(':').next().unwrap();
    let help = format!("raise `{limit}` of `desktop` in the scenario");
    for words in words.into_iter().chain([help.as_str()]) {
        assert!(ended.said.contains(words), "{}", ended.said);
    }
    ended.assert_nothing_is_left();
}

#[test]
fn a_program_that_eats_memory_ends_its_own_scenario() {
    let eats = "perl -e 'my $size = 20_000_000; my @all; \
                while (@all < 100) { push @all, q(x) x $size++; select undef, undef, undef, 0.02 } \
                sleep 20'";
    let words = ["MiB of memory, more than the 400 MiB", "`perl` took"];
    only_the_one_ends("memory: 400MiB", eats, words);
}

#[test]
fn a_desktop_that_takes_too_much_by_itself_says_what_to_raise() {
    let text = "version: 1\nname: Too little\ndesktop: { memory: 128MiB }\n\
                steps:\n  - wait-ready\n  - wait: 5s\n";
    let ended = Run::text(text).ended();
    assert_eq!(ended.status, 4, "{}", ended.said);
    for words in ["more than the 128 MiB", "raise `memory` of `desktop`"] {
        assert!(ended.said.contains(words), "{}", ended.said);
    }
    ended.assert_nothing_is_left();
}

#[test]
fn a_program_that_forks_without_end_ends_its_own_scenario() {
    for forks in [
        // Each ends by itself, so that it cannot take a machine where it is not ended.
        "perl -e 'for (1 .. 11) { fork } sleep 12'",
        "sh -c 'for i in $(seq 2000); do setsid sleep 10 & done'",
    ] {
        let words = ["processes, more than the 100 that it may have", "were `"];
        only_the_one_ends("processes: 100", forks, words);
    }
}

#[test]
fn the_system_ends_programs_of_a_desktop_before_deskhand() {
    let text = "version: 1\nname: gives way\ndesktop: { size: 640x480, profile: bare }\n\
                steps:\n  - run: { command: cat /proc/self/oom_score_adj, stdout: { contains: \"500\" } }\n";
    let ended = Run::text(text).ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
}
