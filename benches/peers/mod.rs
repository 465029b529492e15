//! The peers that a bench could not measure.
//!
//! A figure without its peer looks like a whole result, so a bench ends with what
//! it lacks, where nobody overlooks it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Each with why.
static MISSING: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// Notes that `peer` is not measured, because `reason`.
pub(crate) fn is_missing(peer: &str, reason: &str) {
    println!("  {peer}: not measured, {reason}");
    let mut missing = MISSING.lock().unwrap_or_else(PoisonError::into_inner);
    missing.insert(peer.to_owned(), reason.to_owned());
}

/// Says which peers the figures above lack; the last thing that a bench does.
pub(crate) fn tell_missing() {
    let missing = MISSING.lock().unwrap_or_else(PoisonError::into_inner);
    if missing.is_empty() {
        return;
    }
    let line = "!".repeat(78);
    println!("\n{line}\nNOT A WHOLE RESULT: these peers were not measured");
    for (peer, reason) in &*missing {
        println!("  {peer}: {reason}");
    }
    println!("{line}");
}
