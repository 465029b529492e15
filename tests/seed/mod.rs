//! What tests of chance begin with: the same in every run, so that a change is judged by
//! itself, or the number in `DESKHAND_FUZZ_SEED`.

#![expect(
    clippy::print_stderr,
    reason = "it is shown only for a test that fails"
)]

use std::env;

const VARIABLE: &str = "DESKHAND_FUZZ_SEED";

/// What most tests begin with.
pub(crate) const USUAL: u64 = 1;

/// The seed of this run, `usual` unless somebody gave one. It is printed, so that what
/// fails is found again.
pub(crate) fn seed(usual: u64) -> u64 {
    let given = env::var(VARIABLE).ok();
    let seed = given.map_or(usual, |text| {
        let number = text.parse();
        number.unwrap_or_else(|_| panic!("{VARIABLE} is `{text}`, not a whole number"))
    });
    eprintln!("{VARIABLE}={seed}");
    seed
}
