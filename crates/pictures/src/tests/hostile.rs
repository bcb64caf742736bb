//! Hostile files are refused at once.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::thread;
use std::time::Duration;

use image::RgbaImage;
use jpeg_encoder::ColorType;

use super::fixtures::*;
use crate::{DecodeBudget, Limits, PictureError, PictureWorkshop};

fn one_of_each() -> Vec<Vec<u8>> {
    let image = quadrants(120, 90);
    vec![
        rgb_jpeg(&image),
        jpeg(&image, image.dimensions(), ColorType::Rgba, true, &[]),
        png(image.clone()),
        lossless_webp(&image),
        from_hex(LOSSY_WEBP),
        from_hex(LOSSY_ALPHA_WEBP),
        from_hex(ANIMATED_WEBP),
        gif(&image, false),
        gif(&image, true),
    ]
}

#[test]
fn what_is_no_picture_is_called_so() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for file in [
        &b""[..],
        b"x",
        b"hello, I am photo.jpg",
        svg,
        b"BM\x3a\0\0\0",
        b"%PDF-1.7",
        b"RIFF\0\0\0\0WAVE",
        b"\xFF\xD8",
    ] {
        assert!(matches!(process(file), Err(PictureError::NotAnImage)));
    }
}

#[test]
fn a_file_cut_short_is_unreadable() {
    for (kind, file) in one_of_each().into_iter().enumerate() {
        // From just after the first bytes to half of the file, well before any trailer.
        for length in [13, 20, 40, file.len() / 3, file.len() / 2] {
            let result = process(&file[..length]);
            // An animation cut after its first frame has lost nothing that is shown.
            if kind != 6 && kind < 7 || length < file.len() / 3 {
                assert!(
                    matches!(result, Err(PictureError::Unreadable)),
                    "kind {kind}, {length} bytes: {result:?}"
                );
            }
        }
    }
}

#[test]
fn damage_anywhere_is_survived() {
    let mut state = 1u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    for file in one_of_each() {
        for _ in 0..20 {
            let mut damaged = file.clone();
            for _ in 0..=random() % 4 {
                let at = random() % damaged.len();
                damaged[at] = random() as u8;
            }
            match process(damaged) {
                Ok(picture) => drop(shown(&picture)),
                Err(error) => {
                    assert!(!matches!(error, PictureError::Storage(_) | PictureError::TooLarge { .. }))
                }
            }
        }
    }
}

#[test]
fn noise_behind_a_true_beginning_is_unreadable() {
    let mut state = 7u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    })
    .take(50_000)
    .collect();
    for start in [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"GIF89a"] {
        let result = process([start, &noise].concat());
        assert!(
            matches!(result, Err(PictureError::Unreadable | PictureError::TooManyPixels { .. })),
            "{result:?}"
        );
    }
}

#[test]
fn a_text_that_begins_like_a_picture_leaves_no_text_behind() {
    let script = b"<script>alert(document.domain)</script>";
    assert!(process([&b"GIF89a"[..], script].concat()).is_err());
    assert!(process([&b"\xFF\xD8\xFF\xFE\0\x29"[..], script].concat()).is_err());
    let picture = process(with_segment(rgb_jpeg(&quadrants(40, 40)), 0xFE, script)).unwrap();
    assert!(
        picture.renditions.iter().all(|(_, bytes)| !bytes.windows(8).any(|window| window == b"<script>"))
    );
}

#[test]
fn claims_of_enormous_pictures_are_refused_from_the_header() {
    let mut jpeg = rgb_jpeg(&quadrants(40, 40));
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xFF);
    let mut gif = gif(&quadrants(40, 40), false);
    gif[6..10].fill(0xFF);
    let webp = extended_webp(&lossless_webp(&quadrants(40, 40)), (16_000, 16_000), 0, b"XXXX", b"");
    for file in [png_header(60_000, 60_000), png_header(u32::MAX >> 1, u32::MAX >> 1), jpeg, gif, webp] {
        assert!(matches!(process(file), Err(PictureError::TooManyPixels { max: 50_000_000 })));
    }
}

#[test]
fn a_real_bomb_is_refused_from_the_header() {
    // 144 megapixels of one colour in half a megabyte.
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 12_000, 12_000);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fastest);
    let mut writer = encoder.write_header().unwrap();
    let mut stream = writer.stream_writer().unwrap();
    let row = vec![0; 36_000];
    for _ in 0..12_000 {
        stream.write_all(&row).unwrap();
    }
    stream.finish().unwrap();
    drop(writer);
    assert!(file.len() < 10 * 1024 * 1024);
    assert!(matches!(process(file), Err(PictureError::TooManyPixels { max: 50_000_000 })));
}

#[test]
fn a_row_too_long_for_the_memory_is_refused_though_its_pixels_are_few() {
    let result = process(png_header(40_000_000, 1));
    assert!(matches!(result, Err(PictureError::TooManyPixels { max }) if max < 40_000_000), "{result:?}");
}

#[test]
fn a_webp_with_a_larger_picture_inside_is_refused_before_room_is_made() {
    let mut inside = from_hex(LOSSY_WEBP);
    // The width and height of the lossy frame, after RIFF, the chunk's head, the frame tag and the start
    // code.
    inside[26..30].copy_from_slice(&[0xFF, 0x3F, 0xFF, 0x3F]);
    let file = extended_webp(&inside, (16, 16), 0, b"XXXX", b"");
    assert!(matches!(process(file), Err(PictureError::Unreadable)));
}

#[test]
fn a_webp_of_as_many_pixels_as_promised_is_taken() {
    let limits = Limits { max_decode_memory: 9 * 1024 * 1024, max_bytes: 100 * 1024, ..Limits::default() };
    let max = limits.max_webp_pixels();
    assert!((500_000..600_000).contains(&max), "{max}");
    let default = Limits::default();
    assert_eq!(default.max_webp_pixels() / 1_000_000, 11);
    assert_eq!(Limits { max_pixels: 1_000_000, ..default }.max_webp_pixels(), 1_000_000);
    let workshop = PictureWorkshop::new(limits, DecodeBudget::default());
    let side = max.isqrt() as u32;
    let opaque = quadrants(side, side);
    let mut transparent = opaque.clone();
    transparent.put_pixel(0, 0, image::Rgba([0; 4]));
    for image in [&opaque, &transparent] {
        let still = lossless_webp(image);
        let moving = animated_webp(&still, (0, 0), (side, side), (side, side), 0b10);
        for file in [still, moving] {
            let picture = workshop.process(Cursor::new(file), None);
            assert!(picture.is_ok(), "{picture:?}");
        }
    }
    let twice = workshop.process(Cursor::new(lossless_webp(&quadrants(2 * side, 2 * side))), None);
    assert!(matches!(twice, Err(PictureError::TooManyPixels { max: least }) if least >= max), "{twice:?}");
}

#[test]
fn a_picture_without_pixels_is_unreadable() {
    assert!(matches!(process(png_header(0, 5)), Err(PictureError::Unreadable)));
}

#[test]
fn a_file_that_is_too_long_is_not_looked_at() {
    let limits = Limits { max_bytes: 1000, ..Limits::default() };
    let workshop = PictureWorkshop::new(limits, DecodeBudget::default());
    let result = workshop.process(Cursor::new(vec![0; 1001]), None);
    assert!(matches!(result, Err(PictureError::TooLarge { max: 1000 })));
}

#[test]
fn decoding_that_takes_too_long_is_cut_off() {
    let limits = Limits { max_decode_time: Duration::ZERO, ..Limits::default() };
    let workshop = PictureWorkshop::new(limits, DecodeBudget::default());
    let result = workshop.process(Cursor::new(rgb_jpeg(&quadrants(40, 40))), None);
    assert!(matches!(result, Err(PictureError::Unreadable)), "{result:?}");
}

#[test]
fn a_file_that_repeats_its_scans_is_cut_off() {
    let grey = vec![128; 80 * 80];
    let file = jpeg(&grey, (80, 80), ColorType::Luma, true, &[]);
    let scan = file.windows(2).rposition(|marker| marker == [0xFF, 0xDA]).unwrap();
    let end = file.len() - 2;
    let with_scans = |more: usize| [&file[..end], &file[scan..end].repeat(more), &file[end..]].concat();
    assert!(process(with_scans(20)).is_ok());
    // The reader is asked for all of it at once.
    let long = with_scans((64 * 1024 - file.len()) / (end - scan));
    assert!(long.len() < 64 * 1024);
    assert!(matches!(process(long), Err(PictureError::Unreadable)));
}

#[test]
fn work_is_counted_in_pixels_rows_and_bytes() {
    let limits = Limits { max_pixels: 20_000, max_bytes: 10_000, ..Limits::default() };
    let workshop = PictureWorkshop::new(limits, DecodeBudget::default());
    let grey = |width, height| png(image::GrayImage::new(width, height));
    let process = |file| workshop.process(Cursor::new(file), None);
    assert!(process(grey(100, 100)).is_ok() && process(grey(10_000, 1)).is_ok());
    // As many pixels, and a row for each.
    let tall = process(grey(1, 10_000));
    assert!(matches!(tall, Err(PictureError::Unreadable)), "{tall:?}");
}

#[test]
fn a_profile_that_names_its_texts_thousands_of_times_costs_nothing() {
    // A table that the library would read in full, though every entry names the same content.
    let mut icc = vec![0; 128];
    icc.extend(2_000u32.to_be_bytes());
    for _ in 0..2_000 {
        icc.extend(b"desc\0\0\x60\0\0\0\0\x0c");
    }
    icc.resize(0x6000 + 12, 0);
    let image = quadrants(40, 40);
    let with = process(jpeg(&image, image.dimensions(), ColorType::Rgba, false, &icc)).unwrap();
    assert_eq!(with, process(rgb_jpeg(&image)).unwrap());
}

#[test]
fn a_failing_disk_is_not_blamed_on_the_picture() {
    /// A source that fails after the first bytes.
    struct FailingDisk(Cursor<Vec<u8>>);
    impl Read for FailingDisk {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if self.0.position() >= 12 {
                return Err(io::Error::other("bad sector"));
            }
            let few = buf.len().min(12);
            self.0.read(&mut buf[..few])
        }
    }
    impl Seek for FailingDisk {
        fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
            self.0.seek(position)
        }
    }
    for file in one_of_each() {
        let result = PictureWorkshop::default().process(FailingDisk(Cursor::new(file)), None);
        assert!(matches!(result, Err(PictureError::Storage(_))), "{result:?}");
    }
}

#[test]
fn many_uploads_at_once_all_become_pictures() {
    let workshop = PictureWorkshop::new(Limits::default(), DecodeBudget::new(2, 10_000_000));
    let files = one_of_each();
    thread::scope(|scope| {
        for i in 0..20 {
            let (workshop, file) = (&workshop, &files[i % files.len()]);
            scope.spawn(move || workshop.process(Cursor::new(file), None).unwrap());
        }
    });
}

#[test]
fn the_id_tells_nothing_but_what_is_shown() {
    let image = RgbaImage::from_pixel(40, 40, image::Rgba(RED));
    let plain = process(rgb_jpeg(&image)).unwrap();
    let noted = process(jpeg_with_exif(rgb_jpeg(&image), &exif(1))).unwrap();
    assert_eq!(plain, noted);
}
