//! The widgets of programs, by role and name.

use std::time::Duration;

use deskhand::{
    desktop::{
        Desktop, DesktopClient, DesktopError, Profile, Role, States,
        wire::{ExecuteRequest, Extensions, Scope, Unreadable, Widget, WidgetQuery},
    },
    geometry::{Point, Rect},
    input::{Button, Direction},
    server::{LocalDesktop, Options},
};
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    eventually::{eventually, in_time},
    place::Place,
    run::Run,
};

/// Forms of several toolkits, which tell of themselves in different ways.
const FORMS: [&str; 3] = ["gtk3.py", "gtk4.py", "qt5.py"];

/// A desktop with programs on it.
struct Session {
    place: Place,
    desktop: LocalDesktop,
    client: DesktopClient,
}

impl Session {
    async fn new() -> Self {
        Self::with(|options| options).await
    }

    async fn with(change: impl FnOnce(Options) -> Options) -> Self {
        let place = Place::new();
        let options = Options {
            profile: Profile::Bare,
            ..place.options()
        };
        let (desktop, client) = place.desktop_with(change(options)).await;
        Self {
            place,
            desktop,
            client,
        }
    }

    /// Starts a program; answers its pid.
    async fn launch(&self, command: &str) -> Pid {
        let command = format!("{command} >/dev/null 2>&1 & echo $!");
        let pid = self.run(&command).await;
        Pid::from_raw(pid.trim().parse().unwrap()).unwrap()
    }

    async fn run(&self, command: &str) -> String {
        let request = ExecuteRequest {
            command: command.to_owned(),
            ..ExecuteRequest::default()
        };
        self.client.execute(&request).await.unwrap().stdout
    }

    /// Starts one of the forms, and waits until it shows its button.
    async fn form(&self, name: &str) -> Pid {
        let pid = self.launch(&form(name)).await;
        self.one(Role::Button, "Submit").await;
        pid
    }

    async fn all(&self, query: &WidgetQuery) -> Vec<Widget> {
        let found = in_time("widgets", self.client.find_widgets(query)).await;
        found.unwrap().items
    }

    /// The one widget of this role and name, once it is visible.
    async fn one(&self, role: Role, name: &str) -> Widget {
        self.so(named(role, name), |widget| widget.visible).await
    }

    /// The one widget that is meant, once it is as it is wanted.
    async fn so(&self, query: WidgetQuery, is_so: impl Fn(&Widget) -> bool) -> Widget {
        let found = eventually(
            async || self.all(&query).await,
            |items| matches!(&items[..], [widget] if is_so(widget)),
        );
        let mut found = found.await;
        assert!(
            matches!(&found[..], [widget] if is_so(widget)),
            "{query:?}: {found:?}"
        );
        found.remove(0)
    }

    async fn click(&self, widget: &Widget) {
        let at = middle(widget.area.unwrap());
        self.client
            .click(Some(at), Button::Left, &[])
            .await
            .unwrap();
    }

    async fn unreadable(&self) -> Vec<Unreadable> {
        let query = named(Role::Button, "Submit");
        self.client.find_widgets(&query).await.unwrap().unreadable
    }

    async fn end(self) {
        self.desktop.shut_down().await;
        self.place.assert_nothing_is_left(Duration::ZERO);
    }
}

fn form(name: &str) -> String {
    format!("{}/tests/forms/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn named(role: Role, name: &str) -> WidgetQuery {
    WidgetQuery {
        role: Some(role),
        name: Some(name.to_owned()),
        ..WidgetQuery::default()
    }
}

fn middle(area: Rect) -> Point {
    let half = |length: u32| i32::try_from(length / 2).unwrap();
    Point::new(area.x + half(area.width), area.y + half(area.height))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_in_the_middle_of_a_widget_reaches_it_in_every_toolkit() {
    let session = Session::new().await;
    for name in FORMS {
        let pid = session.form(name).await;
        let submit = session.one(Role::Button, "Submit").await;
        assert_eq!(submit.states.enabled, Some(false), "{name}");
        let field = session.one(Role::Textbox, "Name").await;
        assert_eq!(field.states.editable, Some(true), "{name}");
        session.click(&field).await;
        let focused = |widget: &Widget| widget.states.focused == Some(true);
        session.so(named(Role::Textbox, "Name"), focused).await;
        session.client.type_text("Ann").await.unwrap();
        let filled = |widget: &Widget| widget.value.as_deref() == Some("Ann");
        session.so(named(Role::Textbox, "Name"), filled).await;
        let enabled = |widget: &Widget| widget.states.enabled == Some(true);
        let submit = session.so(named(Role::Button, "Submit"), enabled).await;
        session.click(&submit).await;
        session.one(Role::Label, "/^Ordered for Ann/").await;
        kill_process(pid, Signal::TERM).unwrap();
        let gone = || async { session.all(&named(Role::Button, "Submit")).await };
        assert!(eventually(gone, Vec::is_empty).await.is_empty(), "{name}");
    }
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_scrolled_out_of_view_is_found_and_not_visible_until_it_is_scrolled_to() {
    let session = Session::new().await;
    for name in FORMS {
        let pid = session.form(name).await;
        session.one(Role::Listitem, "Item 1").await;
        let item = named(Role::Listitem, "Item 42");
        let hidden = session.so(item.clone(), |item| !item.visible).await;
        // Where it would be is where its list is.
        let list = middle(hidden.area.unwrap());
        session.client.move_pointer(list).await.unwrap();
        let visible = eventually(
            async || {
                let direction = Direction::Down;
                session.client.scroll(direction, 1).await.unwrap();
                session.all(&item).await
            },
            |items| items.iter().any(|item| item.visible),
        );
        session.click(&visible.await[0]).await;
        let selected = |item: &Widget| item.states.selected == Some(true);
        session.so(item, selected).await;
        kill_process(pid, Signal::KILL).unwrap();
        let gone = || async { session.all(&named(Role::Button, "Submit")).await };
        assert!(eventually(gone, Vec::is_empty).await.is_empty(), "{name}");
    }
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_a_closed_menu_is_hidden() {
    let session = Session::new().await;
    session.form("gtk3.py").await;
    let clear = named(Role::Menuitem, "Clear");
    assert!(session.all(&clear).await.is_empty());
    let hidden = WidgetQuery {
        hidden: true,
        ..clear.clone()
    };
    let closed = session.so(hidden, |widget| !widget.visible).await;
    assert_eq!(closed.area, None);
    let menu = session.one(Role::Menuitem, "Form").await;
    session.click(&menu).await;
    let in_popup = |entry: &Widget| entry.visible && entry.window != menu.window;
    session.so(clear, in_popup).await;
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_near_is_told_where_it_is_asked_for() {
    let session = Session::new().await;
    session.form("gtk3.py").await;
    let mut query = named(Role::Button, "Submitt");
    for near in [true, false] {
        query.near = near;
        let found = session.client.find_widgets(&query).await.unwrap();
        assert!(found.items.is_empty());
        let is_told = found.near.iter().any(|widget| widget.name == "Submit");
        assert_eq!(is_told, near);
    }
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_gtk_4_adds_renames_and_removes_is_found_as_it_is_now() {
    let session = Session::new().await;
    session.launch(&form("grow.py")).await;
    let add = session.one(Role::Button, "Add").await;
    for expected in [vec!["One"], vec!["Two", "One"], vec!["Three", "Two", "One"]] {
        session.click(&add).await;
        let made = eventually(
            async || session.all(&named(Role::Button, "/One|Two|Three/")).await,
            |made| made.iter().all(|one| one.visible) && made.len() == expected.len(),
        );
        let names: Vec<String> = made.await.into_iter().map(|one| one.name).collect();
        assert_eq!(names, expected);
        session.one(Role::Button, "One").await;
    }
    let clear = session.one(Role::Button, "Clear").await;
    session.click(&clear).await;
    let gone = || async { session.all(&named(Role::Button, "/One|Two|Three/")).await };
    assert!(eventually(gone, Vec::is_empty).await.is_empty());
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_limited_to_a_window_to_a_widget_and_to_states() {
    let session = Session::new().await;
    session.form("gtk3.py").await;
    session.launch(&form("qt5.py")).await;
    // A window is there before the window manager has it, and not while that takes it.
    let managed = eventually(
        async || session.client.windows().await.unwrap().len(),
        |count| *count == 2,
    );
    assert_eq!(managed.await, 2);
    let both = eventually(
        async || session.all(&named(Role::Button, "Submit")).await,
        |items| items.len() == 2 && items.iter().all(|item| item.window.is_some()),
    );
    let both = both.await;
    for submit in &both {
        let window = submit.window.clone().unwrap();
        let in_window = WidgetQuery {
            scope: Scope::Window(window),
            ..named(Role::Button, "Submit")
        };
        let found = session.all(&in_window).await;
        assert_eq!(found, std::slice::from_ref(submit));
        let itself = WidgetQuery {
            scope: Scope::Widget(submit.id.clone()),
            ..WidgetQuery::default()
        };
        assert_eq!(session.all(&itself).await[0].id, submit.id);
    }
    let disabled = States {
        enabled: Some(false),
        ..States::default()
    };
    let query = WidgetQuery {
        states: disabled,
        ..named(Role::Button, "/./")
    };
    let names = session.all(&query).await;
    assert!(names.iter().all(|widget| widget.name == "Submit"));
    assert_eq!(names.len(), 2);
    for unknown in [
        Scope::Window("0x1".to_owned()),
        Scope::Widget(":1.999/none".to_owned()),
    ] {
        let answer = session.client.widgets(&unknown).await;
        let is_404 =
            |error| matches!(error, DesktopError::Status(refused) if refused.status == 404);
        assert!(answer.is_err_and(is_404), "{unknown:?}");
    }
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_hangs_is_named_and_answers_again_when_it_goes_on() {
    let session = Session::new().await;
    let pid = session.form("gtk3.py").await;
    kill_process(pid, Signal::STOP).unwrap();
    let first = in_time("the first look", session.unreadable()).await;
    let second = in_time("the second look", session.unreadable()).await;
    for unreadable in [first, second] {
        let [program] = &unreadable[..] else {
            panic!("{unreadable:?}")
        };
        assert!(
            program.silent && program.program.contains("gtk3"),
            "{program:?}"
        );
        assert_eq!(program.why, "it does not answer");
    }
    kill_process(pid, Signal::CONT).unwrap();
    session.one(Role::Button, "Submit").await;
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_while_it_is_read_is_gone_and_nothing_else() {
    let session = Session::new().await;
    for round in 0..5 {
        let pid = session.form("gtk3.py").await;
        let read = in_time("trees", session.client.widgets(&Scope::All));
        let kill = async {
            tokio::time::sleep(Duration::from_millis(3 * round)).await;
            kill_process(pid, Signal::KILL).unwrap();
        };
        let (trees, ()) = tokio::join!(read, kill);
        trees.unwrap();
        let gone = || async { session.all(&named(Role::Button, "Submit")).await };
        assert!(eventually(gone, Vec::is_empty).await.is_empty());
    }
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_without_a_tree_is_named() {
    let session = Session::new().await;
    session.launch("xterm").await;
    let named = eventually(
        async || session.unreadable().await,
        |programs| !programs.is_empty(),
    );
    let named = named.await;
    let [program] = &named[..] else {
        panic!("{named:?}")
    };
    assert_eq!(program.program, "xterm");
    assert_eq!(program.why, "it reports no widgets");
    assert!(!program.silent);
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_without_accessibility_says_so_and_starts_nothing_for_it() {
    let session = Session::with(|options| Options {
        accessibility: false,
        ..options
    })
    .await;
    let extensions = session.client.extensions().await.unwrap();
    assert!(!extensions.has(Extensions::WIDGETS));
    assert!(extensions.has(Extensions::STACK));
    let answer = session.client.widgets(&Scope::All).await;
    assert!(matches!(answer, Err(DesktopError::NoWidgets { .. })));
    assert_eq!(session.run("echo $NO_AT_BRIDGE").await, "1\n");
    assert!(session.place.process("at-spi2-registr").is_none());
    session.end().await;
}

#[test]
fn what_moves_all_the_time_is_never_clicked_where_it_was() {
    let text = format!(
        "\
version: 1
name: Churn
desktop: {{ size: 1280x800, profile: bare }}
steps:
  - launch: /usr/bin/python3 {} 2 400
  - wait: {{ role: button, name: Target }}
    timeout: 30s
  - repeat-until: {{ role: label, name: /^hits 10/ }}
    max: 40
    steps:
      - click: {{ role: button, name: Target }}
        timeout: 30s
  - assert: {{ role: label, name: '/misses 0$/' }}
",
        form("churn.py")
    );
    let ended = Run::text(&text).ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
}

#[test]
fn a_button_that_is_scrolled_out_of_view_is_scrolled_to() {
    for grid in ["gtk3 300", "gtk3 60 60", "gtk4 120 60", "qt5 60 60"] {
        let text = format!(
            "\
version: 1
name: Buttons
desktop: {{ size: 1280x800, profile: bare }}
steps:
  - launch: /usr/bin/python3 {}/benches/peers/grid.py {grid}
  - wait: {{ role: button, name: Button 0 }}
    timeout: 60s
  - click: {{ role: button, name: Last }}
    timeout: 60s
  - wait: {{ role: button, name: Last, focused: true }}
",
            env!("CARGO_MANIFEST_DIR")
        );
        let ended = Run::text(&text).ended();
        assert_eq!(ended.status, 0, "{grid}: {}", ended.said);
    }
}

#[test]
fn a_row_that_gtk_4_still_has_where_it_was_is_clicked_where_it_is() {
    let text = format!(
        "\
version: 1
name: Rows
desktop: {{ size: 1280x800, profile: bare }}
steps:
  - launch: {}
  - select: {{ target: {{ role: list, name: Items }}, option: Item 42 }}
    timeout: 30s
  - click: {{ role: listitem, name: Item 3 }}
    timeout: 30s
  - wait: {{ role: listitem, name: Item 3, selected: true }}
",
        form("gtk4.py")
    );
    let ended = Run::text(&text).ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
}
