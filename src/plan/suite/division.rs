//! Dividing scenarios among machines so that all end at about the same time.

use std::{cmp::Reverse, time::Duration};

/// What a scenario counts for if nothing at all is known: they are then dealt out
/// evenly.
const SOME_TIME: Duration = Duration::from_secs(1);

/// The shard of each scenario, from 1 to `count`. The longest are given away first,
/// each to the shard that has the least to do so far: no shard gets more than four
/// thirds of what the best division would give it (R. L. Graham, "Bounds on
/// Multiprocessing Timing Anomalies", 1969). One whose duration is not known
/// counts as the mean of those that are.
///
/// Only whole nanoseconds are added and compared, and of equals the first is taken, so
/// every machine comes to the same result.
pub(super) fn divide(expected: &[Option<Duration>], count: usize) -> Vec<usize> {
    let known: Vec<Duration> = expected.iter().copied().flatten().collect();
    let total: Duration = known.iter().sum();
    let mean = u32::try_from(known.len())
        .ok()
        .and_then(|known| total.checked_div(known));
    let duration = |place: usize| expected[place].or(mean).unwrap_or(SOME_TIME);
    let mut order: Vec<usize> = (0..expected.len()).collect();
    order.sort_by_key(|&place| Reverse(duration(place)));
    let mut loads = vec![(Duration::ZERO, 0_usize); count];
    let mut shares = vec![0; expected.len()];
    for place in order {
        // Among those with equally much to do, the one with fewer scenarios.
        let least = (0..count).min_by_key(|&shard| loads[shard]).unwrap_or(0);
        loads[least].0 += duration(place);
        loads[least].1 += 1;
        shares[place] = least + 1;
    }
    shares
}
