//! Files of every kind, compared with the encoded picture and with themselves at other scales.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod deviations;
mod endings;
mod support;

use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use support::*;
use vestibule_jpeg::{DecodeLimits, Decoder, JpegError, PixelFormat, Scale};

#[test]
fn every_kind_of_file_looks_like_what_was_encoded() {
    let scene = scene(131, 75);
    // Quality 90 loses about one step; coarsely sampled chroma loses what it cannot represent.
    for (sampling, most) in [
        (SamplingFactor::F_1_1, 2.0),
        (SamplingFactor::F_2_1, 4.0),
        (SamplingFactor::F_1_2, 4.0),
        (SamplingFactor::F_2_2, 5.0),
        (SamplingFactor::F_4_1, 8.0),
    ] {
        for (progressive, restart) in [(false, 0), (false, 7), (true, 0), (true, 5)] {
            let file = encoded(&scene, |encoder| {
                encoder.set_sampling_factor(sampling);
                encoder.set_progressive(progressive);
                encoder.set_restart_interval(restart);
            });
            let off = difference(&decoded(&file, Scale::Full).unwrap(), &scene);
            assert!(off < most, "{sampling:?} {progressive} {restart}: {off}");
        }
    }
}

#[test]
fn a_smaller_scale_is_the_average_of_the_full_one() {
    let file = encoded(&scene(256, 128), |_| {});
    let full = RgbImage::from_raw(256, 128, decoded(&file, Scale::Full).unwrap()).unwrap();
    for (scale, factor) in [(Scale::Half, 2), (Scale::Quarter, 4), (Scale::Eighth, 8)] {
        let averages = image::imageops::thumbnail(&full, 256 / factor, 128 / factor);
        let off = difference(&decoded(&file, scale).unwrap(), &averages);
        assert!(off < 4.0, "{scale:?}: {off}");
    }
}

#[test]
fn sizes_are_rounded_up_at_every_scale() {
    for (width, height) in [(1, 1), (7, 9), (8, 8), (17, 33)] {
        let file = encoded(&scene(width, height), |_| {});
        for scale in Scale::ALL {
            let pixels = decoded(&file, scale).unwrap();
            assert_eq!(pixels.len() as u32, 3 * scale.of(width) * scale.of(height), "{width} × {height}");
        }
    }
}

#[test]
fn the_header_says_what_will_come() {
    let grey = vec![90; 20 * 10];
    let inks = vec![0; 20 * 10 * 4];
    for (kind, samples, pixels) in [
        (ColorType::Luma, PixelFormat::Gray, &grey),
        (ColorType::Cmyk, PixelFormat::Cmyk, &inks),
        (ColorType::CmykAsYcck, PixelFormat::Cmyk, &inks),
    ] {
        let mut file = Vec::new();
        Encoder::new(&mut file, 90).encode(pixels, 20, 10, kind).unwrap();
        let header = Decoder::new(file.as_slice(), DecodeLimits::default()).unwrap().header();
        assert_eq!((header.width, header.height, header.samples), (20, 10, samples));
        assert!(!header.progressive);
    }
}

#[test]
fn limits_are_kept_before_memory_is_taken() {
    let file = encoded(&scene(100, 100), |encoder| encoder.set_progressive(true));
    let few = DecodeLimits { max_pixels: 9_999, ..DecodeLimits::default() };
    let refused = Decoder::new(file.as_slice(), few).err();
    assert!(matches!(refused, Some(JpegError::TooManyPixels { pixels: 10_000 })), "{refused:?}");
    let needed = Decoder::new(file.as_slice(), DecodeLimits::default()).unwrap().memory(Scale::Full);
    for (max_memory, fits) in [(needed, true), (needed - 1, false)] {
        let decoder =
            Decoder::new(file.as_slice(), DecodeLimits { max_memory, ..DecodeLimits::default() }).unwrap();
        let answer = decoder.decode(Scale::Full, &mut |_: u32, _: &[u8]| {});
        let refused = matches!(answer, Err(JpegError::TooMuchMemory { bytes }) if bytes == needed);
        assert_eq!((answer.is_ok(), refused), (fits, !fits));
    }
}

#[test]
fn a_failing_reader_is_told_apart_from_a_broken_file() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::TimedOut.into())
        }
    }
    let error = Decoder::new(Failing, DecodeLimits::default()).err();
    assert!(
        matches!(&error, Some(JpegError::Io(error)) if error.kind() == std::io::ErrorKind::TimedOut),
        "{error:?}"
    );
}

/// A progressive picture of 64 blocks in one component, whose last scan stands `scans` times more. Also the
/// length of that scan.
fn with_repeated_scan(scans: usize) -> (Vec<u8>, usize) {
    let grey: Vec<u8> = (0..64 * 64).map(|i| (i % 64 * 3) as u8).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.set_progressive(true);
    encoder.encode(&grey, 64, 64, ColorType::Luma).unwrap();
    let end = file.len() - 2;
    let scan = file.windows(2).rposition(|marker| marker == [0xFF, 0xDA]).unwrap();
    let repeated = file[scan..end].repeat(scans);
    (([&file[..end], &repeated, &file[end..]].concat()), end - scan)
}

fn decoded_within(file: &[u8], limits: DecodeLimits) -> Result<(), JpegError> {
    Decoder::new(file, limits)?.decode(Scale::Full, &mut |_: u32, _: &[u8]| {}).map(drop)
}

/// The least work within which the file is decoded.
fn least_work(file: &[u8]) -> u64 {
    let (mut too_little, mut enough) = (0, 1 << 24);
    while too_little + 1 < enough {
        let max_work = (too_little + enough) / 2;
        match decoded_within(file, DecodeLimits { max_work, ..DecodeLimits::default() }) {
            Ok(()) => enough = max_work,
            Err(JpegError::TooMuchWork) => too_little = max_work,
            Err(error) => panic!("{error}"),
        }
    }
    enough
}

#[test]
fn a_scan_costs_its_bytes_and_the_blocks_that_it_visits() {
    let work = [1, 2, 3].map(|scans| least_work(&with_repeated_scan(scans).0));
    let scan = with_repeated_scan(0).1 as u64;
    assert_eq!([work[1] - work[0], work[2] - work[1]], [64 + scan; 2]);
}

#[test]
fn a_file_with_more_scans_than_any_encoder_writes_is_refused() {
    let count = |file: &[u8]| file.windows(2).filter(|marker| *marker == [0xFF, 0xDA]).count();
    let own = count(&with_repeated_scan(0).0);
    let most = DecodeLimits::default().max_scans as usize;
    let (file, _) = with_repeated_scan(most - own);
    assert_eq!(count(&file), most);
    assert!(decoded_within(&file, DecodeLimits::default()).is_ok());
    let refused = decoded_within(&with_repeated_scan(most - own + 1).0, DecodeLimits::default());
    assert!(matches!(refused, Err(JpegError::TooManyScans)), "{refused:?}");
}

#[test]
fn the_work_allowed_is_several_times_that_of_an_ordinary_file() {
    for progressive in [false, true] {
        let file = encoded(&scene(640, 480), |encoder| encoder.set_progressive(progressive));
        // Blocks of a picture of the most pixels, by as many scans as libjpeg writes.
        let of_the_largest = least_work(&file) * DecodeLimits::default().max_pixels / (640 * 480);
        assert!(of_the_largest * 2 < DecodeLimits::default().max_work, "{of_the_largest}");
    }
}
