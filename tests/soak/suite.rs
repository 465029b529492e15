//! The scenarios of the long run, and what is to come of them.

use std::{
    fmt, fs,
    path::Path,
    time::{Duration, SystemTime},
};

use serde_json::Value;

/// How many scenarios are played, in what time.
pub(crate) struct Suite {
    pub(crate) count: u32,
    pub(crate) length: Duration,
}

/// A scenario of each kind, which come in turn. What they leave behind is left on purpose.
const KINDS: [Kind; 5] = [
    Kind {
        profile: "bare",
        steps: "  - launch: xterm
  - wait: { window: { class: XTerm } }
  - type: \"echo Hello, desktop!\\n\"
  - clipboard: \"Hello, 世界\"
  - assert: { clipboard: \"Hello, 世界\" }
  - screenshot: typed
",
        fails: false,
    },
    Kind {
        profile: "xfce",
        steps: "  - record: film
  - launch: l3afpad
  - wait: { window: { class: /(?i)l3afpad/ } }
  - type: 007
  - click: [400, 300]
  - screenshot: written
  - record: stop
",
        fails: false,
    },
    Kind {
        profile: "bare",
        steps: "  - launch: setsid sh -c 'trap \"\" TERM INT HUP; while :; do sleep 1; done'
  - launch: yes Deskhand
  - run: sleep 1000 >/dev/null 2>&1 &
  - for-each: { in: [a, b, c, d, e, f, g, h], as: letter }
    steps:
      - run: head -c 1000000 /dev/zero > ~/${letter}
      - screenshot: ${letter}
      - move: [100, 100]
",
        fails: false,
    },
    Kind {
        profile: "xfce",
        steps: "  - launch: xterm
  - wait: { window: { class: XTerm } }
  - window: { target: { window: { class: XTerm } }, state: maximized }
  - screenshot: maximized
",
        fails: false,
    },
    Kind {
        profile: "bare",
        steps: "  - record: film
  - launch: xterm
  - screenshot: before
  - assert: { clipboard: nothing like that }
    timeout: 500ms
",
        fails: true,
    },
];

struct Kind {
    profile: &'static str,
    steps: &'static str,
    fails: bool,
}

impl Suite {
    fn kind(number: u32) -> &'static Kind {
        &KINDS[number as usize % KINDS.len()]
    }

    /// Writes the scenarios. None goes on before its time has come, so that all of them take
    /// as long as they are to, however many are played at once.
    pub(crate) fn write(&self, folder: &Path) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap().as_secs();
        let each = self.length / self.count;
        for number in 0..self.count {
            let Kind { profile, steps, .. } = Self::kind(number);
            let end = now + (each * (number + 1)).as_secs();
            let waits = format!(
                "  - run: 'for=$(({end} - $(date +%s))); [ $for -le 0 ] || sleep $for'\n    \
                 timeout: 10m\n"
            );
            let text = format!(
                "version: 1\nname: Scenario {number}\ndesktop: {{ size: 800x600, \
                 profile: {profile} }}\nsteps:\n  - wait-ready\n{waits}{steps}"
            );
            let name = format!("scenario-{number:04}.yaml");
            fs::write(folder.join(name), text).unwrap();
        }
    }

    /// Everything about the end that is not as it should be.
    pub(crate) fn differences(&self, status: Option<i32>, outcomes: &Outcomes) -> Vec<String> {
        let fail = (0..self.count).filter(|number| Self::kind(*number).fails);
        let fail = fail.count();
        let expected = Outcomes {
            passed: self.count as usize - fail,
            failed: fail,
            others: 0,
        };
        let mut wrong = Vec::new();
        if *outcomes != expected {
            wrong.push(format!("{outcomes} instead of {expected}"));
        }
        let right = i32::from(fail > 0);
        if status != Some(right) {
            wrong.push(format!("status {status:?} instead of {right}"));
        }
        wrong
    }
}

/// How many scenarios ended how.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Outcomes {
    passed: usize,
    failed: usize,
    others: usize,
}

impl Outcomes {
    /// What the events tell so far.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut read = Self {
            passed: 0,
            failed: 0,
            others: 0,
        };
        let events = fs::read_to_string(folder.join("artifacts/events.jsonl"));
        let events = events.unwrap_or_default();
        let ends = events
            .lines()
            .filter(|line| line.contains("scenario-finished"));
        for end in ends.filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            match end["outcome"]["is"].as_str() {
                Some("passed") => read.passed += 1,
                Some("failed") => read.failed += 1,
                _ => read.others += 1,
            }
        }
        read
    }

    pub(crate) fn all(&self) -> usize {
        self.passed + self.failed + self.others
    }
}

impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            others,
        } = self;
        write!(f, "{passed} passed, {failed} failed, {others} others")
    }
}
