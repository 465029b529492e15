//! What testers do every day still passes: none of these may wait for something
//! that does not come, or fail for a caution that is out of place.

use crate::arrive::{passes, program, terminal};

/// Opens the window with all parts and waits for it.
fn parts() -> String {
    let file = program("window.py");
    format!("  - launch: /usr/bin/python3 {file}\n  - wait: {{ window: Parts }}\n")
}

#[test]
fn menus_and_their_entries_are_clicked() {
    let steps = parts()
        + "  - click: { text: Entries }
  - click: { text: Choose, in: { window: Parts } }
  - wait: { window: \"Parts: chosen\" }
";
    passes("xfce", &steps);
    passes("bare", &steps);
    let gtk = "  - launch: l3afpad
  - click: { text: Help }
  - click: { text: About }
  - wait: { window: /About/ }
  - press: Escape
  - wait: { window: /About/, gone: true }
  - type: still here
  - hotkey: ctrl+a
";
    passes("xfce", gtk);
}

#[test]
fn the_list_of_a_combobox_is_clicked() {
    let steps = parts()
        + "  - click: { text: Colour }
  - click: { text: Violet }
  - wait: { window: \"Parts: violet\" }
";
    passes("xfce", &steps);
}

#[test]
fn a_context_menu_counts_as_a_part_of_its_window() {
    let steps = "  - launch: l3afpad
  - wait: { window: /Untitled/, stable: 200ms }
  - type: some words
  - right-click: { position: [100, 100], in: { window: /Untitled/ } }
  - click: { text: Select All, in: { window: /Untitled/ } }
  - type: others
";
    passes("xfce", steps);
    passes("bare", steps);
}

#[test]
fn a_dialog_that_a_click_opens_is_answered() {
    let steps = parts()
        + "  - click: { text: Question }
  - click: { text: \"Yes\", in: { window: Question } }
  - wait: { window: \"Parts: answered yes\" }
  - click: { text: Question }
  - wait: { window: Question }
  - press: Tab
  - press: space
  - wait: { window: \"Parts: answered no\" }
";
    passes("xfce", &steps);
}

#[test]
fn a_click_may_close_its_window_and_keys_go_to_the_next() {
    let steps = format!(
        "{}{}  - click: {{ text: Other }}
  - wait: {{ window: Other, stable: 200ms, max-cluster: 3000 }}
  - click: {{ text: Shut }}
  - wait: {{ window: Other, gone: true }}
  - type: to somebody
",
        terminal(),
        parts()
    );
    passes("xfce", &steps);
    passes("bare", &steps);
}

#[test]
fn what_is_never_still_is_clicked_too() {
    let steps = parts()
        + "  - click: { position: \"50%,63%\", in: { window: Parts } }
  - wait: { window: \"Parts: caught\" }
";
    passes("xfce", &steps);
}

#[test]
fn the_panel_and_the_background_are_clicked() {
    let steps = "  - click: [40, 14]
  - wait: { text: /Settings/ }
  - press: Escape
  - click: [640, 600]
  - right-click: [640, 600]
  - press: Escape
";
    passes("xfce", steps);
}

#[test]
fn a_minimized_window_comes_back_by_its_entry_in_the_panel() {
    let steps = format!(
        "{}  - hotkey: alt+F9
  - wait: {{ stable: 300ms }}
  - click: [200, 14]
  - wait: {{ window: Terminal }}
  - click: {{ window: Terminal }}
  - type: back
",
        terminal()
    );
    passes("xfce", &steps);
}

#[test]
fn a_window_that_takes_no_keyboard_is_clicked_and_keys_go_on_where_they_went() {
    let steps = format!(
        "  - launch: xterm -geometry 60x20+20+100 -T Terminal -e sh -c 'cat >typed.txt'
  - wait: {{ window: Terminal }}
  - launch: bsh {}
  - wait: {{ window: Aloof 0 }}
  - click: {{ window: Terminal }}
  - click: {{ window: Aloof 0 }}
  - type: \"on\\n\"
  - wait: {{ window: Aloof 1 }}
  - run: {{ command: cat typed.txt, stdout: {{ equals: \"on\\n\" }} }}
    retry: {{ times: 20, pause: 100ms }}
",
        program("aloof.bsh")
    );
    passes("xfce", &steps);
}

#[test]
fn the_keyboard_may_follow_the_pointer() {
    let steps = format!(
        "  - run: xfconf-query -c xfwm4 -p /general/click_to_focus -s false
{}  - launch: /usr/bin/python3 {}
  - wait: {{ window: /Form/ }}
  - move: {{ window: Terminal }}
  - wait: {{ stable: 300ms }}
  - type: there
  - click: [890, 160]
  - type: here
  - wait: {{ window: \"Form: here / 0\" }}
",
        terminal(),
        program("form.py")
    );
    passes("xfce", &steps);
}

#[test]
fn windows_on_two_workspaces_come_and_go() {
    let steps = format!(
        "  - run: xfconf-query -c xfwm4 -p /general/workspace_count -s 2
{}  - hotkey: ctrl+alt+Right
  - wait: {{ stable: 300ms }}
{}  - hotkey: ctrl+alt+Left
  - wait: {{ window: Terminal }}
  - click: {{ window: Terminal }}
  - type: first
  - hotkey: ctrl+alt+Right
  - click: {{ text: Question }}
  - wait: {{ window: Question }}
",
        terminal(),
        parts()
    );
    passes("xfce", &steps);
}

#[test]
fn a_window_is_dragged_by_its_title_bar_and_closed_amid_keys() {
    let steps = format!(
        "{}  - drag: {{ from: [150, 115], to: [500, 400] }}
  - wait: {{ window: Terminal, stable: 200ms }}
  - click: [500, 500]
  - type: abc
  - hotkey: alt+F4
  - wait: {{ window: Terminal, gone: true }}
",
        terminal()
    );
    passes("xfce", &steps);
}

#[test]
fn a_window_is_maximized_and_made_whole_again() {
    let steps = format!(
        "{}  - double-click: [200, 115]
    expect-change: {{ within: 5s, max-cluster: 100000 }}
  - wait: {{ stable: 300ms }}
  - click: [1000, 700]
  - type: wide
  - hotkey: alt+F10
    expect-change: {{ within: 5s, max-cluster: 100000 }}
  - wait: {{ stable: 300ms }}
  - click: {{ window: Terminal }}
  - type: small
",
        terminal()
    );
    passes("xfce", &steps);
}

#[test]
fn keys_of_the_window_manager_are_pressed_on_an_empty_desktop() {
    passes(
        "xfce",
        "  - hotkey: alt+F1\n  - wait: { text: /Settings/ }\n  - press: Escape\n",
    );
}
