//! Uploaded pictures: the JPEG decoder, and the whole pipeline for files of any format.

use std::io::Cursor;
use std::time::Duration;

use ::jpeg::{DecodeLimits, Decoder, Scale};
use pictures::{Crop, DecodeBudget, PictureError, PictureWorkshop, SIZES};

/// A JPEG at each scale: every row arrives once, in order and whole, or decoding fails.
pub fn jpeg(input: &[u8]) {
    for scale in Scale::ALL {
        let limits = DecodeLimits {
            max_pixels: 1 << 18,
            max_memory: 8 << 20,
            max_work: 1 << 20,
            ..DecodeLimits::default()
        };
        let Ok(decoder) = Decoder::new(input, limits) else { return };
        let header = decoder.header();
        let length = scale.of(header.width) as usize * header.samples.count();
        let mut rows = 0;
        let decoded = decoder.decode(scale, &mut |y: u32, row: &[u8]| {
            assert_eq!((y, row.len()), (rows, length), "at {scale:?}");
            rows += 1;
        });
        assert!(decoded.is_err() || rows == scale.of(header.height), "{rows} rows at {scale:?}");
    }
}

/// Three bytes of a crop, then a file of any format: the result is four renditions, or an error that the
/// uploader can act on.
pub fn picture(input: &[u8]) {
    let Some((&[x, y, size], file)) = input.split_first_chunk() else { return };
    let [x, y, size] = [x, y, size].map(|byte| f64::from(byte) / 255.0);
    let limits = pictures::Limits {
        max_bytes: 64 * 1024,
        max_pixels: 1 << 18,
        max_decode_memory: 32 << 20,
        max_decode_time: Duration::from_secs(5),
    };
    let workshop = PictureWorkshop::new(limits, DecodeBudget::default());
    match workshop.process(Cursor::new(file), Crop::new(x, y, size)) {
        Ok(picture) => {
            assert_eq!(picture.renditions.each_ref().map(|(side, _)| *side), SIZES);
            assert!(picture.renditions.iter().all(|(_, bytes)| !bytes.is_empty()));
        }
        Err(error) => assert!(!matches!(error, PictureError::Storage(_)), "{error}"),
    }
}
