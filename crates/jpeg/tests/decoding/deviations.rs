//! Deviations from the standard that files in use have. What they mean was seen in Chromium, Firefox,
//! WebKitGTK and libjpeg-turbo.

use jpeg_encoder::{ColorType, Encoder};
use vestibule_jpeg::Scale;

use crate::support::*;

fn adobe(transform: u8) -> [u8; 12] {
    [b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform]
}

#[test]
fn motion_jpeg_without_huffman_tables_has_those_of_the_standard() {
    for restart in [0, 4] {
        let file = encoded(&scene(64, 48), |encoder| encoder.set_restart_interval(restart));
        let bare = without_segments(&file, 0xC4);
        assert!(bare.len() < file.len() - 400);
        assert_eq!(decoded(&bare, Scale::Full).unwrap(), decoded(&file, Scale::Full).unwrap());
    }
    let progressive = encoded(&scene(64, 48), |encoder| encoder.set_progressive(true));
    assert!(decoded(&without_segments(&progressive, 0xC4), Scale::Full).is_err());
}

#[test]
fn jfif_beats_the_transform_of_adobe() {
    let file = encoded(&scene(40, 40), |_| {});
    assert_eq!(markers(&file, 0xE0).len(), 1, "the encoder writes JFIF");
    let expected = decoded(&file, Scale::Full).unwrap();
    for transform in [0, 1, 2] {
        let both = with_segment(&file, 0xEE, &adobe(transform));
        assert_eq!(decoded(&both, Scale::Full).unwrap(), expected);
    }
    let alone = with_segment(&without_segments(&file, 0xE0), 0xEE, &adobe(0));
    assert!(difference(&decoded(&alone, Scale::Full).unwrap(), &expected) > 20.0);
}

#[test]
fn four_components_with_any_transform_but_0_are_converted() {
    let inks: Vec<u8> = (0..32 * 32).flat_map(|i| [i as u8, 200, 90, 30]).collect();
    let mut file = Vec::new();
    Encoder::new(&mut file, 95).encode(&inks, 32, 32, ColorType::CmykAsYcck).unwrap();
    let converted = decoded(&file, Scale::Full).unwrap();
    assert!(difference(&converted, &inks) < 12.0);
    let plain = without_segments(&file, 0xEE);
    for transform in [1, 2, 3, 255] {
        let file = with_segment(&plain, 0xEE, &adobe(transform));
        assert_eq!(decoded(&file, Scale::Full).unwrap(), converted, "{transform}");
    }
    let stored = decoded(&plain, Scale::Full).unwrap();
    assert_eq!(decoded(&with_segment(&plain, 0xEE, &adobe(0)), Scale::Full).unwrap(), stored);
    assert!(difference(&stored, &converted) > 20.0);
}

#[test]
fn components_of_one_name_are_told_apart_by_their_order() {
    let file = encoded(&scene(40, 40), |_| {});
    let (frame, scan) = (markers(&file, 0xC0)[0], markers(&file, 0xDA)[0]);
    assert_eq!((file[frame + 9], file[scan + 4]), (3, 3));
    for names in [[1, 1, 1], [0, 0, 0], [1, 2, 2]] {
        let mut same = file.clone();
        for (i, name) in names.into_iter().enumerate() {
            same[frame + 10 + 3 * i] = name;
            same[scan + 5 + 2 * i] = name;
        }
        assert_eq!(decoded(&same, Scale::Full).unwrap(), decoded(&file, Scale::Full).unwrap());
    }
    let mut unknown = file.clone();
    unknown[scan + 5] = 9;
    assert!(decoded(&unknown, Scale::Full).is_err());
}
