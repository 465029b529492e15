//! What is said of windows, without an X server.

use super::*;

fn about(hidden: Option<HiddenBy>, workspace: Option<u32>) -> About {
    About {
        title: String::new(),
        transient_for: None,
        workspace,
        hidden,
        background: false,
    }
}

#[test]
fn a_hidden_window_of_another_workspace_is_hidden_by_that() {
    let minimized = Some(HiddenBy::Minimized);
    for (workspace, current, why) in [
        (Some(1), Some(0), HiddenBy::Workspace),
        (Some(0), Some(0), HiddenBy::Minimized),
        (Some(ALL_WORKSPACES), Some(0), HiddenBy::Minimized),
        (None, Some(0), HiddenBy::Minimized),
        (Some(1), None, HiddenBy::Minimized),
    ] {
        let told = why_hidden(&about(minimized, workspace), current);
        assert_eq!(told, Some(why), "{workspace:?} {current:?}");
    }
    // What is shown is shown, wherever it says that it is.
    assert_eq!(why_hidden(&about(None, Some(1)), Some(0)), None);
}

#[test]
fn a_shape_is_told_where_it_is_and_one_of_too_many_pieces_as_a_whole() {
    let piece = |x, y| Rectangle {
        x,
        y,
        width: 2,
        height: 3,
    };
    let corner = Point::new(100, 50);
    let shape = placed(vec![piece(0, 0), piece(-5, 7)], corner);
    assert_eq!(shape, [Rect::new(100, 50, 2, 3), Rect::new(95, 57, 2, 3)]);
    let pieces = (0..=4096).map(|x| piece(x, 0)).collect();
    assert_eq!(placed(pieces, corner), [Rect::new(100, 50, 4098, 3)]);
}

#[test]
fn a_window_has_the_number_that_other_programs_show() {
    assert_eq!(name(0x40_0007), "0x00400007");
}
