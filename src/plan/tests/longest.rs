//! How long a plan can take.

use super::*;

/// The longest that these steps can take, in seconds.
fn longest(steps: &str) -> u64 {
    let text = format!("version: 1\nname: a\nsteps:\n{steps}");
    let source = Source::new("a.yaml", text.as_bytes());
    let read = crate::plan::read([source], &Context::default());
    read.unwrap().plans[0].longest().as_secs()
}

#[test]
fn a_step_can_take_its_timeout_each_time_that_it_is_tried() {
    assert_eq!(longest("  - press: Tab\n    timeout: 3s\n"), 3);
    let retry = "  - press: Tab\n    timeout: 3s\n    retry: { times: 2, pause: 1s }\n";
    assert_eq!(longest(retry), 3 + 2 * (1 + 3));
}

#[test]
fn a_block_can_take_as_long_as_its_steps_or_its_timeout() {
    let inside = "    steps:\n      - press: Tab\n        timeout: 3s\n";
    assert_eq!(longest(&format!("  - group: g\n{inside}")), 3);
    assert_eq!(
        longest(&format!("  - group: g\n    timeout: 2s\n{inside}")),
        2
    );
    let rounds = format!("  - repeat-until: {{ window: /x/ }}\n    max: 4\n{inside}");
    assert_eq!(longest(&rounds), 12);
}

#[test]
fn of_two_branches_only_one_is_played() {
    let text = "  - if: { window: /x/ }\n    then:\n      - press: Tab\n        timeout: 3s\n    \
                else:\n      - press: Tab\n        timeout: 5s\n";
    assert_eq!(longest(text), 5);
}
