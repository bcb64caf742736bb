//! The square cut out of a picture, and its place among the pixels as the file stores them.

use image::metadata::Orientation;

/// A square part of a picture, in fractions of the picture *as displayed*, that is, after its orientation is
/// applied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crop {
    x: f64,
    y: f64,
    size: f64,
}

impl Crop {
    /// A square whose left edge is `x` × width, whose upper edge is `y` × height, and whose side is `size` ×
    /// the shorter side.
    ///
    /// A square that extends beyond the picture is moved and cut back into it. Returns `None` when a number
    /// is not finite, a corner is negative or the side is not positive.
    pub fn new(x: f64, y: f64, size: f64) -> Option<Self> {
        let sound = x.is_finite() && y.is_finite() && size.is_finite() && x >= 0.0 && y >= 0.0 && size > 0.0;
        sound.then(|| Self { x: x.min(1.0), y: y.min(1.0), size: size.min(1.0) })
    }
}

/// A square in stored pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Square {
    pub x: u32,
    pub y: u32,
    pub side: u32,
}

/// The stored square of a `width` × `height` file that shows `crop` once `orientation` is applied. `None`
/// means the largest centred square.
///
/// Both lengths must be at least 1.
pub(super) fn square_in(crop: Option<Crop>, width: u32, height: u32, orientation: Orientation) -> Square {
    let swapped = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (seen_width, seen_height) = if swapped { (height, width) } else { (width, height) };
    let shorter = width.min(height);
    let (x, y, side) = match crop {
        None => ((seen_width - shorter) / 2, (seen_height - shorter) / 2, shorter),
        Some(crop) => {
            let side = scaled(crop.size, shorter).max(1);
            let x = scaled(crop.x, seen_width).min(seen_width - side);
            let y = scaled(crop.y, seen_height).min(seen_height - side);
            (x, y, side)
        }
    };
    // The margins of the square as displayed. The stored corner consists of two of them.
    let (right, below) = (seen_width - side - x, seen_height - side - y);
    let (x, y) = match orientation {
        Orientation::NoTransforms => (x, y),
        Orientation::FlipHorizontal => (right, y),
        Orientation::Rotate180 => (right, below),
        Orientation::FlipVertical => (x, below),
        Orientation::Rotate90FlipH => (y, x),
        Orientation::Rotate90 => (y, right),
        Orientation::Rotate270FlipH => (below, right),
        Orientation::Rotate270 => (below, x),
    };
    Square { x, y, side }
}

/// `fraction` (0 to 1) of `length`, in whole pixels.
fn scaled(fraction: f64, length: u32) -> u32 {
    // A float that is out of range saturates, so the result stays within `length`.
    ((fraction * f64::from(length)).round() as u32).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, GrayImage, Luma};

    #[test]
    fn a_crop_that_is_no_square_is_refused() {
        for (x, y, size) in [
            (f64::NAN, 0.0, 0.5),
            (0.0, f64::INFINITY, 0.5),
            (0.0, 0.0, f64::NAN),
            (0.0, 0.0, f64::INFINITY),
            (0.0, 0.0, 0.0),
            (0.0, 0.0, -0.5),
            (-0.1, 0.0, 0.5),
            (0.0, -0.1, 0.5),
        ] {
            assert_eq!(Crop::new(x, y, size), None, "{x} {y} {size}");
        }
    }

    #[test]
    fn a_crop_that_reaches_out_is_moved_into_the_picture() {
        let square = square_in(Crop::new(0.9, 0.9, 0.5), 200, 100, Orientation::NoTransforms);
        assert_eq!(square, Square { x: 150, y: 50, side: 50 });
        let square = square_in(Crop::new(5.0, 7.0, 9.0), 200, 100, Orientation::NoTransforms);
        assert_eq!(square, Square { x: 100, y: 0, side: 100 });
    }

    #[test]
    fn the_smallest_crop_is_one_pixel() {
        let square = square_in(Crop::new(0.5, 0.5, 1e-300), 10, 10, Orientation::NoTransforms);
        assert_eq!(square.side, 1);
    }

    #[test]
    fn cropping_before_turning_equals_turning_before_cropping() {
        let (width, height) = (9u32, 6u32);
        let stored = GrayImage::from_fn(width, height, |x, y| Luma([(y * width + x) as u8]));
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).unwrap();
            let mut seen = DynamicImage::ImageLuma8(stored.clone());
            seen.apply_orientation(orientation);
            let crop = Crop::new(2.0 / f64::from(seen.width()), 1.0 / f64::from(seen.height()), 0.5).unwrap();
            let expected = seen.crop_imm(2, 1, 3, 3);

            let square = square_in(Some(crop), width, height, orientation);
            let mut cut = DynamicImage::ImageLuma8(stored.clone()).crop_imm(
                square.x,
                square.y,
                square.side,
                square.side,
            );
            cut.apply_orientation(orientation);
            assert_eq!(cut.to_luma8(), expected.to_luma8(), "orientation {exif}");
        }
    }
}
