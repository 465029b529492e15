//! How long a video is, as its MP4 file says (ISO/IEC 14496-12).
//!
//! Only the boxes that hold times are read. A file that was written in one piece
//! has its length in `mvhd`; one that was written in fragments, as a recording
//! that broke, has that of each fragment in its `moof`.

use std::{collections::BTreeMap, time::Duration};

/// The length of a video; `None` if it is not an MP4 file.
pub(super) fn length(file: &[u8]) -> Option<Duration> {
    if file.is_empty() {
        return Some(Duration::ZERO);
    }
    if file.get(4..8) != Some(b"ftyp") {
        return None;
    }
    let (mut whole, mut tracks) = (0.0, BTreeMap::new());
    for (kind, body) in boxes(file) {
        match &kind {
            b"moov" => whole = movie(body, &mut tracks),
            b"moof" => fragment(body, &mut tracks),
            _ => {}
        }
    }
    let seconds = |track: &Track| seconds(track.length, track.scale);
    let longest = tracks.values().map(seconds).fold(whole, f64::max);
    Duration::try_from_secs_f64(longest).ok()
}

/// What fragments add to.
#[derive(Default)]
struct Track {
    /// How many units of its times a second has.
    scale: u32,
    /// What a sample takes that does not say it.
    sample: u32,
    length: u64,
}

/// The length in `moov`, in seconds, and the tracks that it announces.
fn movie(body: &[u8], tracks: &mut BTreeMap<u32, Track>) -> f64 {
    let mut whole = 0.0;
    for (kind, body) in boxes(body) {
        match &kind {
            b"mvhd" => {
                let (scale, length) = times(body).unwrap_or_default();
                whole = seconds(length, scale);
            }
            b"trak" => {
                if let Some((id, scale)) = track(body) {
                    tracks.entry(id).or_default().scale = scale;
                }
            }
            b"mvex" => {
                for (_, body) in boxes(body).filter(|(kind, _)| kind == b"trex") {
                    if let (Some(id), Some(sample)) = (number(body, 4), number(body, 12)) {
                        tracks.entry(id).or_default().sample = sample;
                    }
                }
            }
            _ => {}
        }
    }
    whole
}

/// The id and the scale of a `trak`.
fn track(body: &[u8]) -> Option<(u32, u32)> {
    let header = child(body, *b"tkhd")?;
    let id = number(header, if header.first() == Some(&1) { 20 } else { 12 })?;
    let (scale, _) = times(child(child(body, *b"mdia")?, *b"mdhd")?)?;
    Some((id, scale))
}

/// The scale and the length of an `mvhd` or `mdhd`.
fn times(body: &[u8]) -> Option<(u32, u64)> {
    if body.first() == Some(&1) {
        let high = u64::from(number(body, 24)?);
        return Some((number(body, 20)?, high << 32 | u64::from(number(body, 28)?)));
    }
    Some((number(body, 12)?, number(body, 16)?.into()))
}

/// Adds the samples of a `moof` to their tracks.
fn fragment(body: &[u8], tracks: &mut BTreeMap<u32, Track>) {
    for (_, run) in boxes(body).filter(|(kind, _)| kind == b"traf") {
        let header = child(run, *b"tfhd");
        let id = header.and_then(|header| number(header, 4));
        let (Some(header), Some(id)) = (header, id) else {
            continue;
        };
        let track = tracks.entry(id).or_default();
        let sample = sample_of(header).unwrap_or(track.sample);
        let runs = boxes(run).filter(|(kind, _)| kind == b"trun");
        let lengths = runs.map(|(_, run)| samples(run, sample));
        track.length += lengths.sum::<u64>();
    }
}

/// What a sample takes by the `tfhd`, which may have other fields before it.
fn sample_of(header: &[u8]) -> Option<u32> {
    let flags = number(header, 0)?;
    let before = if flags & 1 == 0 { 0 } else { 8 } + if flags & 2 == 0 { 0 } else { 4 };
    (flags & 8 != 0).then(|| number(header, 8 + before))?
}

/// What all samples of a `trun` take.
fn samples(run: &[u8], sample: u32) -> u64 {
    let (Some(flags), Some(count)) = (number(run, 0), number(run, 4)) else {
        return 0;
    };
    if flags & 0x100 == 0 {
        return u64::from(count) * u64::from(sample);
    }
    let first = 8 + if flags & 1 == 0 { 0 } else { 4 } + if flags & 4 == 0 { 0 } else { 4 };
    let fields = (flags & 0xf00).count_ones() as usize;
    let each = run
        .get(first..)
        .unwrap_or_default()
        .chunks_exact(4 * fields);
    let all = each.take(count as usize);
    all.filter_map(|fields| number(fields, 0))
        .map(u64::from)
        .sum()
}

fn seconds(length: u64, scale: u32) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no video lasts 2^52 units")]
    let length = length as f64;
    if scale == 0 {
        0.0
    } else {
        length / f64::from(scale)
    }
}

/// The first box of a kind.
fn child(body: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    boxes(body)
        .find(|(found, _)| *found == kind)
        .map(|(_, body)| body)
}

/// The boxes that stand beside each other, with what is in them. The last one
/// may be cut off.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let kind = bytes.get(4..8)?.try_into().ok()?;
        let (head, size) = match number(bytes, 0)? {
            0 => (8, bytes.len()),
            1 => {
                let size = u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?);
                (16, usize::try_from(size).unwrap_or(usize::MAX))
            }
            size => (8, size as usize),
        };
        let end = size.clamp(head, bytes.len().max(head));
        let body = bytes.get(head..end)?;
        bytes = &bytes[end..];
        Some((kind, body))
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_box(kind: [u8; 4], bodies: &[&[u8]]) -> Vec<u8> {
        let body = bodies.concat();
        let size = u32::try_from(8 + body.len()).unwrap();
        [&size.to_be_bytes()[..], &kind, &body].concat()
    }

    fn words(numbers: &[u32]) -> Vec<u8> {
        numbers
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect()
    }

    fn ftyp() -> Vec<u8> {
        a_box(*b"ftyp", &[b"isom"])
    }

    #[test]
    fn a_video_in_one_piece_has_its_length_in_its_head() {
        let mvhd = a_box(*b"mvhd", &[&words(&[0, 0, 0, 1000, 2500])]);
        let long = a_box(*b"mvhd", &[&words(&[1 << 24, 0, 0, 0, 0, 10, 0, 25])]);
        for head in [mvhd, long] {
            let file = [ftyp(), a_box(*b"mdat", &[b"x"]), a_box(*b"moov", &[&head])].concat();
            assert_eq!(length(&file), Some(Duration::from_millis(2500)));
        }
    }

    #[test]
    fn a_video_in_fragments_is_as_long_as_all_of_them() {
        let tkhd = a_box(*b"tkhd", &[&words(&[0, 0, 0, 7])]);
        let times = a_box(*b"mdhd", &[&words(&[0, 0, 0, 12, 0])]);
        let trak = a_box(*b"trak", &[&tkhd, &a_box(*b"mdia", &[&times])]);
        let mvex = a_box(*b"mvex", &[&a_box(*b"trex", &[&words(&[0, 7, 1, 2])])]);
        let head = a_box(*b"mvhd", &[&words(&[0, 0, 0, 1000, 0])]);
        let head = [ftyp(), a_box(*b"moov", &[&head, &trak, &mvex])].concat();
        assert_eq!(length(&head), Some(Duration::ZERO));
        let moof = |tfhd: &[u32], trun: &[u32]| {
            let parts = [
                a_box(*b"tfhd", &[&words(tfhd)]),
                a_box(*b"trun", &[&words(trun)]),
            ];
            a_box(*b"moof", &[&a_box(*b"traf", &[&parts.concat()])])
        };
        // Twelve samples as the track says, six as the fragment says, and two
        // that say it themselves, each with its size after it.
        let fragments = [
            moof(&[0, 7], &[0, 12]),
            moof(&[0xa, 7, 1, 1], &[0, 6]),
            moof(&[0, 7], &[0x301, 2, 0, 3, 900, 3, 900]),
        ];
        let mut file = [head, fragments.concat()].concat();
        assert_eq!(length(&file), Some(Duration::from_secs(3)));
        file.extend(b"\0\0\x10\0mdat");
        assert_eq!(length(&file), Some(Duration::from_secs(3)));
    }

    #[test]
    fn what_is_no_video_has_no_length() {
        assert_eq!(length(b"a video of nothing"), None);
        assert_eq!(length(b""), Some(Duration::ZERO));
    }
}
