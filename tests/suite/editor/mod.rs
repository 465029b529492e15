//! What an editor makes of the schema of scenarios: the language server that
//! most of them have for YAML completes, explains and complains by it.
//!
//! The server comes from npm, in the version that `tests/suite/editor/package.json`
//! names, into the target folder. Without a network the tests are skipped.

mod needs_npm;

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

use serde_json::{Value, json};

/// The server loads its schema at the first question.
const ANSWER: Duration = Duration::from_secs(60);

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/scenario.schema.json");

/// The program of the server, installed once for all tests; `None` where npm
/// reaches nobody.
fn program() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        let wanted = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/suite/editor/package.json"
        );
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
        let program = folder.join("node_modules/yaml-language-server/bin/yaml-language-server");
        let here = folder.join("package.json");
        let package = fs::read(wanted).unwrap();
        let same = fs::read(&here).is_ok_and(|installed| installed == package);
        if !same || !program.exists() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&here, &package).unwrap();
            if !install(&folder) {
                return None;
            }
        }
        assert!(program.exists(), "npm installed no {}", program.display());
        Some(program)
    });
    program.as_deref()
}

/// Asks npm, which gives up after a minute in which nothing comes, and at once
/// where there is no network; what it has already fetched it does not ask for.
fn install(folder: &Path) -> bool {
    let limits = [
        "--prefer-offline",
        "--fetch-timeout=60000",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
    ];
    let installed = crate::skipped::installs(
        Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"])
            .args(limits)
            .current_dir(folder),
    );
    if !installed {
        // A folder that is half there is installed anew the next time.
        fs::remove_file(folder.join("package.json")).unwrap();
    }
    installed
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
    /// `None`, after saying so, where there is no server to be had.
    fn start() -> Option<Self> {
        let Some(program) = program() else {
            crate::skipped::for_lack_of("npm's registry, which cannot be reached");
            return None;
        };
        let server = Command::new("node")
            .arg(program)
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
        Some(editor)
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
