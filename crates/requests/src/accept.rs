//! Content negotiation (RFC 9110, section 12.5.1): JSON for programs that prefer it, pages for all other
//! clients.

use super::q_values::q_values;

/// The maximum number of members of an `Accept` header that are read.
const MOST_RANGES: usize = 50;

/// Whether an `Accept` header prefers `application/json` over `text/html`. `*/*`, an empty header and an
/// invalid one do not.
///
/// With equal quality, a type that is named beats one that only a wildcard covers, because JSON clients such
/// as axios send `application/json, text/plain, */*`. If both are named, the earlier one wins.
pub fn wants_json(accept: Option<&str>) -> bool {
    let Some(accept) = accept else { return false };
    let json = rank(accept, "application", "json");
    let html = rank(accept, "text", "html");
    match (json, html) {
        (Some(json), Some(html)) => json.beats(&html),
        (Some(json), None) => json.specificity > 0,
        (None, _) => false,
    }
}

struct Rank {
    quality: f32,
    specificity: u8,
    position: usize,
}

impl Rank {
    fn beats(&self, other: &Self) -> bool {
        if self.quality != other.quality {
            return self.quality > other.quality;
        }
        if self.specificity != other.specificity {
            return self.specificity > other.specificity;
        }
        self.specificity == 2 && self.position < other.position
    }
}

/// The rank of the type by the most specific range that covers it; `None` if it is not acceptable.
fn rank(accept: &str, kind: &str, subtype: &str) -> Option<Rank> {
    let mut best: Option<Rank> = None;
    for (position, range) in q_values(accept, MOST_RANGES).enumerate() {
        let Some((range_kind, range_subtype)) = range.value.split_once('/') else { continue };
        let specificity =
            if range_kind.eq_ignore_ascii_case(kind) && range_subtype.eq_ignore_ascii_case(subtype) {
                2
            } else if range_kind.eq_ignore_ascii_case(kind) && range_subtype == "*" {
                1
            } else if range_kind == "*" && range_subtype == "*" {
                0
            } else {
                continue;
            };
        if best.as_ref().is_none_or(|best| specificity > best.specificity) {
            best = Some(Rank { quality: range.quality, specificity, position });
        }
    }
    best.filter(|rank| rank.quality > 0.0)
}

#[cfg(test)]
mod tests {
    use super::wants_json;

    #[test]
    fn programs_that_prefer_json_get_it() {
        for accept in [
            "application/json",
            "application/json, text/plain, */*",
            "application/json;q=0.9, text/html;q=0.8",
            "application/json, text/html",
            "text/html;q=0, application/json",
            "application/json, text/html;q=0.9",
        ] {
            assert!(wants_json(Some(accept)), "{accept}");
        }
    }

    #[test]
    fn browsers_and_everybody_else_get_pages() {
        for accept in [
            "*/*",
            "",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
            "text/html, application/json",
            "application/json;q=0.5, text/html",
            "application/json;q=0",
            "application/*, text/*",
            "image/png",
            "nonsense;;q=x,/",
        ] {
            assert!(!wants_json(Some(accept)), "{accept}");
        }
        assert!(!wants_json(None));
    }
}
