//! The bounds of the protocol, with which arguments are checked before anything is sent.

use std::{fmt::Display, ops::RangeInclusive, time::Duration};

use super::{
    DesktopError, Result,
    wire::{
        Arrangement, CreateSandbox, Holding, ImageFormat, ListSandboxes, PROCESSES,
        PresignedUrlRequest, SandboxState, WidgetQuery, limits,
    },
};
use crate::{
    geometry::{Point, Rect, Size},
    input::Key,
    pattern::Pattern,
    widget::Wanted,
};

fn wrong(field: &'static str, problem: String) -> Result<()> {
    Err(DesktopError::Argument { field, problem })
}

fn between<N>(field: &'static str, value: N, bounds: RangeInclusive<N>) -> Result<()>
where
    N: Copy + Display + PartialOrd,
{
    if bounds.contains(&value) {
        return Ok(());
    }
    let (least, most) = bounds.into_inner();
    wrong(field, format!("is {value}; it must be {least} to {most}"))
}

fn if_given<N>(field: &'static str, value: Option<N>, bounds: RangeInclusive<N>) -> Result<()>
where
    N: Copy + Display + PartialOrd,
{
    value.map_or(Ok(()), |value| between(field, value, bounds))
}

/// A place of the screen, by the names of its fields.
pub(super) fn place(x: &'static str, y: &'static str, at: Point) -> Result<()> {
    between(x, at.x, limits::COORDINATE)?;
    between(y, at.y, limits::COORDINATE)
}

/// A place of the screen.
pub(super) fn point(at: Point) -> Result<()> {
    place("x", "y", at)
}

/// A part of the screen that has at least one pixel.
pub(super) fn region(region: Rect) -> Result<()> {
    point(region.corner())?;
    for (side, length) in [("width", region.width), ("height", region.height)] {
        if length == 0 {
            return wrong(side, "is 0; it must be at least 1".to_owned());
        }
    }
    Ok(())
}

/// How long a call may wait for something to be drawn.
pub(super) fn wait(wait: Duration) -> Result<()> {
    if wait <= limits::WAIT {
        return Ok(());
    }
    let (asked, most) = (wait.as_secs_f32(), limits::WAIT.as_secs());
    wrong("wait", format!("is {asked} s; it must be at most {most} s"))
}

/// The quality of a JPEG.
pub(super) fn format(format: ImageFormat) -> Result<()> {
    match format {
        ImageFormat::Png => Ok(()),
        ImageFormat::Jpeg { quality } => if_given("quality", quality, limits::QUALITY),
    }
}

/// The size of a screen.
pub(super) fn screen(size: Size) -> Result<()> {
    between("width", size.width, limits::WIDTH)?;
    between("height", size.height, limits::HEIGHT)
}

/// What is asked of a window.
pub(super) fn arrangement(wanted: &Arrangement) -> Result<()> {
    if_given("x", wanted.x, limits::WINDOW_PLACE)?;
    if_given("y", wanted.y, limits::WINDOW_PLACE)?;
    if_given("width", wanted.width, limits::SIDE)?;
    if_given("height", wanted.height, limits::SIDE)
}

/// The notches of the wheel.
pub(super) fn amount(amount: u32) -> Result<()> {
    between("amount", amount, limits::NOTCHES)
}

/// The maximum number of frames per second of a clean recording.
pub(super) fn frame_rate(rate: u32) -> Result<()> {
    if limits::FRAME_RATES.contains(&rate) {
        return Ok(());
    }
    let [usual, more] = limits::FRAME_RATES;
    wrong(
        "frame_rate",
        format!("is {rate}; it must be {usual} or {more}"),
    )
}

/// The keys that are held during a click: few, and each once.
pub(super) fn held(keys: &[Key]) -> Result<()> {
    few("modifiers", keys)
}

fn few(field: &'static str, keys: &[Key]) -> Result<()> {
    if keys.len() > limits::HELD_KEYS {
        let count = keys.len();
        return wrong(
            field,
            format!(
                "has {count} keys; at most {} can be held down",
                limits::HELD_KEYS
            ),
        );
    }
    let twice = (1..keys.len()).find(|&index| keys[..index].contains(&keys[index]));
    twice.map_or(Ok(()), |index| {
        wrong(field, format!("contains `{}` twice", keys[index]))
    })
}

/// What is held down: something, at a place of the screen.
pub(super) fn holding(holding: &Holding) -> Result<()> {
    if holding.keys.is_empty() && holding.button.is_none() {
        return wrong("keys", "is empty, and there is no `button`".to_owned());
    }
    if let Some(at) = holding.at {
        point(at)?;
    }
    few("keys", &holding.keys)
}

/// What is typed at once.
pub(super) fn text(text: &str) -> Result<()> {
    let count = text.chars().count();
    if count <= limits::TEXT {
        return Ok(());
    }
    wrong(
        "text",
        format!(
            "has {count} characters; at most {} can be typed at once",
            limits::TEXT
        ),
    )
}

/// The name of a managed process.
pub(super) fn process(name: &str) -> Result<()> {
    if PROCESSES.contains(&name) {
        return Ok(());
    }
    let all = PROCESSES.join("`, `");
    wrong("name", format!("is `{name}`; the processes are `{all}`"))
}

/// The id of a recording or a sandbox, which becomes a part of a URL.
pub(super) fn id(field: &'static str, id: &str) -> Result<()> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !id.is_empty() && id.bytes().all(fits) {
        return Ok(());
    }
    wrong(
        field,
        format!("is `{id}`; it must be ASCII letters, digits, `_` and `-`"),
    )
}

/// A new sandbox.
pub(super) fn create(wanted: &CreateSandbox) -> Result<()> {
    let length = wanted.template_name.chars().count();
    if !limits::TEMPLATE.contains(&length) {
        let (least, most) = limits::TEMPLATE.into_inner();
        return wrong(
            "template_name",
            format!("has {length} characters; it must have {least} to {most}"),
        );
    }
    if_given("vcpu", wanted.vcpu, limits::VCPU)?;
    if_given("memory", wanted.memory, limits::MEMORY)?;
    if let Some(odd) = wanted.memory.filter(|memory| memory % 2 == 1) {
        return wrong("memory", format!("is {odd}; it must be even"));
    }
    if_given("timeout", wanted.timeout, limits::LIFETIME)
}

/// The sandboxes that are asked for.
pub(super) fn list(wanted: &ListSandboxes) -> Result<()> {
    if wanted.state == Some(SandboxState::Other) {
        return wrong("state", "is not a sandbox state".to_owned());
    }
    if wanted.page == Some(0) {
        return wrong("page", "is 0; it must be at least 1".to_owned());
    }
    if_given("page-size", wanted.page_size, limits::PAGE_SIZE)
}

/// An address that needs no key.
pub(super) fn presigned_url(wanted: &PresignedUrlRequest) -> Result<()> {
    between("port", wanted.port, limits::PORT)?;
    if wanted.expires_in == Some(0) {
        return wrong("expires_in", "is 0; it must be at least 1".to_owned());
    }
    Ok(())
}

/// A path in a sandbox.
pub(super) fn path(path: &str) -> Result<()> {
    if path.is_empty() || path.contains('\0') {
        return wrong("path", "must be the path of a file".to_owned());
    }
    Ok(())
}

/// The content of a file in a sandbox.
pub(super) fn upload(bytes: &[u8]) -> Result<()> {
    content(bytes, limits::SANDBOX_FILE)
}

/// What a widget is looked for by, with its patterns read.
pub(super) fn widget(query: &WidgetQuery) -> Result<Wanted> {
    let pattern = |field, text: &Option<String>| {
        let Some(text) = text else {
            return Ok(None);
        };
        let (length, most) = (text.chars().count(), limits::WIDGET_TEXT);
        let problem = if length > most {
            format!("has {length} characters; it must have at most {most}")
        } else {
            match Pattern::parse(text) {
                Ok(pattern) => return Ok(Some(pattern)),
                Err(reason) => format!("is not a valid regular expression: {reason}"),
            }
        };
        Err(DesktopError::Argument { field, problem })
    };
    Ok(Wanted {
        role: query.role,
        name: pattern("name", &query.name)?,
        value: pattern("value", &query.value)?,
        states: query.states,
    })
}

/// A text for a clipboard.
pub(super) fn clipboard(text: &str) -> Result<()> {
    let (size, most) = (text.len(), limits::CLIPBOARD);
    if size <= most {
        return Ok(());
    }
    let problem = format!("has {size} bytes; a clipboard takes at most {most}");
    wrong("text", problem)
}

/// The content of a file of a desktop.
pub(super) fn file(bytes: &[u8]) -> Result<()> {
    content(bytes, limits::FILE)
}

fn content(bytes: &[u8], most: usize) -> Result<()> {
    let size = bytes.len();
    if size <= most {
        return Ok(());
    }
    wrong(
        "bytes",
        format!("has {size} bytes; a request carries at most {most}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The field that is out of bounds, or nothing.
    fn field(result: Result<()>) -> &'static str {
        match result {
            Ok(()) => "",
            Err(DesktopError::Argument { field, .. }) => field,
            Err(other) => panic!("{other}"),
        }
    }

    fn keys(names: &str) -> Vec<Key> {
        let key = |name| Key::from_name(name).expect(name);
        names.split(' ').map(key).collect()
    }

    fn jpeg(quality: u8) -> ImageFormat {
        let quality = Some(quality);
        ImageFormat::Jpeg { quality }
    }

    fn sandbox(change: impl Fn(&mut CreateSandbox)) -> Result<()> {
        let mut wanted = CreateSandbox::desktop();
        change(&mut wanted);
        create(&wanted)
    }

    #[test]
    fn the_bounds_are_those_of_the_protocol() {
        let drag = |x, y| place("from_x", "from_y", Point::new(x, y));
        let table = [
            (point(Point::new(0, 0)), ""),
            (point(Point::new(32_767, 32_767)), ""),
            (point(Point::new(-1, 0)), "x"),
            (point(Point::new(0, 32_768)), "y"),
            (drag(32_768, 0), "from_x"),
            (drag(0, -1), "from_y"),
            (region(Rect::new(0, 0, 1, 1)), ""),
            (region(Rect::new(-1, 0, 1, 1)), "x"),
            (region(Rect::new(0, 0, 0, 1)), "width"),
            (region(Rect::new(0, 0, 1, 0)), "height"),
            (format(ImageFormat::Png), ""),
            (format(ImageFormat::Jpeg { quality: None }), ""),
            (format(jpeg(0)), "quality"),
            (format(jpeg(1)), ""),
            (format(jpeg(100)), ""),
            (format(jpeg(101)), "quality"),
            (screen(Size::new(320, 320)), ""),
            (screen(Size::new(7680, 4320)), ""),
            (screen(Size::new(319, 320)), "width"),
            (screen(Size::new(320, 4321)), "height"),
            (amount(0), "amount"),
            (amount(1), ""),
            (amount(100), ""),
            (amount(101), "amount"),
            (text(&"ü".repeat(50_000)), ""),
            (text(&"ü".repeat(50_001)), "text"),
            (process("novnc"), ""),
            (process("Xvfb"), "name"),
            (process(""), "name"),
            (id("id", "rec_1-A"), ""),
            (id("id", ""), "id"),
            (id("id", "../x"), "id"),
            (id("id", "ü"), "id"),
            (held(&keys("shift ctrl alt super")), ""),
            (held(&keys("shift ctrl alt super a")), "modifiers"),
            (held(&keys("shift Shift_L")), "modifiers"),
            (path("/tmp/a b"), ""),
            (path(""), "path"),
        ];
        for (row, (result, expected)) in table.into_iter().enumerate() {
            assert_eq!(field(result), expected, "row {row}");
        }
    }

    #[test]
    fn the_bounds_of_a_sandbox_are_those_of_the_service() {
        let named = |length| sandbox(|s| s.template_name = "x".repeat(length));
        let table = [
            (sandbox(|_| ()), ""),
            (named(64), ""),
            (named(0), "template_name"),
            (named(65), "template_name"),
            (sandbox(|s| s.vcpu = Some(0)), "vcpu"),
            (sandbox(|s| s.vcpu = Some(8)), ""),
            (sandbox(|s| s.vcpu = Some(9)), "vcpu"),
            (sandbox(|s| s.memory = Some(510)), "memory"),
            (sandbox(|s| s.memory = Some(513)), "memory"),
            (sandbox(|s| s.memory = Some(8192)), ""),
            (sandbox(|s| s.timeout = Some(0)), "timeout"),
            (sandbox(|s| s.timeout = Some(28_800)), ""),
            (sandbox(|s| s.timeout = Some(28_801)), "timeout"),
        ];
        for (row, (result, expected)) in table.into_iter().enumerate() {
            assert_eq!(field(result), expected, "row {row}");
        }
    }
}
