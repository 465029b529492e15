//! Windows of several toolkits go where they are wanted, on both window managers.

use std::time::Duration;

use deskhand::{
    desktop::{
        Desktop, DesktopClient, Profile,
        wire::{Arranged, Arrangement, ExecuteRequest, Window},
    },
    geometry::{Rect, Size, WindowState},
    server::{LocalDesktop, Options},
};

use crate::{
    arrive::{passes, played, program, terminal},
    eventually::eventually,
    place::{Place, status},
};

const PROFILES: [&str; 2] = ["xfce", "bare"];

/// As long as it may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Steps that each ask something of the terminal.
fn asked(of_terminal: &[&str]) -> String {
    let steps = of_terminal
        .iter()
        .map(|asked| format!("  - window: {{ target: {{ window: Terminal }}, {asked} }}\n"));
    steps.collect()
}

#[test]
fn every_state_leads_to_every_other() {
    let words = WindowState::NAMES;
    let mut states = Vec::new();
    for (index, from) in words.iter().enumerate() {
        for to in &words[index + 1..] {
            states.extend([from, to, from].map(|state| format!("state: {state}")));
        }
    }
    let states: Vec<&str> = states.iter().map(String::as_str).collect();
    for profile in PROFILES {
        passes(profile, &(terminal() + &asked(&states)));
    }
}

#[test]
fn a_window_in_any_state_is_moved_and_raised() {
    let mut steps = terminal();
    for state in WindowState::NAMES {
        steps += &asked(&[
            &format!("state: {state}"),
            "position: [300, 200], size: 364x264",
            &format!("state: {state}"),
            "state: normal, position: [200, 300], raise: true",
            &format!("state: {state}"),
            "raise: true",
        ]);
    }
    for profile in PROFILES {
        passes(profile, &steps);
    }
}

#[test]
fn a_raised_window_is_in_front_and_has_the_keyboard() {
    let steps = format!(
        "  - launch: /usr/bin/python3 {}
  - wait: {{ window: /Form/ }}
  - launch: xterm -geometry 100x40+500+60 -T Cover -e cat
  - wait: {{ window: Cover }}
  - window: {{ target: {{ window: Cover }}, state: maximized }}
  - window: {{ target: {{ window: /Form/ }}, raise: true }}
  - type: abc
  - wait: {{ window: \"Form: abc / 0\" }}
  - window: {{ target: {{ window: Cover }}, raise: true }}
  - assert: {{ window: Cover }}
  - window: {{ target: {{ window: /Form/ }}, state: minimized }}
  - window: {{ target: {{ window: /Form/ }}, raise: true }}
  - type: d
  - wait: {{ window: \"Form: abcd / 0\" }}
",
        program("form.py")
    );
    for profile in PROFILES {
        passes(profile, &steps);
    }
}

#[test]
fn a_window_on_another_workspace_is_moved_there_and_brought_here() {
    let moved = asked(&["position: [300, 200]"]);
    let raised = asked(&["raise: true"]);
    let steps = format!(
        "{}  - run: xfconf-query -c xfwm4 -p /general/workspace_count -s 2
  - hotkey: ctrl+alt+Right
  - wait: {{ stable: 500ms }}
{moved}{raised}  - click: {{ window: Terminal }}
",
        terminal()
    );
    passes("xfce", &steps);
}

/// How a scenario with this as its last step fails.
fn failure(profile: &str, steps: &str) -> String {
    let ended = played(profile, &format!("{steps}    timeout: 2s\n"));
    assert_eq!(ended.status, 1, "{}", ended.said);
    // The lines of a terminal are cut between words.
    ended.said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_size_that_a_program_refuses_is_told_with_the_one_that_it_has() {
    let steps = "  - launch: mousepad
  - wait: { window: /Mousepad/ }
  - window: { target: { window: /Mousepad/ }, position: [300, 200], size: 100x50 }
";
    for profile in PROFILES {
        let said = failure(profile, steps);
        assert!(
            said.contains("was not 100x50 at 300,200 within 2 s"),
            "{said}"
        );
        assert!(said.contains(" at 300,200, normal"), "{said}");
        assert!(said.contains("allows only some sizes"), "{said}");
    }
    let said = failure("bare", &(terminal() + &asked(&["size: 800x600"])));
    assert!(said.contains("796x589"), "{said}");
}

#[test]
fn a_window_in_the_corner_of_the_screen_shows_all_of_its_frame() {
    let steps = "  - launch: mousepad
  - wait: { window: /Mousepad/ }
  - window: { target: { window: /Mousepad/ }, size: 800x600, position: [0, 0] }
";
    for (profile, corner) in [("xfce", "5,58"), ("bare", "1,20")] {
        let ended = played(profile, steps);
        assert_eq!(ended.status, 0, "{}", ended.said);
        let said = ended.said.split_whitespace().collect::<Vec<_>>().join(" ");
        let note = format!("the window's content is at {corner} instead of 0,0");
        assert!(said.contains(&note), "{said}");
    }
}

#[test]
fn a_window_may_begin_left_of_the_screen() {
    for profile in PROFILES {
        passes(profile, &(terminal() + &asked(&["position: [-40, 200]"])));
    }
}

#[test]
fn a_program_that_asks_before_it_closes_is_named_with_its_question() {
    let steps = "  - launch: mousepad
  - wait: { window: /Mousepad/ }
  - type: abc
  - wait: { window: /^\\*/ }
  - window: { target: { window: /Mousepad/ }, close: true }
";
    let said = failure("xfce", steps);
    assert!(said.contains("did not close within 2 s"), "{said}");
    assert!(
        said.contains("` has appeared") || said.contains("without a title"),
        "{said}"
    );
    assert!(said.contains("asks a question before it closes"), "{said}");
}

/// Steps that close a window whose program does so `late`, or `never`.
fn closing(how: &str) -> String {
    format!(
        "  - launch: /usr/bin/python3 {} {how}
  - wait: {{ window: Stays }}
  - window: {{ target: {{ window: /Stays/ }}, close: true }}
",
        program("closing.py")
    )
}

#[test]
fn a_program_may_take_its_time_to_close_or_not_close_at_all() {
    for profile in PROFILES {
        passes(profile, &closing("late"));
        let said = failure(profile, &closing("never"));
        assert!(
            said.contains("the window `Stays` did not close within 2 s"),
            "{said}"
        );
    }
}

/// A desktop, on which programs are started.
struct Opened {
    place: Place,
    desktop: LocalDesktop,
    client: DesktopClient,
}

impl Opened {
    async fn new(profile: Profile) -> Self {
        let place = Place::new();
        let options = Options {
            profile,
            size: Size::new(1280, 800),
            ..place.options()
        };
        let (desktop, client) = place.desktop_with(options).await;
        Self {
            place,
            desktop,
            client,
        }
    }

    /// The window of a program, once it has settled.
    async fn window(&self, command: &str, title: &str) -> Window {
        let request = ExecuteRequest {
            command: format!("{command} >/dev/null 2>&1 &"),
            ..ExecuteRequest::default()
        };
        self.client.execute(&request).await.unwrap();
        let named = |window: &Window| window.title.contains(title);
        let opened = eventually(
            async || {
                let windows = self.client.windows().await.unwrap();
                let window = windows.into_iter().find(named)?;
                let stack = self.client.stack(None).await.unwrap();
                let is_painted = stack.layer(&window.id)?.painted;
                is_painted.then_some(window)
            },
            Option::is_some,
        );
        opened.await.unwrap()
    }

    async fn arrange(&self, window: &Window, wanted: &Arrangement) -> Arranged {
        let asked = self.client.arrange_window(&window.id, wanted, PATIENCE);
        asked.await.unwrap()
    }

    /// The window as the list has it now.
    async fn listed(&self, window: &Window) -> Window {
        let windows = self.client.windows().await.unwrap();
        let same = |listed: &Window| listed.id == window.id;
        windows.into_iter().find(same).unwrap()
    }

    async fn ended(self) {
        self.desktop.shut_down().await;
        self.place.assert_nothing_is_left(Duration::ZERO);
    }
}

fn at(rect: Rect) -> Arrangement {
    Arrangement {
        x: Some(rect.x),
        y: Some(rect.y),
        width: Some(rect.width),
        height: Some(rect.height),
        ..Arrangement::default()
    }
}

async fn moved_and_drawn(profile: Profile, command: &str, title: &str) {
    let opened = Opened::new(profile).await;
    let window = opened.window(command, title).await;
    // A terminal grows by whole characters.
    let large = Rect::new(200, 90, 604, 654);
    for place in [
        large,
        Rect::new(310, 120, 604, 654),
        Rect::new(7, 61, 640, 693),
    ] {
        let arranged = opened.arrange(&window, &at(place)).await;
        assert!(arranged.done, "{command}: {arranged:?}");
        // A caret may blink above.
        let (top, height) = (place.height / 2, place.height - place.height / 2);
        let y = place.y + i32::try_from(top).unwrap();
        let lower = Rect::new(place.x, y, place.width, height);
        let drawn = opened.client.frame(Some(lower)).await.unwrap();
        assert_eq!(opened.listed(&window).await.rect(), place, "{command}");
        // What it shows at once is what it goes on to show.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let later = opened.client.frame(Some(lower)).await.unwrap();
        assert!(drawn == later, "{command} was not drawn whole at {place}");
    }
    let close = Arrangement {
        close: true,
        ..Arrangement::default()
    };
    let arranged = opened.arrange(&window, &close).await;
    assert_eq!((arranged.done, arranged.window), (true, None), "{command}");
    opened.ended().await;
}

/// The program is moved on both window managers.
async fn moved_everywhere(command: &str, title: &str) {
    moved_and_drawn(Profile::Xfce, command, title).await;
    moved_and_drawn(Profile::Bare, command, title).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_gtk_3_goes_where_it_is_wanted() {
    moved_everywhere("mousepad", "Mousepad").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_gtk_4_goes_where_it_is_wanted() {
    moved_everywhere("gnome-calculator", "Calculator").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_qt_goes_where_it_is_wanted() {
    moved_everywhere("featherpad --standalone", "Untitled").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_tk_goes_where_it_is_wanted() {
    let command = format!("/usr/bin/python3 {}", program("form.py"));
    moved_everywhere(&command, "Form").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_swing_goes_where_it_is_wanted() {
    let command = format!("bsh {}", program("form.bsh"));
    moved_everywhere(&command, "Form").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_a_terminal_goes_where_it_is_wanted() {
    moved_everywhere("xterm -T Terminal -e cat", "Terminal").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_and_a_window_that_is_gone_is_unknown() {
    let opened = Opened::new(Profile::Bare).await;
    let window = opened.window("xterm -T Terminal -e cat", "Terminal").await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (id, body, expected) in [
        (window.id.as_str(), r#"{"raise": true}"#, 200),
        (&window.id, r#"{"x": -32769}"#, 400),
        (&window.id, r#"{"width": 0}"#, 400),
        (&window.id, r#"{"state": "large"}"#, 400),
        (&window.id, r#"{"close": true, "raise": true}"#, 400),
        (&window.id, r#"{"raise": true, "rise": true}"#, 400),
        (&window.id, r#"{"raise": true, "wait": 60001}"#, 400),
        (&window.id, "{}", 400),
        ("0x00000001", r#"{"raise": true}"#, 404),
        ("0xfffffffff", r#"{"raise": true}"#, 400),
        ("Terminal", r#"{"raise": true}"#, 400),
    ] {
        let url = format!("{}/api/windows/{id}", opened.desktop.url());
        let request = http.post(url).bearer_auth(opened.desktop.token());
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), expected, "{id} {body}");
    }
    let close = Arrangement {
        close: true,
        ..Arrangement::default()
    };
    assert!(opened.arrange(&window, &close).await.done);
    let again = opened.client.arrange_window(&window.id, &close, PATIENCE);
    assert_eq!(status(again.await), Some(404));
    opened.ended().await;
}
