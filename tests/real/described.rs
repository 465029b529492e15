//! A desktop with a control plane and a sandbox, to be held against the description
//! of the API.

use std::{fs, path::PathBuf, time::Duration};

use deskhand::{
    desktop::{
        Config, ControlPlane, Desktop, DesktopClient, Profile, Role,
        wire::{CreateSandbox, ExecuteRequest, Widget, WidgetQuery},
    },
    server::{LocalDesktop, Options},
};
use reqwest::{Method, Response, header};
use serde_json::{Value, json};

use crate::{
    document::{Document, Operation},
    eventually::eventually,
    place::Place,
    sandboxes::start_folder,
};

/// A form with one file.
const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"t/form\"; filename=\"f\"\r\n\
                    \r\nbytes\r\n--b--\r\n";

pub(crate) struct Described {
    pub(crate) document: Document,
    pub(crate) desktop: LocalDesktop,
    /// The recording and the sandbox that paths lead to.
    pub(crate) recording: String,
    pub(crate) sandbox: String,
    /// The window and the widget that requests lead to.
    window: String,
    widget: String,
    /// Where paths of files of the sandbox begin.
    folder: PathBuf,
    pub(crate) http: reqwest::Client,
}

impl Described {
    pub(crate) async fn new(place: &Place) -> Self {
        let options = Options {
            profile: Profile::Bare,
            control_plane: true,
            resizable_to: Some(Options::LARGEST),
            ..place.options()
        };
        let (desktop, _) = place.desktop_with(options).await;
        let Widget {
            id: widget, window, ..
        } = widget(&desktop).await;
        let config = Config {
            base_url: desktop.url(),
            sandbox_domain: desktop.sandbox_domain(),
            ..Config::new(desktop.token())
        };
        let service = ControlPlane::new(config).unwrap();
        let wanted = CreateSandbox::desktop();
        let sandbox = service.create(&wanted).await.unwrap().id;
        let client = service.desktop(&sandbox).unwrap();
        client
            .wait_until_ready(Duration::from_secs(60))
            .await
            .unwrap();
        let folder = start_folder(&service, &sandbox).await;
        Self {
            document: Document::read(),
            desktop,
            recording: "rec_0".to_owned(),
            sandbox,
            window: window.unwrap(),
            widget,
            folder,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// A client of the desktop itself.
    pub(crate) fn client(&self) -> DesktopClient {
        DesktopClient::new(&self.desktop.url(), Some(self.desktop.token())).unwrap()
    }

    /// A path of the operation that leads somewhere.
    pub(crate) fn path(&self, operation: &Operation) -> String {
        let path = operation.path.replace("{name}", "x11vnc");
        let path = path.replace("{sandbox}", &self.sandbox);
        let path = path.replace("{window}", &self.window);
        let query = match operation.id.as_str() {
            "read_file" | "write_file" => "?path=a/note.txt",
            "write_sandbox_file" => "?path=t/new.txt&permissions=0600",
            _ => "",
        };
        path.replace("{id}", &self.recording) + query
    }

    /// Calls an operation so that it succeeds.
    pub(crate) async fn call_well(&self, operation: &Operation) -> Response {
        self.lay_out();
        self.call_as_it_is(operation).await
    }

    /// Calls an operation with what it takes, whatever calls before it have left.
    pub(crate) async fn call_as_it_is(&self, operation: &Operation) -> Response {
        let path = self.path(operation);
        if operation.id == "write_sandbox_files" {
            let request = self.request(&operation.method, &path);
            let kind = "multipart/form-data; boundary=b";
            let request = request.header(header::CONTENT_TYPE, kind);
            return request.body(FORM).send().await.unwrap();
        }
        let body = match operation.id.as_str() {
            "reveal_widget" => Some(json!({"widget": self.widget})),
            _ => body(operation),
        };
        self.call(&operation.method, &path, body.as_ref()).await
    }

    /// Calls an operation with a body, where no call before it has left anything.
    pub(crate) async fn call_with(&self, operation: &Operation, body: &Value) -> Response {
        self.lay_out();
        let path = self.path(operation);
        self.call(&operation.method, &path, Some(body)).await
    }

    pub(crate) async fn call(&self, method: &Method, path: &str, body: Option<&Value>) -> Response {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        request.send().await.unwrap()
    }

    fn request(&self, method: &Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.desktop.url());
        let request = self.http.request(method.clone(), url);
        request.bearer_auth(self.desktop.token())
    }

    /// What bodies name is there, and what they could have made is not.
    fn lay_out(&self) {
        let [ours, made] = ["t", "1280"].map(|name| self.folder.join(name));
        for old in [&ours, &made] {
            let _ = fs::remove_dir_all(old);
            let _ = fs::remove_file(old);
        }
        fs::create_dir(&ours).unwrap();
        fs::write(ours.join("a"), "one\n").unwrap();
    }
}

/// Opens a window on a desktop; gives a widget in it.
async fn widget(desktop: &LocalDesktop) -> Widget {
    let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
    let command = "l3afpad >/dev/null 2>&1 &".to_owned();
    let request = ExecuteRequest {
        command,
        ..ExecuteRequest::default()
    };
    client.execute(&request).await.unwrap();
    let query = WidgetQuery {
        role: Some(Role::Textbox),
        ..WidgetQuery::default()
    };
    // A window may have another number until the window manager has it.
    let managed = eventually(
        async || client.windows().await.unwrap().len(),
        |count| *count == 1,
    );
    assert_eq!(managed.await, 1);
    let found = eventually(
        async || client.find_widgets(&query).await.unwrap().items,
        |items| items.iter().any(|widget| widget.window.is_some()),
    );
    found.await.remove(0)
}

/// A JSON body that the operation takes.
pub(crate) fn body(operation: &Operation) -> Option<Value> {
    Some(match operation.id.as_str() {
        "resize_screen" => json!({"width": 800, "height": 600}),
        "screenshot_region" => json!({"x": 0, "y": 0, "width": 10, "height": 10}),
        "move_pointer" => json!({"x": 5, "y": 5}),
        "click" => json!({"x": 5, "y": 5, "button": 1}),
        "drag" => json!({"from_x": 5, "from_y": 5, "to_x": 6, "to_y": 6, "button": 1}),
        "scroll" => json!({"direction": "up", "amount": 1}),
        "type_text" => json!({"text": "a"}),
        "press_key" => json!({"key": "Escape"}),
        "hotkey" => json!({"keys": ["ctrl", "Escape"]}),
        "hold" => json!({"keys": ["shift"], "button": 1, "x": 5, "y": 5, "down": false}),
        "start_recording" => json!({"clean": true, "frame_rate": 60}),
        "find_widgets" => json!({"role": "button"}),
        "reveal_widget" => json!({"widget": ":1.0/none"}),
        "arrange_window" => json!({"raise": true, "wait": 0}),
        "execute" | "execute_in_sandbox" => {
            json!({"command": "echo hello; exit 3", "timeout": 5})
        }
        "write_file" | "write_sandbox_file" => json!("a note"),
        "create_sandbox" => json!({"template_name": CreateSandbox::DESKTOP}),
        "create_presigned_url" => json!({"port": 80}),
        "read_sandbox_file" | "exists" | "stat" | "delete_file" => json!({"path": "t/a"}),
        "read_sandbox_files" => json!({"paths": ["t/a"]}),
        "ls" | "tree" => json!({"path": "t"}),
        "glob" => json!({"path": "t", "pattern": "*"}),
        "grep" => json!({"path": "t", "pattern": "one"}),
        "mkdir" => json!({"path": "t/new"}),
        "move_file" | "copy_file" => json!({"src_path": "t/a", "dst_path": "t/b"}),
        "set_permissions" => json!({"path": "t/a", "mode": "0600"}),
        "edit_file" => json!({"path": "t/a", "edits": [{"find": "one", "replace": "1"}]}),
        "edit_files" => json!({"files": ["t/a"], "find": "one"}),
        _ => return None,
    })
}
