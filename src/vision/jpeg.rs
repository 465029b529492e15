//! JPEG files of frames, for those who want a small picture rather than an
//! exact one.

use image::codecs::jpeg::JpegEncoder;

use super::frame::Frame;

impl Frame {
    /// Writes a JPEG of `quality` 1 (small) to 100 (good); values outside are
    /// taken as the nearest of them.
    #[must_use]
    pub fn encode_jpeg(&self, quality: u8) -> Vec<u8> {
        let mut file = Vec::with_capacity(self.bytes().len() / 10 + 1024);
        let (width, height) = (self.size().width, self.size().height);
        let encoded = JpegEncoder::new_with_quality(&mut file, quality.clamp(1, 100)).encode(
            self.bytes(),
            width,
            height,
            image::ExtendedColorType::Rgb8,
        );
        // Memory does not refuse bytes, and the bytes fit the size by `new`; a
        // picture of more than 65,535 pixels a side is not a screen.
        debug_assert!(encoded.is_ok() || self.size().area() == 0);
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn a_better_quality_is_a_larger_file() {
        let pixels = (0..64_u32 * 48 * 3)
            .map(|n| u8::try_from(n * n % 251).unwrap())
            .collect();
        let frame = Frame::new(Size::new(64, 48), pixels).unwrap();
        let sizes = [1, 50, 100].map(|quality| frame.encode_jpeg(quality).len());
        assert!(sizes.is_sorted(), "{sizes:?}");
        assert!(frame.encode_jpeg(0).starts_with(&[0xff, 0xd8]));
    }
}
