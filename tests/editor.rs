//! What an editor makes of the schema of scenarios: the language server that
//! most of them have for YAML completes, explains and complains by it.
//!
//! The server comes from npm, in the version that `tests/editor/package.json`
//! names, into the target folder.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        OnceLock,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use deskhand::scenario::verb::VERBS;
use serde_json::{Value, json};

/// The server loads its schema at the first question.
const ANSWER: Duration = Duration::from_secs(60);

/// Some megabytes come over the network.
const INSTALLATION: Duration = Duration::from_secs(300);

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/scenario.schema.json");

/// The program of the server, installed once for all tests.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let wanted = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/editor/package.json");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
        let program = folder.join("node_modules/yaml-language-server/bin/yaml-language-server");
        let here = folder.join("package.json");
        let package = fs::read(wanted).unwrap();
        let same = fs::read(&here).is_ok_and(|installed| installed == package);
        if !same || !program.exists() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&here, &package).unwrap();
            install(&folder);
        }
        assert!(program.exists(), "npm installed no {}", program.display());
        program
    })
}

fn install(folder: &Path) {
    let child = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn();
    let mut child = child.unwrap_or_else(|error| {
        panic!(
            "npm cannot be started ({error}): `deskhand desktop install --for-tests` installs it"
        )
    });
    let end = Instant::now() + INSTALLATION;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().unwrap() {
            // A folder that is half there is installed anew the next time.
            if !status.success() {
                fs::remove_file(folder.join("package.json")).unwrap();
                panic!("npm could not install the language server: {status}");
            }
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    fs::remove_file(folder.join("package.json")).unwrap();
    panic!("npm took longer than {INSTALLATION:?}");
}

/// An editor with one language server; it ends with the test.
struct Editor {
    server: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    last: i64,
    complaints: BTreeMap<String, Value>,
}

impl Editor {
    fn start() -> Self {
        let server = Command::new("node")
            .arg(program())
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut server = server.unwrap_or_else(|error| {
            panic!("node cannot be started ({error}): `deskhand desktop install --for-tests` installs it")
        });
        let (sender, from) = mpsc::channel();
        let mut stdout = BufReader::new(server.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = message(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut editor = Self {
            to: server.stdin.take().unwrap(),
            server,
            from,
            last: 0,
            complaints: BTreeMap::new(),
        };
        editor.introduce();
        editor
    }

    fn introduce(&mut self) {
        let client = json!({
            "textDocument": {
                "completion": { "completionItem": {
                    "snippetSupport": true,
                    "documentationFormat": ["markdown", "plaintext"],
                } },
                "hover": { "contentFormat": ["markdown", "plaintext"] },
                "publishDiagnostics": {},
            },
            "workspace": { "configuration": true },
        });
        let introduction = json!({
            "processId": std::process::id(),
            "rootUri": null,
            "capabilities": client,
        });
        self.ask("initialize", &introduction);
        self.tell("initialized", &json!({}));
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.to.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.until(method, |message, _| {
            let ours = message["id"] == id && message.get("method").is_none();
            ours.then(|| message["result"].clone())
        })
    }

    /// Reads what the server says, and answers its questions, until `found`.
    fn until(
        &mut self,
        what: &str,
        found: impl Fn(&Value, &BTreeMap<String, Value>) -> Option<Value>,
    ) -> Value {
        let end = Instant::now() + ANSWER;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = self.from.recv_timeout(left);
            let message = message.unwrap_or_else(|error| panic!("{what}: {error}"));
            match message["method"].as_str() {
                Some("workspace/configuration") => self.configure(&message),
                Some("textDocument/publishDiagnostics") => {
                    let address = message["params"]["uri"].as_str().unwrap().to_owned();
                    let complaints = message["params"]["diagnostics"].clone();
                    self.complaints.insert(address, complaints);
                }
                Some(_) if message.get("id").is_some() => {
                    self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
                }
                _ => {}
            }
            if let Some(found) = found(&message, &self.complaints) {
                return found;
            }
        }
    }

    fn configure(&mut self, question: &Value) {
        // No catalogue of schemas from the network.
        let settings = json!({
            "validate": true,
            "completion": true,
            "hover": true,
            "schemaStore": { "enable": false },
        });
        let items = question["params"]["items"].as_array().unwrap();
        let answers: Vec<Value> = items
            .iter()
            .map(|item| match item["section"].as_str() {
                Some("yaml") => settings.clone(),
                _ => json!({}),
            })
            .collect();
        self.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": answers }));
    }

    /// Opens a text; `|` in it is the cursor. Gives the place of the cursor.
    fn open(&mut self, name: &str, text: &str) -> Value {
        let text = format!("# yaml-language-server: $schema=file://{SCHEMA}\n{text}");
        let cursor = text.find('|').unwrap_or(0);
        let before = &text[..cursor];
        let line = before.matches('\n').count();
        let character = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        let address = format!("file:///tmp/{name}.yaml");
        self.tell(
            "textDocument/didOpen",
            &json!({ "textDocument": {
                "uri": address,
                "languageId": "yaml",
                "version": 1,
                "text": text.replacen('|', "", 1),
            } }),
        );
        json!({
            "textDocument": { "uri": address },
            "position": { "line": line, "character": character },
        })
    }

    /// What is offered at the cursor: each label with its documentation.
    fn completions(&mut self, name: &str, text: &str) -> Vec<(String, String)> {
        let place = self.open(name, text);
        let answer = self.ask("textDocument/completion", &place);
        let items = answer["items"].as_array().or_else(|| answer.as_array());
        let word = |value: &Value| {
            let text = value.as_str().or_else(|| value["value"].as_str());
            text.unwrap_or_default().to_owned()
        };
        items
            .unwrap_or_else(|| panic!("no completions: {answer}"))
            .iter()
            .map(|item| (word(&item["label"]), word(&item["documentation"])))
            .collect()
    }

    /// What is said where the cursor stands.
    fn hover(&mut self, name: &str, text: &str) -> String {
        let place = self.open(name, text);
        let answer = self.ask("textDocument/hover", &place);
        answer["contents"].to_string()
    }

    /// What is complained about in a text: each message with its line.
    fn complaints(&mut self, name: &str, text: &str) -> Vec<(u64, String)> {
        let place = self.open(name, text);
        let address = place["textDocument"]["uri"].as_str().unwrap().to_owned();
        let all = self.until("diagnostics", |_, complaints| {
            complaints.get(&address).cloned()
        });
        let all = all.as_array().unwrap().iter().map(|complaint| {
            // The first line names the schema.
            let line = complaint["range"]["start"]["line"].as_u64().unwrap();
            (line, complaint["message"].as_str().unwrap().to_owned())
        });
        all.collect()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // Nothing to do where it is gone already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The next message of the server; `None` behind its last.
fn message(from: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

const HEAD: &str = "version: 1\nname: A note is saved\nsteps:\n";

#[test]
fn each_verb_is_offered_once_and_explained() {
    let mut editor = Editor::start();
    for (name, text) in [
        ("empty-step", format!("{HEAD}  - |\n")),
        ("second-step", format!("{HEAD}  - wait-ready\n  - |\n")),
        ("begun-step", format!("{HEAD}  - wait-ready\n  - c|\n")),
        (
            "inner-step",
            format!("{HEAD}  - group: a\n    steps:\n      - |\n"),
        ),
    ] {
        let offered = editor.completions(name, &text);
        for verb in VERBS {
            let found: Vec<_> = offered
                .iter()
                .filter(|(label, _)| label == verb.name)
                .collect();
            let [(_, documentation)] = &found[..] else {
                panic!("{name}: `{}` is offered as {found:#?}", verb.name);
            };
            let doc = verb.doc.get(1..).unwrap();
            assert!(documentation.contains(doc), "{name}: {found:#?}");
        }
    }
}

#[test]
fn the_fields_of_a_verb_are_offered_and_explained() {
    let mut editor = Editor::start();
    for (name, text) in [
        // Between braces the server waits for a letter, whatever the schema.
        ("flow", format!("{HEAD}  - click: {{ c| }}\n")),
        ("block", format!("{HEAD}  - click:\n      |\n")),
    ] {
        let offered = editor.completions(name, &text);
        for field in ["target", "button", "count", "modifiers"] {
            let found: Vec<_> = offered.iter().filter(|(label, _)| label == field).collect();
            assert_eq!(found.len(), 1, "{name}: `{field}` in {offered:#?}");
            assert!(!found[0].1.is_empty(), "{name}: {found:#?}");
        }
    }
    let words = editor.completions("words", &format!("{HEAD}  - click: {{ button: m| }}\n"));
    assert!(
        words.iter().any(|(label, _)| label == "middle"),
        "{words:#?}"
    );
    let behind = editor.completions("behind", &format!("{HEAD}  - click: |\n"));
    assert!(
        !behind.iter().any(|(label, _)| label == "null"),
        "{behind:#?}"
    );
    let beside = editor.completions("beside", &format!("{HEAD}  - click: [1, 2]\n    |\n"));
    assert!(
        beside.iter().any(|(label, _)| label == "timeout"),
        "{beside:#?}"
    );
}

#[test]
fn keys_are_explained_where_the_pointer_rests() {
    let mut editor = Editor::start();
    let text = format!("{HEAD}  - click: [1, 2]\n    time|out: 10s\n");
    let shown = editor.hover("timeout", &text);
    assert!(shown.contains("ow long the step may take"), "{shown}");
    assert!(shown.contains("a duration"), "{shown}");
    let text = format!("{HEAD}  - screenshot-|assert: saved\n");
    let shown = editor.hover("baseline", &text);
    assert!(
        shown.contains("aits until the screen equals a baseline"),
        "{shown}"
    );
    assert!(shown.contains("screenshot-assert: saved"), "{shown}");
    let text = format!("{HEAD}  - screenshot-assert: {{ baseline: saved, tole|rance: 10% }}\n");
    let shown = editor.hover("tolerance", &text);
    assert!(shown.contains("ow far two pixels may be apart"), "{shown}");
}

#[test]
fn mistakes_are_underlined_and_right_files_are_not() {
    let mut editor = Editor::start();
    let unknown = editor.complaints("unknown-verb", &format!("{HEAD}  - clik: [1, 2]\n"));
    let about = |all: &[(u64, String)], word: &str| {
        all.iter()
            .any(|(line, message)| *line == 4 && message.contains(word))
    };
    assert!(about(&unknown, "clik"), "{unknown:#?}");
    let bare = editor.complaints("bare-verb", &format!("{HEAD}  - launch\n"));
    assert!(!bare.is_empty(), "{bare:#?}");
    let text = format!("{HEAD}  - {{ click: [1, 2], timeout: 3 seconds }}\n");
    let duration = editor.complaints("bad-duration", &text);
    assert!(about(&duration, "`ms`, `s` or `m`"), "{duration:#?}");
    let number = editor.complaints("number", &text.replace("3 seconds", "3"));
    assert!(about(&number, "`ms`, `s` or `m`"), "{number:#?}");
    let two = editor.complaints("two-verbs", &format!("{HEAD}  - {{ click: , type: a }}\n"));
    assert!(!two.is_empty(), "{two:#?}");
    for name in ["hello", "calculator"] {
        let file = format!("{}/scenarios/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(file).unwrap();
        assert_eq!(editor.complaints(name, &text), [], "{name}");
    }
}
