//! What a desktop in memory refuses that has the protocol and nothing else.

use super::{operation::OPERATIONS, *};

/// Asks for the operation of this name.
async fn ask(desktop: &MemoryDesktop, id: &str) -> Result<()> {
    let nothing = Duration::ZERO;
    let holding = Holding {
        keys: Vec::new(),
        button: Some(Button::Left),
        at: None,
        down: true,
    };
    match id {
        "hold" => desktop.hold(&holding).await.map(drop),
        "recorded_frames" => desktop.recorded_frames("rec_1").await.map(drop),
        "execute" => desktop.execute(&ExecuteRequest::default()).await.map(drop),
        "read_file" => desktop.read_file("a").await.map(drop),
        "write_file" => desktop.write_file("a", b"b").await,
        "read_clipboard" => desktop.read_clipboard(Clipboard::Copied).await.map(drop),
        "write_clipboard" => desktop.write_clipboard(Clipboard::Copied, "a").await,
        "stack" => desktop.stack(None).await.map(drop),
        "calm" => desktop.calm(None).await.map(drop),
        "damage" => desktop.damage(None, None, nothing).await.map(drop),
        "frame" => desktop.frame(None).await.map(drop),
        "arrange_window" => {
            let wanted = Arrangement::default();
            desktop
                .arrange_window("0x2", &wanted, nothing)
                .await
                .map(drop)
        }
        "widgets" => desktop.widgets(&Scope::All).await.map(drop),
        "find_widgets" => desktop
            .find_widgets(&WidgetQuery::default())
            .await
            .map(drop),
        "reveal_widget" => desktop.reveal_widget("a").await.map(drop),
        other => panic!("`{other}` is not asked for here: add it"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_plain_desktop_refuses_every_operation_of_an_extension() {
    let desktop = MemoryDesktop::new(Size::new(640, 480)).plain();
    for operation in OPERATIONS {
        let Some(Extension { name, what }) = operation.extension else {
            continue;
        };
        let error = ask(&desktop, operation.id).await.expect_err(operation.id);
        let DesktopError::Unsupported {
            what: refused,
            extension,
        } = error
        else {
            panic!("{operation}: {error}");
        };
        assert_eq!((refused, extension), (what, name), "{operation}");
    }
    let clean = desktop.start_clean_recording(30).await.unwrap_err();
    assert!(matches!(clean, DesktopError::Unsupported { .. }), "{clean}");
    assert!(desktop.actions().is_empty());
}
