//! Pictures that are encoded here, seen by this decoder and by another.

use vestibule_jpeg::{Scale, encode_rgb};

use crate::support::*;

#[test]
fn what_is_encoded_looks_like_the_picture() {
    for (width, height) in [(64, 64), (1, 1), (8, 9), (67, 45), (256, 128)] {
        let scene = scene(width, height);
        let file = encode_rgb(&scene, width as u16, height as u16, 85).unwrap();
        let other = image::load_from_memory(&file).unwrap().to_rgb8();
        assert_eq!(other.dimensions(), (width, height));
        for seen in [decoded(&file, Scale::Full).unwrap(), other.into_raw()] {
            let off = difference(&seen, &scene);
            assert!(off < 2.5, "{width} × {height}: {off}");
        }
    }
}

#[test]
fn it_is_as_good_and_as_small_as_what_another_encoder_writes() {
    let scene = scene(200, 120);
    let other = encoded(&scene, |encoder| {
        encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_1_1);
    });
    let ours = encode_rgb(&scene, 200, 120, 90).unwrap();
    let [bad, worse] = [&ours, &other].map(|file| difference(&decoded(file, Scale::Full).unwrap(), &scene));
    assert!((bad - worse).abs() < 0.1, "{bad} and {worse}");
    assert!(ours.len().abs_diff(other.len()) < other.len() / 50, "{} and {}", ours.len(), other.len());
    let sizes = [30, 60, 85, 100].map(|quality| encode_rgb(&scene, 200, 120, quality).unwrap().len());
    assert!(sizes.is_sorted());
}

#[test]
fn extremes_survive() {
    // Every block has the largest differences that there are.
    let pixels: Vec<u8> = (0..64 * 64)
        .flat_map(|i| if (i ^ (i / 64)) & 1 == 0 { [255, 0, 255] } else { [0, 255, 0] })
        .collect();
    let seen = decoded(&encode_rgb(&pixels, 64, 64, 100).unwrap(), Scale::Full).unwrap();
    assert!(difference(&seen, &pixels) < 2.0);
}

#[test]
fn a_size_that_does_not_fit_is_refused() {
    for (length, width, height) in [(12, 2, 1), (12, 0, 2), (0, 1, 0), (11, 2, 2), (0, 1, 1)] {
        let encoded = encode_rgb(&vec![0; length], width, height, 85);
        assert!(encoded.is_none(), "{width} × {height}");
    }
}
