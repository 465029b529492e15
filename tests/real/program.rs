//! Real programs on a desktop of a test.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use deskhand::{
    desktop::{
        Desktop, DesktopClient,
        wire::{ExecuteRequest, ImageFormat, Window},
    },
    geometry::Point,
    input::{Chord, Clipboard, Key},
};

use crate::eventually::eventually;

/// How long a screen shows the same that has settled.
const STILL: Duration = Duration::from_millis(150);

/// Runs a command on the desktop, which must succeed; answers what it wrote.
pub(crate) async fn shell(client: &DesktopClient, command: &str) -> String {
    let request = ExecuteRequest {
        command: command.to_owned(),
        ..ExecuteRequest::default()
    };
    let done = client.execute(&request).await.unwrap();
    assert_eq!(done.exit_code, 0, "{command}: {}", done.stderr);
    done.stdout
}

/// Starts a program, and waits until a window of its class has the focus.
pub(crate) async fn open(client: &DesktopClient, command: &str, class: &str) -> Window {
    shell(client, &format!("{command} >/dev/null 2>&1 &")).await;
    // A window manager calls a window the active one before the X server has given it the
    // keyboard.
    let is_open = async || {
        let focus = client.stack(None).await.unwrap().focus;
        let window = window(client, class).await;
        let painted = client.calm(None).await.unwrap().painted;
        painted && window.is_some_and(|it| it.focused && focus == Some(it.id))
    };
    let opened = eventually(is_open, |is_open| *is_open).await;
    assert!(opened, "no window of {class} opened for `{command}`");
    // It may be placed and drawn only after it has the focus.
    settled(client).await;
    window(client, class).await.unwrap()
}

/// Waits until the window with focus has a title that `suits`; answers the title
/// that it has in the end.
pub(crate) async fn titled(client: &DesktopClient, suits: impl Fn(&str) -> bool) -> String {
    let title = async || {
        let windows = client.windows().await.unwrap();
        let focused = windows.into_iter().find(|window| window.focused);
        focused.map(|window| window.title).unwrap_or_default()
    };
    eventually(title, |title| suits(title)).await
}

/// Waits until the screen shows the same for a while.
pub(crate) async fn settled(client: &DesktopClient) {
    let look = async || client.screenshot(None, ImageFormat::Png).await.unwrap();
    let is_still = async || {
        let before = look().await;
        tokio::time::sleep(STILL).await;
        look().await == before
    };
    let is_still = eventually(is_still, |is_still| *is_still).await;
    assert!(is_still, "the screen does not settle");
}

/// The window whose class ends like that, if there is one.
pub(crate) async fn window(client: &DesktopClient, class: &str) -> Option<Window> {
    let windows = client.windows().await.unwrap();
    windows
        .into_iter()
        .find(|window| window.class.to_lowercase().ends_with(class))
}

pub(crate) async fn hotkey(client: &DesktopClient, keys: &str) {
    client.hotkey(&Chord::parse(keys).unwrap()).await.unwrap();
}

/// Waits until a text is selected, which it is once the program has read what
/// selects it; answers what is selected in the end.
pub(crate) async fn selected(client: &DesktopClient, expected: &str) -> String {
    let selection = async || {
        let marked = client.read_clipboard(Clipboard::Primary).await.unwrap();
        marked.text.unwrap_or_default()
    };
    eventually(selection, |text| text == expected).await
}

/// Waits until a file holds what is expected; answers what it holds in the end.
pub(crate) async fn file_becomes(file: &Path, expected: &str) -> String {
    let read = async || fs::read_to_string(file).unwrap_or_default();
    eventually(read, |text| text.trim_end() == expected.trim_end()).await
}

/// An editor with a file of the test open.
pub(crate) struct Editor {
    pub(crate) window: Window,
    file: PathBuf,
    class: &'static str,
}

impl Editor {
    /// Opens `text` in `command FILE`.
    pub(crate) async fn open(
        client: &DesktopClient,
        (command, class): (&str, &'static str),
        file: &Path,
        text: &str,
    ) -> Self {
        fs::write(file, text).unwrap();
        let window = open(client, &format!("{command} {}", file.display()), class).await;
        let file = file.to_owned();
        Self {
            window,
            file,
            class,
        }
    }

    /// Saves, and reads what was saved, which should become `expected`.
    pub(crate) async fn saved(&self, client: &DesktopClient, expected: &str) -> String {
        hotkey(client, "ctrl+s").await;
        let text = file_becomes(&self.file, expected).await;
        text.trim_end().to_owned()
    }

    /// Closes it and waits until its window is gone.
    pub(crate) async fn close(self, client: &DesktopClient) {
        hotkey(client, "ctrl+q").await;
        closed(client, self.class).await;
    }
}

/// Waits until no window of a class is there any more: the next one of it must
/// not be taken for this one.
pub(crate) async fn closed(client: &DesktopClient, class: &str) {
    let left = eventually(async || window(client, class).await, Option::is_none).await;
    assert!(left.is_none(), "{class} did not close");
}

/// A terminal in which `cat` writes what is typed to a file of the test.
pub(crate) struct Terminal {
    window: Window,
    file: PathBuf,
}

impl Terminal {
    pub(crate) async fn open(client: &DesktopClient, file: &Path) -> Self {
        let bare = "xfce4-terminal --disable-server --hide-menubar --hide-scrollbar";
        let command = format!("{bare} -x sh -c 'cat > {}'", file.display());
        let window = open(client, &command, "xfce4-terminal").await;
        // A terminal takes keys before its program reads them, but not before
        // that runs.
        let runs = eventually(async || file.exists(), |runs| *runs).await;
        assert!(
            runs,
            "nothing runs in the terminal; are there pseudo-terminals (/dev/pts)?"
        );
        let file = file.to_owned();
        Self { window, file }
    }

    /// The corner of its first character.
    pub(crate) fn corner(&self) -> Point {
        self.window.rect().corner()
    }

    /// Ends `cat`; answers what it read, which should become `expected`.
    pub(crate) async fn read(self, client: &DesktopClient, expected: &str) -> String {
        client
            .press_key(&Key::from_name("Return").unwrap())
            .await
            .unwrap();
        hotkey(client, "ctrl+d").await;
        let text = file_becomes(&self.file, expected).await;
        // One that has got other keys may have got no Ctrl+D either.
        if text.trim_end() == expected {
            closed(client, "xfce4-terminal").await;
        }
        fs::remove_file(&self.file).unwrap();
        text.trim_end().to_owned()
    }
}
