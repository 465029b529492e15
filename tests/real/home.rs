//! What is the same in every run: the path of the session's home, and the pixels
//! that depend on it.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Command, time::Duration};

use deskhand::{
    desktop::{Desktop, DesktopClient, Profile, wire::ExecuteRequest},
    server::Options,
};

use crate::{machine::programs_without, place::Place, skipped};

/// Where every session is at home.
const FIXED: &str = "/tmp/deskhand-session";

fn bare(place: &Place) -> Options {
    Options {
        profile: Profile::Bare,
        start_in: None,
        ..place.options()
    }
}

async fn said(client: &DesktopClient, command: &str) -> String {
    let request = ExecuteRequest {
        command: command.to_owned(),
        ..ExecuteRequest::default()
    };
    let told = client.execute(&request).await.unwrap();
    assert_eq!(told.exit_code, 0, "{command}: {}", told.stderr);
    told.stdout.trim_end().to_owned()
}

/// Whether this machine can make a mount namespace; if not, the test says that it
/// is skipped.
fn has_namespaces() -> bool {
    let mut trial = Command::new("bwrap");
    let made = trial.args(["--dev-bind", "/", "/", "true"]).status();
    let has = made.is_ok_and(|status| status.success());
    if !has {
        skipped::for_lack_of("the right to make a mount namespace");
    }
    has
}

#[tokio::test]
async fn desktops_side_by_side_have_homes_of_the_same_path_and_of_their_own() {
    if !has_namespaces() {
        return;
    }
    let place = Place::new();
    let (one, first) = place.desktop_with(bare(&place)).await;
    let (other, second) = place.desktop_with(bare(&place)).await;
    for (client, text) in [(&first, "one"), (&second, "two")] {
        let folders = said(client, "echo $HOME $TMPDIR $XDG_RUNTIME_DIR; pwd").await;
        let expected = format!("{FIXED}/home {FIXED}/tmp {FIXED}/run\n{FIXED}/home");
        assert_eq!(folders, expected);
        client
            .write_file("notes.txt", text.as_bytes())
            .await
            .unwrap();
    }
    assert_eq!(said(&first, "cat ~/notes.txt").await, "one");
    assert_eq!(said(&second, "cat ~/notes.txt").await, "two");
    one.shut_down().await;
    other.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test]
async fn a_file_has_the_same_path_in_the_session_and_over_the_api() {
    let place = Place::new();
    let (desktop, client) = place.desktop_with(bare(&place)).await;
    let told = said(
        &client,
        "mkdir a; echo text >a/b; ln -s \"$HOME/a\" link; readlink -f link/b",
    );
    let path = told.await;
    let home = desktop.home().display().to_string();
    assert_eq!(path, format!("{home}/a/b"));
    for path in [&*path, "~/a/b", "link/b", "a/../link/b"] {
        let read = client.read_file(path).await.unwrap();
        assert_eq!(read, b"text\n", "{path}");
    }
    let run = ExecuteRequest {
        command: "pwd".to_owned(),
        cwd: Some("~/a".to_owned()),
        ..ExecuteRequest::default()
    };
    let told = client.execute(&run).await.unwrap();
    assert_eq!(told.stdout, format!("{home}/a\n"));
    desktop.shut_down().await;
}

#[tokio::test]
async fn where_there_are_no_namespaces_the_homes_are_numbered() {
    let place = Place::new();
    let path = programs_without(&place, &["bwrap"]).display().to_string();
    let options = || Options {
        path: path.clone(),
        ..bare(&place)
    };
    let (one, first) = place.desktop_with(options()).await;
    let (other, second) = place.desktop_with(options()).await;
    assert!(
        one.unsteady()
            .unwrap()
            .contains("`bwrap` cannot be started")
    );
    let homes = [said(&first, "pwd").await, said(&second, "pwd").await];
    assert_ne!(homes[0], homes[1]);
    let homes = homes.map(PathBuf::from);
    for home in &homes {
        assert!(
            home.starts_with("/tmp") && home.ends_with("home"),
            "{home:?}"
        );
        let name = home.parent().unwrap().display().to_string();
        assert!(name.starts_with(FIXED), "{name}");
    }
    second.write_file("~/notes.txt", b"two").await.unwrap();
    assert_eq!(fs::read(homes[1].join("notes.txt")).unwrap(), b"two");
    one.shut_down().await;
    other.shut_down().await;
    assert!(!homes.iter().any(|home| home.exists()));
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test]
async fn a_long_path_of_temporary_files_is_no_obstacle() {
    let place = Place::new();
    let folder = place.temporary().join("x".repeat(120));
    fs::create_dir(&folder).unwrap();
    let options = Options {
        folder: folder.clone(),
        ..bare(&place)
    };
    let (desktop, client) = place.desktop_with(options).await;
    client
        .wait_until_ready(Duration::from_secs(20))
        .await
        .unwrap();
    desktop.shut_down().await;
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn a_font_that_nobody_installed_is_the_same_one_everywhere() {
    let place = Place::new();
    let (desktop, client) = place.desktop_with(bare(&place)).await;
    for asked in ["Sans Serif", "No Such Font", "sans"] {
        let found = said(&client, &format!("fc-match -f '%{{family}}' '{asked}'")).await;
        assert_eq!(found, "DejaVu Sans", "{asked}");
    }
    desktop.shut_down().await;
}

#[tokio::test]
async fn only_its_user_may_enter_the_folder_of_a_desktop() {
    let place = Place::new();
    let (desktop, _client) = place.desktop_with(bare(&place)).await;
    let folders = fs::read_dir(place.temporary()).unwrap();
    for folder in folders.flatten() {
        let mode = folder.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", folder.path().display());
    }
    desktop.shut_down().await;
}

/// Plays a scenario from a text; answers what it said and its exit status.
fn play(place: &Place, text: &str, arguments: &[&str]) -> (String, Option<i32>) {
    let file = place.path().join("home.yaml");
    fs::write(&file, text).unwrap();
    let played = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["run", "--artifacts"])
        .arg(place.path().join("artifacts"))
        .args(arguments)
        .arg(file)
        .env("TMPDIR", place.temporary())
        .env_remove("CI")
        .output()
        .unwrap();
    (
        String::from_utf8(played.stderr).unwrap(),
        played.status.code(),
    )
}

/// A calculator, after `before`.
fn calculator(before: &str) -> String {
    format!(
        "version: 1\nname: home\ndesktop: {{ size: 800x600, profile: bare }}\nsteps:\n  - run: \
         {before}\n  - launch: galculator\n  - wait: {{ window: /galculator/, stable: 300ms }}\n  \
         - screenshot-assert: shown\n"
    )
}

#[test]
fn a_baseline_knows_the_fonts_that_its_programs_show_and_no_other() {
    let place = Place::new();
    let (said, status) = play(&place, &calculator("'true'"), &[]);
    assert_eq!(status, Some(1), "{said}");
    let about = place.path().join("baselines/home/shown.yaml");
    let about = fs::read_to_string(about).unwrap();
    assert!(about.contains("sans: DejaVu Sans 2.37\n"), "{about}");
    assert!(about.contains("GTK 3: 3."), "{about}");
    assert!(about.contains("openbox: 3."), "{about}");
    assert!(!about.contains("Qt"), "{about}");

    // Another picture fails; that somebody installed a font has nothing to do with it.
    let font = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf";
    let install = format!("mkdir -p ~/.local/share/fonts && cp {font} ~/.local/share/fonts/");
    let other = calculator(&format!("{install} && (galculator &)"));
    let (said, status) = play(&place, &other, &["--update-baselines", "none"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("differing pixels"), "{said}");
    assert!(!said.contains("different environment"), "{said}");
}

#[test]
fn a_title_that_shows_the_home_is_the_same_in_every_run() {
    if !has_namespaces() {
        return;
    }
    let place = Place::new();
    let text = "version: 1\nname: title\ndesktop: { size: 800x600, profile: bare }\nsteps:\n  - \
                launch: sh -c 'xterm -T \"$HOME\" -e sleep 60'\n  - wait: { window: /home/, \
                stable: 300ms }\n  - screenshot-assert: titled\n";
    let (said, status) = play(&place, text, &[]);
    assert_eq!(status, Some(1), "it was written: {said}");
    let (said, status) = play(&place, text, &["--update-baselines", "none"]);
    assert_eq!(status, Some(0), "{said}");
}
