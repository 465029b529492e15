//! What the command line says.

use std::{env, time::SystemTime};

pub(crate) struct Arguments {
    pub(crate) seed: u64,
    pub(crate) count: usize,
    kinds: Vec<String>,
}

impl Arguments {
    /// Reads `--seed N`, `--count N` and `--kind NAME`; another argument is a mistake.
    pub(crate) fn read() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let mut read = Self {
            seed: now.unwrap_or_default().as_secs(),
            count: 30,
            kinds: Vec::new(),
        };
        let mut arguments = env::args().skip(1);
        while let Some(name) = arguments.next() {
            let value = arguments.next();
            let value = value.unwrap_or_else(|| panic!("`{name}` lacks its value"));
            let number = || value.parse().expect("a whole number");
            match name.as_str() {
                "--seed" => read.seed = number(),
                "--count" => read.count = usize::try_from(number()).unwrap(),
                "--kind" => read.kinds.push(value),
                _ => panic!("expected `--seed N`, `--count N` or `--kind NAME`, not `{name}`"),
            }
        }
        read
    }

    /// Whether a kind is to be played: all are unless some are named, by a part of their
    /// names.
    pub(crate) fn is_wanted(&self, name: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|kind| name.contains(kind))
    }
}
