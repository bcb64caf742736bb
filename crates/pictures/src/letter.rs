//! The picture of an account without an uploaded one: a letter on a colour of the account's own.

/// The contrast ratio that WCAG 2 requires for text at level AA.
const CONTRAST: f64 = 4.5;

/// A square SVG with `letter` (one user-perceived character) in white on the colour of `hue` (degrees, any
/// number).
///
/// The colour is dark enough for a contrast ratio of at least 4.5 : 1. The letter is escaped.
pub fn letter_svg(letter: &str, hue: u16) -> String {
    let [r, g, b] = background(hue);
    let letter = escaped(letter);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 512 512\" role=\"img\">\
         <rect width=\"512\" height=\"512\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>\
         <text x=\"256\" y=\"256\" dy=\".36em\" fill=\"#ffffff\" font-size=\"256\" font-weight=\"500\" \
         text-anchor=\"middle\" font-family=\"system-ui, -apple-system, \
         'Segoe UI', Roboto, 'Noto Sans', sans-serif\">{letter}</text></svg>\n"
    )
}

/// The letter for a name: its first letter or digit in upper case, or `?` if it has none.
pub fn letter_for(display_name: &str) -> String {
    let Some(first) = display_name.chars().find(|c| c.is_alphanumeric()) else {
        return "?".to_owned();
    };
    let mut upper = first.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only.to_string(),
        // `ß` in upper case is two letters, and the picture has room for one.
        _ => first.to_string(),
    }
}

/// The hue of an account, 0 to 359 degrees. Consecutive ids are a golden angle apart, so that people who
/// signed up together have different colours.
pub fn hue_for(account_id: i64) -> u16 {
    // 2^64 divided by the golden ratio: the upper bits of the product are the fraction of a full turn.
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let turn = account_id.cast_unsigned().wrapping_mul(GOLDEN);
    ((u128::from(turn) * 360) >> 64) as u16
}

/// The lightest colour of the hue, at a moderate saturation, on which white text is readable.
fn background(hue: u16) -> [u8; 3] {
    let hue = f64::from(hue % 360);
    (0..=60)
        .rev()
        .map(|lightness| hsl(hue, 0.55, f64::from(lightness) / 100.0))
        .find(|&colour| contrast_with_white(colour) >= CONTRAST)
        .unwrap_or([0; 3])
}

fn hsl(hue: f64, saturation: f64, lightness: f64) -> [u8; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset| {
        let k = (offset + hue / 30.0) % 12.0;
        let value = lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        (value * 255.0).round() as u8
    })
}

/// WCAG 2 contrast ratio of a colour with white.
fn contrast_with_white(colour: [u8; 3]) -> f64 {
    let [r, g, b] = colour.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)
}

/// Escapes `text` for XML, and drops the characters that XML cannot contain.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            _ if character.is_control() => {}
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn white_can_be_read_on_every_hue() {
        for hue in 0..360 {
            let svg = letter_svg("A", hue);
            let hex = &svg[svg.find("fill=\"#").unwrap() + 7..][..6];
            let colour = [0, 2, 4].map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
            let contrast = contrast_with_white(colour);
            assert!((4.5..7.0).contains(&contrast), "hue {hue}: {contrast}");
        }
        assert!((contrast_with_white([0; 3]) - 21.0).abs() < 0.01);
        assert!((contrast_with_white([0x76; 3]) - 4.54).abs() < 0.01);
    }

    #[test]
    fn the_letter_cannot_break_out_of_the_text() {
        let svg = letter_svg("</text><script>alert('&\"')\0</script>", 7);
        assert!(svg.contains("&lt;/text&gt;&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"));
        assert_eq!(svg.matches('<').count(), 5);
    }

    #[test]
    fn the_letter_is_the_first_that_can_be_read() {
        for (name, letter) in [
            ("ada", "A"),
            ("  «émile»", "É"),
            ("7even", "7"),
            ("жанна", "Ж"),
            ("ßeta", "ß"),
            ("李雷", "李"),
            ("", "?"),
            ("-_!", "?"),
            ("😀 bo", "B"),
        ] {
            assert_eq!(letter_for(name), letter, "{name}");
        }
    }

    #[test]
    fn neighbours_get_hues_far_apart() {
        for id in [0, 1, 41, 1_000_000, i64::MAX - 1, i64::MIN] {
            let apart = hue_for(id).abs_diff(hue_for(id.wrapping_add(1)));
            assert!((100..=260).contains(&apart), "{id}: {apart}");
        }
        let hues: HashSet<u16> = (1..=100).map(hue_for).collect();
        assert!(hues.len() > 95);
        assert!((1..10_000).all(|id| hue_for(id) < 360));
    }
}
