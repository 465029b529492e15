//! What the command line says.

use std::{env, time::Duration};

pub(crate) struct Arguments {
    /// How many scenarios are played.
    pub(crate) count: u32,
    /// In what time.
    pub(crate) length: Duration,
    /// What Deskhand's option of that name gets.
    pub(crate) jobs: String,
}

impl Arguments {
    /// Reads `--count N`, `--minutes N` and `--jobs N`; another argument is a mistake.
    pub(crate) fn read() -> Self {
        let mut read = Self {
            count: 200,
            length: Duration::from_secs(40 * 60),
            jobs: "auto".to_owned(),
        };
        let mut arguments = env::args().skip(1);
        while let Some(name) = arguments.next() {
            let value = arguments.next();
            let value = value.unwrap_or_else(|| panic!("`{name}` lacks its value"));
            let number = || -> u32 { value.parse().expect("a whole number") };
            match name.as_str() {
                "--count" => read.count = number().max(1),
                "--minutes" => read.length = Duration::from_secs(60 * u64::from(number())),
                "--jobs" => read.jobs = value,
                _ => panic!("expected `--count N`, `--minutes N` or `--jobs N`, not `{name}`"),
            }
        }
        read
    }
}
