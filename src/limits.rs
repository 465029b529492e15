//! The bounds of the desktop API, each written once.
//!
//! They are in the lowest layer, because the language promises some of them too. Users of the API
//! read them as [`desktop::wire::limits`], next to the types that they are about.
//!
//! [`desktop::wire::limits`]: crate::desktop::wire::limits

use std::{ops::RangeInclusive, time::Duration};

/// How wide a screen can be, in pixels.
pub const WIDTH: RangeInclusive<u32> = 320..=7680;

/// How high a screen can be, in pixels.
pub const HEIGHT: RangeInclusive<u32> = 320..=4320;

/// A coordinate on a screen: X11's have 16 bits, and none is negative.
pub const COORDINATE: RangeInclusive<i32> = 0..=32_767;

/// A coordinate of a window, which may begin left of the screen or above it.
pub const WINDOW_PLACE: RangeInclusive<i32> = -32_768..=*COORDINATE.end();

/// A side of a window or of a region of a screen, in pixels.
pub const SIDE: RangeInclusive<u32> = 1..=COORDINATE.end().unsigned_abs();

/// The quality of a JPEG.
pub const QUALITY: RangeInclusive<u8> = 1..=100;

/// The quality of a JPEG unless the request says otherwise.
pub const USUAL_QUALITY: u8 = 80;

/// The numbers of the pointer's buttons.
pub const BUTTON: RangeInclusive<u8> = 1..=3;

/// The notches by which the wheel is turned at once.
pub const NOTCHES: RangeInclusive<u32> = 1..=100;

/// The most keys that are held during a click or a drag.
pub const HELD_KEYS: usize = 4;

/// The keys that are pressed together.
pub const CHORD: RangeInclusive<usize> = 1..=10;

/// The maximum number of frames per second of a clean recording: one of these.
pub const FRAME_RATES: [u32; 2] = [30, 60];

/// The longest text that is typed at once, in characters.
pub const TEXT: usize = 50_000;

/// The longest text of a clipboard, in bytes of UTF-8.
pub const CLIPBOARD: usize = 1 << 20;

/// How many widgets one search returns.
pub const WIDGETS: usize = 1000;

/// The maximum number of widgets that are read from one window.
pub const WIDGETS_OF_A_WINDOW: usize = 20_000;

/// How many of the nearest widgets are listed if a search finds nothing.
pub const NEAR_WIDGETS: usize = 10;

/// The longest text by which a widget is looked for, in characters.
pub const WIDGET_TEXT: usize = 1000;

/// The longest wait for something to be drawn.
pub const WAIT: Duration = Duration::from_secs(60);

/// How long a command may run, in seconds.
pub const COMMAND: RangeInclusive<u64> = 1..=86_400;

/// How long a command may run unless the request says otherwise, in seconds.
pub const USUAL_COMMAND: u64 = 30;

/// The largest JSON of an answer, in bytes.
pub const ANSWER: usize = 10 << 20;

/// The largest file of a desktop, picture or video, in bytes.
pub const FILE: usize = 64 << 20;

/// The largest file of a sandbox, in bytes: what a request to the hosted service
/// may carry.
pub const SANDBOX_FILE: usize = 10 << 20;

/// The most files of one request about a sandbox.
pub const FILES: usize = 1000;

/// The most edits of a file in one request.
pub const EDITS: usize = 1000;

/// The levels of a tree of folders: readers of JSON refuse what is much deeper.
pub const TREE_DEPTH: RangeInclusive<usize> = 1..=60;

/// The most glob patterns of one request.
pub const PATTERNS: usize = 100;

/// The longest glob pattern, in bytes.
pub const PATTERN: usize = 4096;

/// The length of the name of a template of sandboxes, in characters.
pub const TEMPLATE: RangeInclusive<usize> = 1..=64;

/// The virtual processors of a sandbox.
pub const VCPU: RangeInclusive<u32> = 1..=8;

/// The memory of a sandbox in MiB, which is even.
pub const MEMORY: RangeInclusive<u32> = 512..=8192;

/// How long a sandbox lives, in seconds.
pub const LIFETIME: RangeInclusive<u32> = 1..=28_800;

/// The pages of a list of sandboxes.
pub const PAGE: RangeInclusive<u32> = 1..=1_000_000;

/// The sandboxes on a page.
pub const PAGE_SIZE: RangeInclusive<u32> = 1..=100;

/// A port of a sandbox.
pub const PORT: RangeInclusive<u16> = 1..=u16::MAX;

/// How long an address needs no key, in seconds: up to a year.
pub const OPENED: RangeInclusive<u64> = 1..=365 * 24 * 3600;

/// A count that JSON of every client can carry.
pub const COUNT: RangeInclusive<u64> = 0..=i64::MAX.unsigned_abs();
