//! A secret on a real desktop: typed, saved by a program, printed by a command,
//! and nowhere in what the run tells and leaves, nor in any command line.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{place::Place, run::Run};

/// With characters that JSON, XML, shells, URLs and keyboards spell otherwise.
const SECRET: &str = "S3cr&t <pass>\"wörd\"/+x";

const SCENARIO: &str = "\
version: 1
name: A secret is typed
desktop: { size: 1024x768 }
secrets: [VAULT_PASSWORD]
steps:
  - wait-ready
  - record: demo
  - launch: { command: l3afpad vault.txt, environment: { PASSWORD: \"${secrets.VAULT_PASSWORD}\" } }
  - wait: { window: /vault/, stable: 200ms }
  - type: { text: \"${secrets.VAULT_PASSWORD}\" }
    hidden: true
  - hotkey: ctrl+s
  - run: { command: test -s vault.txt }
    retry: { times: 20, pause: 100ms }
  - run: cat vault.txt; base64 -w0 vault.txt; cat vault.txt >&2
    capture: leaked
  - assert: { command: cat vault.txt, stdout: { equals: \"${secrets.VAULT_PASSWORD}\" } }
  - run: { command: 'printf %s \"$PASSWORD\"', environment: { PASSWORD: \"${secrets.VAULT_PASSWORD}\" } }
  - download: vault.txt
  - wait: { window: \"${captured.leaked}\" }
    timeout: 500ms
    soft: true
  - run: { command: \"cat vault.txt; base64 -w0 vault.txt; exit 1\" }
teardown:
  - run: rm vault.txt
";

/// The value in the spellings that it could be found in: as it is, in JSON, in
/// XML, in base64 wherever it begins, and in URLs.
fn spellings() -> Vec<Vec<u8>> {
    let json = serde_json::to_string(SECRET).unwrap();
    let xml = SECRET
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let mut spellings = vec![
        SECRET.to_owned(),
        json.trim_matches('"').to_owned(),
        xml.clone(),
        xml.replace('"', "&quot;"),
    ];
    for before in ["", "x", "xx"] {
        let encoded = STANDARD.encode(format!("{before}{SECRET}"));
        // What is the same whatever stands before and behind it.
        spellings.push(encoded[4..encoded.len() - 4].to_owned());
    }
    let percent = |byte: &u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(*byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    spellings.push(SECRET.bytes().map(|byte| percent(&byte)).collect());
    spellings.into_iter().map(String::into_bytes).collect()
}

fn holds(bytes: &[u8]) -> bool {
    spellings()
        .iter()
        .any(|spelling| bytes.windows(spelling.len()).any(|part| part == spelling))
}

fn assert_silent_below(folder: &Path) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files += assert_silent_below(&path);
        } else {
            let bytes = fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!holds(&bytes), "{}: {text}", path.display());
            files += 1;
        }
    }
    files
}

/// Looks at the command lines of all processes for as long as it is asked to.
fn watch_command_lines(stop: Arc<AtomicBool>) -> thread::JoinHandle<(usize, Option<String>)> {
    thread::spawn(move || {
        let mut looks = 0;
        while !stop.load(Ordering::Relaxed) {
            for entry in fs::read_dir("/proc").unwrap().flatten() {
                let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
                if holds(&line) {
                    return (looks, Some(String::from_utf8_lossy(&line).into_owned()));
                }
            }
            looks += 1;
            thread::sleep(Duration::from_millis(2));
        }
        (looks, None)
    })
}

/// The processes of the desktop that have the value in their environment.
fn knowing(place: &Place) -> Vec<String> {
    let of = |pid: u32, file: &str| fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let ids = place.process_ids().into_iter();
    let knowing = ids.filter(|pid| holds(&of(*pid, "environ")));
    knowing
        .map(|pid| String::from_utf8_lossy(&of(pid, "comm")).trim().to_owned())
        .collect()
}

#[test]
fn a_secret_is_nowhere_in_what_a_run_tells_and_leaves() {
    let run = Run::text(SCENARIO).variable("VAULT_PASSWORD", SECRET);
    let stop = Arc::new(AtomicBool::new(false));
    let watch = watch_command_lines(Arc::clone(&stop));
    let child = run.started();
    run.has_told(r#""step":4,"verb""#);
    let knowing = knowing(&run.place);
    let ended = run.end_of(child);
    stop.store(true, Ordering::Relaxed);
    let (looks, leaked) = watch.join().unwrap();

    // The window of that name is missing, and the last command fails.
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(ended.said.contains("***"), "{}", ended.said);
    assert!(ended.said.contains("ended with 1"), "{}", ended.said);
    assert!(!holds(ended.said.as_bytes()), "{}", ended.said);
    assert_eq!(leaked, None);
    assert!(looks > 10, "{looks}");
    // The program that was given it and what starts it, and nobody else.
    assert!(
        knowing
            .iter()
            .all(|name| matches!(name.as_str(), "l3afpad" | "setsid" | "sh" | "env")),
        "{knowing:?}"
    );
    let files = assert_silent_below(&ended.place.path().join("artifacts"));
    assert!(files > 8, "{files}");
    ended.assert_nothing_is_left();
}
