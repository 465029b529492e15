use super::*;
use crate::vision::Needle;

/// A chunk with its right checksum.
fn chunk(name: [u8; 4], bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    let sum = crc32fast::hash(&[&name, bytes].concat()).to_be_bytes();
    [&length, &name, bytes, &sum].concat()
}

/// A header of two by two pixels.
fn header(depth: u8, colours: u8, methods: [u8; 3]) -> Vec<u8> {
    let sides = [0, 0, 0, 2, 0, 0, 0, 2];
    chunk(
        *b"IHDR",
        &[&sides[..], &[depth, colours], &methods].concat(),
    )
}

/// Four pixels of 8 bits in each of three channels.
fn pixels() -> Vec<u8> {
    let rows = [0, 1, 2, 3, 4, 5, 6, 2, 1, 1, 1, 1, 1, 1];
    chunk(*b"IDAT", &fdeflate::compress_to_vec(&rows))
}

fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    let end = chunk(*b"IEND", &[]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat(), end].concat()
}

fn refusal(data: &[u8]) -> String {
    Frame::decode_png(data).expect_err("no picture").to_string()
}

#[test]
fn a_frame_survives_its_file() {
    let pixels = (0..64_u32 * 48 * 3)
        .map(|n| u8::try_from(n * 7 % 251).unwrap())
        .collect();
    let frame = Frame::new(Size::new(64, 48), pixels).unwrap();
    assert_eq!(Frame::decode_png(&frame.encode_png()), Ok(frame));
}

#[test]
fn frames_of_every_shape_are_written_so_that_any_reader_reads_them() {
    let shapes = [(1, 1), (1, 900), (2000, 1), (3, 2), (641, 479), (1440, 900)];
    for (width, height) in shapes {
        let size = Size::new(width, height);
        let mut seed = 1_u32;
        let noise = (0..size.area() * 3).map(|n| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Even parts, stripes and noise.
            match n / 5000 % 3 {
                0 => 200,
                1 => u8::from(n % 7 < 3) * 90,
                _ => seed.to_be_bytes()[0],
            }
        });
        let frame = Frame::new(size, noise.collect()).unwrap();
        let file = frame.encode_png();
        assert_eq!(Frame::decode_png(&file), Ok(frame.clone()), "{size}");
        let mut decoder = Decoder::new(Cursor::new(&file));
        decoder.ignore_checksums(false);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert!(pixels == frame.bytes(), "{size}, by another reader");
    }
}

#[test]
fn grey_and_transparent_pictures_become_red_green_blue() {
    let encode = |colours, data: &[u8]| {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 2, 1);
        encoder.set_color(colours);
        encoder
            .write_header()
            .unwrap()
            .write_image_data(data)
            .unwrap();
        Frame::decode_png(&file).unwrap().bytes().to_vec()
    };
    assert_eq!(encode(ColorType::Grayscale, &[7, 9]), [7, 7, 7, 9, 9, 9]);
    assert_eq!(
        encode(ColorType::Rgba, &[1, 2, 3, 255, 1, 2, 3, 0]),
        [1, 2, 3, 255, 255, 255]
    );
}

#[test]
fn what_is_cut_off_is_refused_wherever_it_ends() {
    let whole = file(&[header(8, 2, [0; 3]), pixels()]);
    // Behind the pixels stands an empty chunk of 12 bytes, the last of a PNG; its
    // length and its name tell that the pixels are all there.
    for length in 0..whole.len() - 4 {
        assert!(Frame::decode_png(&whole[..length]).is_err(), "{length}");
    }
    assert!(Frame::decode_png(&whole).is_ok());
}

#[test]
fn a_picture_that_claims_to_be_huge_takes_no_memory() {
    let claim = |width: u32, height: u32| {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        let header = chunk(*b"IHDR", &[&sides[..], &[8, 2, 0, 0, 0]].concat());
        refusal(&file(&[header, pixels()]))
    };
    assert_eq!(
        claim(0x7fff_ffff, 0x7fff_ffff),
        "is too large: it has 2147483647x2147483647 pixels, but at most 67,108,864 (8192x8192) are allowed; cut out the part that matters"
    );
    assert_eq!(
        claim(8192, 8192),
        "is damaged: its pixels cannot be decompressed, or are fewer than 8192x8192; copy or download \
         it again"
    );
    assert_eq!(
        refusal(&vec![0; MAX_FILE + 1]),
        "is too large: its file has more than 128 MiB; cut out the part that matters"
    );
}

#[test]
fn what_is_packed_beside_the_pixels_is_not_unpacked() {
    // 300 MiB of zeros in some hundred kilobytes.
    let zeros = vec![0; 4 << 20];
    let mut packer = fdeflate::Compressor::new(Vec::new()).unwrap();
    for _ in 0..75 {
        packer.write_data(&zeros).unwrap();
    }
    let bomb = packer.finish().unwrap();
    let plain = Frame::decode_png(&file(&[header(8, 2, [0; 3]), pixels()]));
    for (name, begin) in [
        (*b"iCCP", &b"profile\0\0"[..]),
        (*b"zTXt", &b"Comment\0\0"[..]),
        (*b"iTXt", &b"Comment\0\x01\0en\0Comment\0"[..]),
    ] {
        let extra = chunk(name, &[begin, &bomb].concat());
        let data = file(&[header(8, 2, [0; 3]), extra, pixels()]);
        assert_eq!(Frame::decode_png(&data), plain, "{}", name.escape_ascii());
        assert_eq!(
            Needle::decode_png(&data),
            plain.as_ref().map(Needle::from).map_err(Clone::clone)
        );
    }
}

#[test]
fn a_file_of_another_kind_is_called_by_its_name() {
    let cases: [(&[u8], &str); 12] = [
        (b"", "is empty: the file has 0 bytes"),
        (
            b"\xff\xd8\xff\xe0\0\x10JFIF",
            "is not a PNG but a JPEG; save it as PNG, or convert it",
        ),
        (
            b"RIFF\x10\0\0\0WEBPVP8 ",
            "is not a PNG but a WebP; save it as PNG, or convert it",
        ),
        (
            b"GIF89a, really",
            "is not a PNG but a GIF; save it as PNG, or convert it",
        ),
        (
            b"BM6\0\0\0",
            "is not a PNG but a BMP; save it as PNG, or convert it",
        ),
        (
            b"\0\0\0\x1cftypavif",
            "is not a PNG but an AVIF or HEIC; save it as PNG, or convert it",
        ),
        (
            b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<svg xmlns=\"\">",
            "is not a PNG but an SVG; render it to a PNG",
        ),
        (
            b"\n<!DOCTYPE html><title>Sign in</title>",
            "is not a PNG but an HTML page, perhaps an error or login page; open it in a browser",
        ),
        (
            b"{\"message\": \"not found\"}",
            "is not a PNG but text that looks like JSON, perhaps an error message; read it",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00",
            "is not a PNG but a Git LFS pointer to a file that was not fetched; \
             run `git lfs pull`",
        ),
        (
            b"\x89PNG\n\x1a\n",
            "is no longer a PNG: its first bytes were changed, probably by a transfer in text mode; copy it again in binary mode",
        ),
        (
            b"no picture at all",
            "is not a PNG: it does not begin with the PNG signature; save it as PNG",
        ),
    ];
    for (data, expected) in cases {
        assert_eq!(refusal(data), expected);
    }
}

#[test]
fn a_broken_file_is_told_what_breaks_it() {
    let good = [header(8, 2, [0; 3]), pixels()];
    let [head, body] = &good;
    let whole = file(&good);
    let flipped = |place: usize| {
        let mut data = whole.clone();
        data[place] ^= 0x10;
        data
    };
    let packed = |rows: &[u8]| chunk(*b"IDAT", &fdeflate::compress_to_vec(rows));
    let (damaged, rules) = (
        "is damaged: its pixels cannot be decompressed, or are fewer than 2x2; copy or download it \
         again",
        "; save it again with another program",
    );
    let cases = [
        (
            flipped(18),
            "is damaged: the checksum of its `IHDR` chunk is wrong; copy or download it again",
        ),
        (
            flipped(45),
            "is damaged: the checksum of its `IDAT` chunk is wrong; copy or download it again",
        ),
        (
            whole[..20].to_vec(),
            "is truncated: the file ends within its `IHDR` chunk; copy or download it again",
        ),
        (
            whole[..60].to_vec(),
            "is truncated: the file ends within its `IDAT` chunk; copy or download it again",
        ),
        (
            whole[..33].to_vec(),
            "is truncated: the file ends before its `IDAT` chunk; copy or download it again",
        ),
        (file(&[head.clone(), packed(&[0; 13])]), damaged),
        (file(&[head.clone(), packed(&[9; 14])]), damaged),
        (
            file(&[head.clone(), chunk(*b"IDAT", b"no stream")]),
            damaged,
        ),
        (
            file(std::slice::from_ref(head)),
            &format!("is not a valid PNG: it has no pixels (`IDAT`){rules}"),
        ),
        (
            file(&[body.clone(), head.clone()]),
            &format!(
                "is not a valid PNG: it begins with its `IDAT` chunk instead of its header{rules}"
            ),
        ),
        (
            file(&[header(8, 3, [0; 3]), body.clone()]),
            &format!(
                "is not a valid PNG: it has the colour type of a palette, but no `PLTE` chunk{rules}"
            ),
        ),
        (
            file(&[header(8, 3, [0; 3]), chunk(*b"PLTE", &[1; 4]), body.clone()]),
            &format!("is not a valid PNG: its palette has 4 bytes, not 3 for each colour{rules}"),
        ),
        (
            file(&[header(8, 5, [0; 3]), body.clone()]),
            "needs colour type 5, which is not supported; save it as an ordinary PNG",
        ),
        (
            file(&[header(4, 2, [0; 3]), body.clone()]),
            "needs 4 bits in each channel of colour type 2, which is not supported; save it as an ordinary PNG",
        ),
        (
            file(&[header(8, 2, [0, 0, 2]), body.clone()]),
            "needs interlacing 2, which is not supported; save it as an ordinary PNG",
        ),
        (
            file(&[head.clone(), chunk(*b"CgBI", &[]), body.clone()]),
            "needs its `CgBI` chunk, which is not supported; save it as an ordinary PNG",
        ),
    ];
    for (data, expected) in cases {
        assert_eq!(refusal(&data), expected);
    }
}

#[test]
fn of_an_animation_the_still_picture_is_read() {
    let control = [
        chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        chunk(*b"fcTL", &[0; 26]),
    ];
    let [one, other] = control;
    let data = file(&[header(8, 2, [0; 3]), one, other, pixels()]);
    let still = file(&[header(8, 2, [0; 3]), pixels()]);
    assert_eq!(Frame::decode_png(&data), Frame::decode_png(&still));
}
