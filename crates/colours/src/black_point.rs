//! Black point compensation: the darkest ink becomes black. Without it every picture from a press looks faded
//! on a screen, since ink on paper reflects some percent of the light.
//!
//! The light between the darkest ink and paper is stretched over the whole range (ISO 18619).

use std::sync::LazyLock;

/// The most light that a darkest ink may reflect, of one: 50 in CIE L*. A profile that says more is strange.
const MOST: f32 = 0.184_187;
/// The bits of a value that is looked up: sixteen times the steps of the result.
const BITS: u32 = 12;

/// Stretches values in sRGB.
pub(crate) struct Compensation(Vec<u8>);

impl Compensation {
    /// The compensation for this darkest colour in sRGB, 16 bits a value. It keeps grey grey: the colour of
    /// the darkest ink does not matter.
    pub fn new([red, green, blue]: [u16; 3]) -> Self {
        let linear = &*LINEAR;
        let light = |value: u16| linear[usize::from(value >> (16 - BITS))];
        let darkest = (0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue)).min(MOST);
        let stretched = |light: &f32| encoded((light - darkest) / (1.0 - darkest));
        Self(linear.iter().map(stretched).collect())
    }

    /// A value in sRGB, from 16 bits to 8.
    pub fn apply(&self, value: u16) -> u8 {
        self.0[usize::from(value >> (16 - BITS))]
    }
}

/// The light of each value of [`BITS`] bits in sRGB (IEC 61966-2-1).
static LINEAR: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let last = (1 << BITS) - 1;
    let linear = |value: u32| {
        let value = value as f32 / last as f32;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    (0..=last).map(linear).collect()
});

fn encoded(light: f32) -> u8 {
    let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    // A float out of range saturates.
    (value * 255.0 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_darkest_becomes_black_and_white_stays() {
        let compensation = Compensation::new([0x3000, 0x3100, 0x2F00]);
        assert_eq!(compensation.apply(0x3000), 0);
        assert_eq!(compensation.apply(0x1000), 0);
        assert_eq!(compensation.apply(u16::MAX), 255);
        let middle = compensation.apply(0x8000);
        assert!((116..128).contains(&middle), "{middle}");
    }

    #[test]
    fn true_black_changes_nothing() {
        let compensation = Compensation::new([0; 3]);
        for value in 0..=255u8 {
            assert!(compensation.apply(u16::from(value) * 257).abs_diff(value) <= 1);
        }
    }

    #[test]
    fn a_strange_darkest_ink_takes_no_more_than_half_of_the_lightness() {
        let compensation = Compensation::new([u16::MAX; 3]);
        assert_eq!(compensation.apply(u16::MAX), 255);
        assert!(compensation.apply(0xC000) > 100);
    }
}
