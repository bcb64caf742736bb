//! The lists in `Accept…` headers (RFC 9110, section 12.4.2): values, each with a quality from 0 to 1.

/// One member of such a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QValue<'h> {
    /// The accepted value, such as `text/html` or `fr-CA`, without parameters.
    pub value: &'h str,
    /// The preference from 0 to 1. It is 1 if the member has none, and 0 if it is not a number from 0 to 1.
    pub quality: f32,
}

/// How many bytes of such a header are read. Browsers send about 150.
const LONGEST: usize = 1024;

/// The members of `header` in the order of the header. At most `most` of them and 1,024 bytes are read:
/// clients do not send more, and a header of 32 KiB must not cost more than a short one.
pub fn q_values(header: &str, most: usize) -> impl Iterator<Item = QValue<'_>> {
    let header = &header[..header.floor_char_boundary(LONGEST)];
    header.split(',').take(most).map(|member| {
        let mut parts = member.split(';');
        let value = parts.next().unwrap_or_default().trim();
        let quality = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
        // A quality above 1 is invalid too, and would beat every valid one.
        let quality = if (0.0..=1.0).contains(&quality) { quality } else { 0.0 };
        QValue { value, quality }
    })
}

/// The language tags of an `Accept-Language` header (RFC 9110, section 12.5.4), in descending order of
/// quality; tags of equal quality keep the order of the header. Tags of quality 0 are left out. At most 20
/// are read.
pub fn accepted_languages(header: Option<&str>) -> Vec<&str> {
    let mut accepted: Vec<QValue<'_>> =
        q_values(header.unwrap_or_default(), 20).filter(|tag| tag.quality > 0.0).collect();
    accepted.sort_by(|one, other| other.quality.total_cmp(&one.quality));
    accepted.into_iter().map(|tag| tag.value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quality_that_is_missing_is_one_and_one_that_is_no_number_is_none() {
        let read: Vec<_> =
            q_values("a, b;q=0.5 ; x=y,c; q=x,;q=0.1,d;q= 0.25", 9).map(|q| (q.value, q.quality)).collect();
        assert_eq!(read, [("a", 1.0), ("b", 0.5), ("c", 0.0), ("", 0.1), ("d", 0.25)]);
    }

    #[test]
    fn no_more_members_are_read_than_wanted() {
        assert_eq!(q_values("a,b,c", 2).count(), 2);
        let many = vec!["de"; 20].join(",") + ",fr";
        assert!(!accepted_languages(Some(&many)).contains(&"fr"));
        let long = format!("de{},fr", ";é".repeat(1_000));
        assert_eq!(accepted_languages(Some(&long)), ["de"]);
        let long = format!("de{}q=0,fr", ";".repeat(1_100));
        assert_eq!(accepted_languages(Some(&long)), ["de"], "what stands behind is not read");
    }

    #[test]
    fn languages_come_by_quality_then_by_order() {
        assert_eq!(accepted_languages(Some("fr-CA,fr;q=0.9,en;q=0.8")), ["fr-CA", "fr", "en"]);
        assert_eq!(accepted_languages(Some("de;q=0.2, ru;q=0.3, en;q=0.3")), ["ru", "en", "de"]);
        assert_eq!(accepted_languages(Some("fr;q=0, *")), ["*"]);
        assert_eq!(
            accepted_languages(Some("fr;q=nonsense,fr;q=NaN,fr;q=1.1,fr;q=inf,fr;q=-1")),
            Vec::<&str>::new()
        );
        // An empty header has one member, which names no language.
        assert_eq!(accepted_languages(None), [""]);
    }
}
