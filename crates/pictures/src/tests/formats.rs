//! Every supported kind of file becomes a picture that looks like the file.

use image::{DynamicImage, GrayAlphaImage, LumaA, Rgb, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::fixtures::*;
use crate::{PictureError, PictureFormat};

const AS_IS: [[u8; 4]; 4] = [RED, GREEN, BLUE, WHITE];
const THREE: [[u8; 4]; 4] = [RED, GREEN, BLUE, [0; 4]];

/// The quadrants, with a transparent one instead of the white one.
fn three_quadrants(side: u32) -> RgbaImage {
    let mut image = quadrants(side, side);
    image.pixels_mut().filter(|pixel| pixel.0 == WHITE).for_each(|pixel| *pixel = Rgba([0; 4]));
    image
}

/// Like [`assert_quadrants`], for pictures with a transparent quadrant.
#[track_caller]
fn assert_three_quadrants(file: Vec<u8>) {
    let picture = process(file).unwrap();
    assert_eq!(picture.format, PictureFormat::Png);
    assert_quadrants(&picture, THREE.map(|colour| if colour[3] == 0 { [0; 4] } else { colour }));
}

#[track_caller]
fn assert_opaque_quadrants(file: Vec<u8>) {
    let picture = process(file).unwrap();
    assert_eq!(picture.format, PictureFormat::Jpeg);
    assert!(picture.renditions.iter().all(|(_, bytes)| bytes.starts_with(&[0xFF, 0xD8, 0xFF])));
    assert_quadrants(&picture, AS_IS);
}

#[test]
fn jpegs_of_all_sizes_come_out_right() {
    for side in [16, 48, 100, 512, 600, 1100] {
        assert_opaque_quadrants(rgb_jpeg(&quadrants(side, side)));
    }
}

#[test]
fn a_progressive_jpeg_comes_out_right() {
    for side in [40, 1100] {
        let image = quadrants(side, side);
        assert_opaque_quadrants(jpeg(&image, image.dimensions(), ColorType::Rgba, true, &[]));
    }
}

/// The decoder's own crate compares it for every sampling and restart interval.
#[test]
fn jpegs_look_as_another_decoder_sees_them() {
    // Fine enough to show a wrong coefficient, coarse enough to survive chroma subsampling.
    let wave =
        |x: u32, y: u32, step: u32| (128.0 + 90.0 * ((x * step + y * (7 - step)) as f32 / 40.0).sin()) as u8;
    let scene =
        |side| image::RgbImage::from_fn(side, side, |x, y| Rgb([1, 3, 6].map(|step| wave(x, y, step))));
    for (side, limit) in [(515, 1.5), (1030, 1.2)] {
        let scene = scene(side);
        for progressive in [false, true] {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 90);
            encoder.set_sampling_factor(SamplingFactor::F_2_2);
            encoder.set_progressive(progressive);
            encoder.encode(&scene, side as u16, side as u16, ColorType::Rgb).unwrap();
            let reference = image::load_from_memory(&file).unwrap().to_rgb8();
            let reference = process(png(reference)).unwrap();
            let ([.., a], [.., b]) = (shown(&process(&file).unwrap()), shown(&reference));
            let difference: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            let average = difference as f64 / a.len() as f64;
            assert!(average < limit, "{side} {progressive}: {average}");
        }
    }
}

#[test]
fn a_grey_jpeg_comes_out_grey() {
    let grey: Vec<u8> = (0..64 * 64).map(|i| if i % 64 < 32 { 40 } else { 200 }).collect();
    let picture = process(jpeg(&grey, (64, 64), ColorType::Luma, false, &[])).unwrap();
    let (dark, light) = ([40, 40, 40, 255], [200, 200, 200, 255]);
    assert_quadrants(&picture, [dark, light, dark, light]);
}

#[test]
fn ink_jpegs_are_mixed_to_colours() {
    // Cyan and magenta above yellow and half black.
    let inks = |x: u32, y: u32| match (x >= 32, y >= 32) {
        (false, false) => [255, 0, 0, 0],
        (true, false) => [0, 255, 0, 0],
        (false, true) => [0, 0, 255, 0],
        (true, true) => [0, 0, 0, 128],
    };
    let samples: Vec<u8> = (0..64 * 64).flat_map(|i| inks(i % 64, i / 64)).collect();
    let expected = [[0, 255, 255, 255], [255, 0, 255, 255], [255, 255, 0, 255], [127, 127, 127, 255]];
    for kind in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        for progressive in [false, true] {
            assert_quadrants(&process(jpeg(&samples, (64, 64), kind, progressive, &[])).unwrap(), expected);
        }
    }
}

#[test]
fn pngs_of_every_colour_type_come_out_right() {
    let image = DynamicImage::from(quadrants(48, 48));
    assert_opaque_quadrants(png(image.to_rgb8()));
    assert_opaque_quadrants(png(image.to_rgba8()));
    assert_opaque_quadrants(png(image.to_rgb16()));
    assert_opaque_quadrants(png(image.to_rgba16()));
    let luma = |[r, g, b, a]: [u8; 4]| {
        let grey =
            DynamicImage::from(RgbaImage::from_pixel(1, 1, Rgba([r, g, b, a]))).to_luma8().get_pixel(0, 0).0
                [0];
        [grey, grey, grey, a]
    };
    assert_quadrants(&process(png(image.to_luma8())).unwrap(), AS_IS.map(luma));
    assert_quadrants(&process(png(image.to_luma16())).unwrap(), AS_IS.map(luma));
    assert_three_quadrants(png(three_quadrants(48)));
    assert_three_quadrants(png(DynamicImage::from(three_quadrants(48)).to_rgba16()));
    let grey =
        GrayAlphaImage::from_fn(48, 48, |x, _| if x < 24 { LumaA([90, 255]) } else { LumaA([200, 0]) });
    let picture = process(png(grey)).unwrap();
    assert_quadrants(&picture, [[90, 90, 90, 255], [0; 4], [90, 90, 90, 255], [0; 4]]);
}

/// A PNG of the given bit depth with a palette whose last colour is transparent.
fn palette_png(depth: png::BitDepth, interlaced: bool) -> Vec<u8> {
    let side = 40u32;
    let bits = depth as usize;
    let index = |x: u32, y: u32| u8::from(x >= side / 2) + 2 * u8::from(y >= side / 2);
    // The rows in the order of the file: seven passes if interlaced.
    let passes: &[[usize; 4]] = match interlaced {
        false => &[[0, 1, 0, 1]],
        true => &[
            [0, 8, 0, 8],
            [4, 8, 0, 8],
            [0, 4, 4, 8],
            [2, 4, 0, 4],
            [0, 2, 2, 4],
            [1, 2, 0, 2],
            [0, 1, 1, 2],
        ],
    };
    let mut raw = Vec::new();
    for &[x0, dx, y0, dy] in passes {
        for y in (y0 as u32..side).step_by(dy) {
            raw.push(0);
            let mut row = vec![0u8; (side as usize - x0).div_ceil(dx).saturating_mul(bits).div_ceil(8)];
            for (i, x) in (x0 as u32..side).step_by(dx).enumerate() {
                row[i * bits / 8] |= index(x, y) << (8 - bits - i * bits % 8);
            }
            raw.extend(row);
        }
    }
    let palette: Vec<u8> = AS_IS.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    let header =
        [&side.to_be_bytes()[..], &side.to_be_bytes(), &[depth as u8, 3, 0, 0, u8::from(interlaced)]]
            .concat();
    let empty = b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82".to_vec();
    let chunks: [(&[u8; 4], Vec<u8>); 4] = [
        (b"IHDR", header),
        (b"PLTE", palette),
        (b"tRNS", vec![255, 255, 255, 0]),
        (b"IDAT", stored_zlib(&raw)),
    ];
    chunks.iter().fold(empty, |file, (kind, body)| with_chunk(file, kind, body, false))
}

/// A zlib stream that stores `raw` uncompressed.
fn stored_zlib(raw: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1u32, 0u32);
    for &byte in raw {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let length = raw.len() as u16;
    [&[0x78, 1, 1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), raw, &(b << 16 | a).to_be_bytes()]
        .concat()
}

#[test]
fn palette_pngs_of_every_depth_come_out_right_interlaced_or_not() {
    for depth in [png::BitDepth::Two, png::BitDepth::Four, png::BitDepth::Eight] {
        for interlaced in [false, true] {
            assert_three_quadrants(palette_png(depth, interlaced));
        }
    }
}

#[test]
fn large_pngs_are_averaged_in_strips() {
    assert_opaque_quadrants(png(DynamicImage::from(quadrants(1100, 1300)).to_rgb8()));
    assert_three_quadrants(png(three_quadrants(1100)));
}

#[test]
fn webps_of_every_kind_come_out_right() {
    assert_opaque_quadrants(from_hex(LOSSY_WEBP));
    assert_three_quadrants(from_hex(LOSSY_ALPHA_WEBP));
    assert_opaque_quadrants(lossless_webp(&quadrants(48, 48)));
    assert_three_quadrants(lossless_webp(&three_quadrants(48)));
}

#[test]
fn of_an_animation_the_first_frame_is_shown() {
    let picture = process(from_hex(ANIMATED_WEBP)).unwrap();
    let red = shown(&picture)[3].get_pixel(100, 100).0;
    assert!(red[0] > 150 && red[1] < 90 && red[2] < 90, "{red:?}");
    assert_opaque_quadrants(gif(&quadrants(48, 48), false));
}

#[test]
fn gifs_come_out_right_interlaced_or_not() {
    for interlaced in [false, true] {
        assert_opaque_quadrants(gif(&quadrants(49, 50), interlaced));
        assert_three_quadrants(gif(&three_quadrants(48), interlaced));
    }
}

#[test]
fn a_gif_frame_that_covers_only_a_part_leaves_the_rest_transparent() {
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, 40, 40, &[]).unwrap();
    let mut frame = gif::Frame::from_rgba(20, 20, &mut RED.repeat(400));
    (frame.left, frame.top) = (20, 20);
    encoder.write_frame(&frame).unwrap();
    drop(encoder);
    assert_quadrants(&process(file).unwrap(), [[0; 4], [0; 4], [0; 4], RED]);
}

#[test]
fn narrow_gifs_are_taken_whatever_they_show() {
    // Strings of pixels are longer than rows here, and end anywhere in them.
    let colour = |i: u32| [RED, GREEN, BLUE, WHITE][(i.wrapping_mul(2_654_435_761) >> 13 & 3) as usize];
    for (width, height) in [(11, 29), (7, 7), (5, 5), (1, 40)] {
        let noise = RgbaImage::from_fn(width, height, |x, y| Rgba(colour(y * width + x)));
        let flat = RgbaImage::from_pixel(width, height, Rgba(BLUE));
        for image in [noise, flat] {
            // The pixels are the same, and so are the renditions.
            let expected = process(png(image.clone())).unwrap();
            for interlaced in [false, true] {
                let seen = process(gif(&image, interlaced)).unwrap();
                assert_eq!(seen.id, expected.id, "{width} × {height}, {interlaced}");
            }
        }
    }
}

#[test]
fn unknown_extensions_of_a_gif_are_skipped() {
    let file = gif(&three_quadrants(48), false);
    // After the header and the palette of the file.
    let at = 13 + if file[10] & 0x80 == 0 { 0 } else { 6 << (file[10] & 7) };
    let unknown: [&[u8]; 4] = [
        b"\x21\x99\x03abc\x00",
        b"\x21\x00\x00",
        b"\x21\xFE\x02hi\x01!\x00\x21\x01\x0C0123456789ab\x01x\x00",
        // A graphic control of a later version, and one that is cut, with an end too many.
        b"\x21\xF9\x06\x00\x00\x00\x00\x00\x00\x00\x21\xF9\x01\x01\x00\x00",
    ];
    for extension in unknown {
        assert_three_quadrants([&file[..at], extension, &file[at..]].concat());
    }
    // No frame at all, and an end within an extension.
    for rest in [&b"\x3B"[..], b"\x21\x99\x03abc\x00\x3B", b"\x21\x99\x03a", b""] {
        let result = process([&file[..at], rest].concat());
        assert!(matches!(result, Err(PictureError::Unreadable)), "{result:?}");
    }
}

#[test]
fn a_webp_frame_smaller_than_its_canvas_leaves_the_rest_transparent() {
    let lossless = lossless_webp(&RgbaImage::from_pixel(32, 32, Rgba(RED)));
    for (frame, corners) in [(lossless, [RED; 4]), (from_hex(LOSSY_WEBP), AS_IS)] {
        // With the mark of alpha and without it.
        for flags in [0b1_0010, 0b10] {
            let picture = process(animated_webp(&frame, (32, 64), (32, 32), (96, 96), flags)).unwrap();
            assert_eq!(picture.format, PictureFormat::Png);
            let image = &shown(&picture)[3];
            let ninth = |x: u32, y: u32| image.get_pixel(512 / 3 * x + 85, 512 / 3 * y + 85).0;
            for (x, y) in (0..3).flat_map(|x| (0..3).map(move |y| (x, y))) {
                assert_eq!(ninth(x, y)[3], if (x, y) == (1, 2) { 255 } else { 0 }, "{x} {y}");
            }
            assert_near(&image.get_pixel(200, 370).0, &corners[0]);
            assert_near(&image.get_pixel(310, 480).0, &corners[3]);
        }
        let whole = process(animated_webp(&frame, (0, 0), (32, 32), (32, 32), 0b10)).unwrap();
        assert_eq!(whole.format, PictureFormat::Jpeg);
        assert_quadrants(&whole, corners);
    }
}

#[test]
fn a_webp_frame_beyond_its_canvas_or_of_another_size_is_unreadable() {
    let frame = lossless_webp(&RgbaImage::from_pixel(24, 24, Rgba(RED)));
    for (place, size) in [((26, 24), (24, 24)), ((0, 26), (24, 24)), ((0, 0), (24, 23)), ((0, 0), (25, 24))] {
        let result = process(animated_webp(&frame, place, size, (48, 48), 0b10));
        assert!(matches!(result, Err(PictureError::Unreadable)), "{result:?}");
    }
}

#[test]
fn the_smallest_and_the_thinnest_pictures_are_taken() {
    for (width, height) in [(1, 1), (1, 10_000), (10_000, 1), (3, 2)] {
        let image = RgbaImage::from_pixel(width, height, Rgba(BLUE));
        for file in [rgb_jpeg(&image), png(image.clone()), lossless_webp(&image), gif(&image, false)] {
            assert_quadrants(&process(file).unwrap(), [BLUE; 4]);
        }
    }
}

#[test]
fn the_same_file_has_the_same_id_and_another_has_another() {
    let (one, other) = (rgb_jpeg(&quadrants(48, 48)), rgb_jpeg(&RgbaImage::from_pixel(48, 48, Rgba(RED))));
    assert_eq!(process(&one).unwrap().id, process(&one).unwrap().id);
    assert_ne!(process(&one).unwrap().id, process(&other).unwrap().id);
}

#[test]
fn fine_patterns_do_not_become_coarse_ones() {
    // Lines one pixel wide in 1100 pixels: anything but an even grey at 64 pixels is an artefact.
    let lines =
        image::RgbImage::from_fn(1100, 1100, |x, _| if x % 2 == 0 { Rgb([255; 3]) } else { Rgb([0; 3]) });
    let picture = process(png(lines)).unwrap();
    for pixel in shown(&picture)[0].pixels() {
        assert_near(&pixel.0, &[128, 128, 128, 255]);
    }
}
