//! Frames with their times, as ffmpeg reads them from a pipe: Matroska (RFC 9559) with uncompressed
//! video. Only the few elements that ffmpeg needs are written.

use std::time::Duration;

use crate::geometry::Size;

/// What all pictures have in common, before the first of them.
pub(super) fn head(size: Size) -> Vec<u8> {
    let ebml = [
        element(&[0x42, 0x82], b"matroska"),
        element(&[0x42, 0x87], &number(4)),
        element(&[0x42, 0x85], &number(2)),
    ];
    // Times are microseconds.
    let info = element(&[0x2a, 0xd7, 0xb1], &number(1000));
    let video = [
        element(&[0xb0], &number(size.width.into())),
        element(&[0xba], &number(size.height.into())),
        element(&[0x2e, 0xb5, 0x24], b"BGR\0"),
    ];
    let track = [
        element(&[0xd7], &number(1)),
        element(&[0x73, 0xc5], &number(1)),
        element(&[0x83], &number(1)),
        element(&[0x86], b"V_UNCOMPRESSED"),
        element(&[0xe0], &video.concat()),
    ];
    let tracks = element(&[0xae], &track.concat());
    [
        element(&[0x1a, 0x45, 0xdf, 0xa3], &ebml.concat()),
        // A segment of unknown size.
        vec![
            0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255,
        ],
        element(&[0x15, 0x49, 0xa9, 0x66], &info),
        element(&[0x16, 0x54, 0xae, 0x6b], &tracks),
    ]
    .concat()
}

/// What precedes the pixels of a picture that is `length` bytes long.
pub(super) fn before(time: Duration, length: usize) -> Vec<u8> {
    /// The track, no time beside that of the cluster, and that it needs no other picture.
    const BLOCK: [u8; 4] = [0x81, 0, 0, 0x80];
    let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let time = element(&[0xe7], &number(time));
    let block = [&[0xa3][..], &size_of(BLOCK.len() + length), &BLOCK].concat();
    let cluster = size_of(time.len() + block.len() + length);
    [&[0x1f, 0x43, 0xb6, 0x75][..], &cluster, &time, &block].concat()
}

fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    [id, &size_of(content.len()), content].concat()
}

fn number(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

/// A size in eight bytes, the first of which says that.
fn size_of(length: usize) -> [u8; 8] {
    (1 << 56 | length as u64).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_picture_says_its_time_and_how_long_it_is() {
        let before = before(Duration::from_millis(33), 1000);
        let (cluster, rest) = before.split_at(12);
        assert_eq!(cluster[..4], [0x1f, 0x43, 0xb6, 0x75]);
        assert_eq!(cluster[4..], size_of(rest.len() + 1000));
        let (time, block) = rest.split_at(17);
        assert_eq!(time, element(&[0xe7], &33_000_u64.to_be_bytes()));
        assert_eq!(block[1..9], size_of(4 + 1000));
        assert_eq!(block.len(), 13);
    }
}
