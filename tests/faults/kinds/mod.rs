//! Every kind of fault.

mod disk;
mod interrupt;
mod machine;
mod process;
mod program;
mod remote;

use crate::kind::Kind;

/// All kinds.
pub(crate) fn all() -> impl Iterator<Item = &'static Kind> {
    let tables: [&[Kind]; 6] = [
        &process::KINDS,
        &interrupt::KINDS,
        &remote::KINDS,
        &disk::KINDS,
        &program::KINDS,
        &machine::KINDS,
    ];
    let all = tables.into_iter().flatten();
    all.filter(|kind| kind.name != "the clock jumps" || machine::has_clock())
}
