//! A picture is shown upright, and no other EXIF data remains.

use super::fixtures::*;
use crate::Crop;

/// The result of each EXIF orientation for red and green above blue and white.
const TURNED: [[[u8; 4]; 4]; 8] = [
    [RED, GREEN, BLUE, WHITE],
    [GREEN, RED, WHITE, BLUE],
    [WHITE, BLUE, GREEN, RED],
    [BLUE, WHITE, RED, GREEN],
    [RED, BLUE, GREEN, WHITE],
    [BLUE, RED, WHITE, GREEN],
    [WHITE, GREEN, BLUE, RED],
    [GREEN, WHITE, RED, BLUE],
];

#[test]
fn every_orientation_of_a_jpeg_is_turned_upright() {
    let file = rgb_jpeg(&quadrants(48, 48));
    for (orientation, expected) in (1..).zip(TURNED) {
        let picture = process(jpeg_with_exif(file.clone(), &exif(orientation))).unwrap();
        assert_quadrants(&picture, expected);
    }
}

#[test]
fn every_orientation_of_a_png_is_turned_upright_wherever_it_stands() {
    let file = png(quadrants(48, 48));
    for (orientation, expected) in (1..).zip(TURNED) {
        for before_pixels in [true, false] {
            let file = with_chunk(file.clone(), b"eXIf", &exif(orientation), before_pixels);
            assert_quadrants(&process(file).unwrap(), expected);
        }
    }
}

#[test]
fn every_orientation_of_a_webp_is_turned_upright() {
    const EXIF: u8 = 0b1000;
    let file = lossless_webp(&quadrants(48, 48));
    for (orientation, expected) in (1..).zip(TURNED) {
        // Cameras and libvips write the signature that JPEG has there.
        for before in [&b""[..], b"Exif\0\0"] {
            let body = [before, &exif(orientation)].concat();
            let file = extended_webp(&file, (48, 48), EXIF, b"EXIF", &body);
            assert_quadrants(&process(file).unwrap(), expected);
        }
    }
}

#[test]
fn a_senseless_orientation_is_ignored() {
    let file = rgb_jpeg(&quadrants(48, 48));
    for block in [exif(0), exif(9), exif(255), exif(6)[..12].to_vec(), b"II*\0\xff\xff\xff\xff".to_vec()] {
        assert_quadrants(&process(jpeg_with_exif(file.clone(), &block)).unwrap(), TURNED[0]);
    }
}

#[test]
fn the_crop_is_taken_from_the_picture_as_it_is_seen() {
    // Stored 96 wide and 48 high. Upright it is 48 wide and 96 high, with blue and red above white and green.
    let file = jpeg_with_exif(rgb_jpeg(&quadrants(96, 48)), &exif(6));
    for (y, expected) in [(0.0, BLUE), (0.5, WHITE)] {
        let picture = process_cropped(&file, Crop::new(0.0, y, 0.5)).unwrap();
        assert_quadrants(&picture, [expected; 4]);
    }
}

#[test]
fn a_wide_picture_is_cut_to_its_middle_unless_told_otherwise() {
    // Quadrants on the left, white on the right.
    let mut image = quadrants(48, 48);
    image =
        image::RgbaImage::from_fn(
            144,
            48,
            |x, y| {
                if x < 48 { *image.get_pixel(x, y) } else { image::Rgba(WHITE) }
            },
        );
    let file = png(image);
    assert_quadrants(&process(&file).unwrap(), [WHITE; 4]);
    let left = process_cropped(&file, Crop::new(0.0, 0.0, 1.0)).unwrap();
    assert_quadrants(&left, TURNED[0]);
    let corner = process_cropped(&file, Crop::new(0.0, 0.5, 0.5)).unwrap();
    assert_quadrants(&corner, [BLUE; 4]);
}

#[test]
fn no_metadata_comes_out() {
    const EXIF: u8 = 0b1000;
    let image = quadrants(48, 48);
    let mut seen_through = image.clone();
    seen_through.put_pixel(0, 0, image::Rgba([0; 4]));
    let text = [b"Comment\0", SECRET].concat();
    let files = [
        with_segment(jpeg_with_exif(rgb_jpeg(&image), &exif(1)), 0xFE, SECRET),
        [rgb_jpeg(&image), SECRET.to_vec()].concat(),
        with_chunk(with_chunk(png(seen_through.clone()), b"eXIf", &exif(1), true), b"tEXt", &text, true),
        [png(seen_through), SECRET.to_vec()].concat(),
        extended_webp(&lossless_webp(&image), (48, 48), EXIF, b"EXIF", &exif(1)),
        [gif(&image, false), SECRET.to_vec()].concat(),
    ];
    for file in files {
        assert!(file.windows(SECRET.len()).any(|window| window == SECRET));
        for (_, bytes) in process(file).unwrap().renditions {
            for trace in [SECRET, b"Exif", b"eXIf", b"tEXt", b"ICC_PROFILE", b"iCCP", b"http:"] {
                assert!(!bytes.windows(trace.len()).any(|window| window == trace));
            }
        }
    }
}
