//! Reduces an embedded colour profile to what converting needs, before a library reads it.
//!
//! A profile's table may name the same megabytes thousands of times, as tables of colours or as texts, and
//! the library reads them each time and keeps them. So each tag that says something about colours is named
//! once, and all others are left out.

/// The bytes before the number of tags (ICC.1:2022, section 7.2).
const HEADER: usize = 128;
/// The bytes of a tag's entry in the table: signature, offset and length.
const ENTRY: usize = 12;
/// The most entries that are looked at. Profiles in use have up to about forty.
const MOST_ENTRIES: usize = 100;
/// The tags that describe how colours become those of the connection space.
const COLOUR_TAGS: [&[u8; 4]; 14] = [
    b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"bkpt", b"chad", b"cicp",
    b"A2B0", b"A2B1", b"A2B2",
];

/// The profile with its colour tags alone, each once; `None` if its table is broken or too long.
pub(super) fn colours_only(icc: &[u8]) -> Option<Vec<u8>> {
    let (header, rest) = icc.split_at_checked(HEADER)?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let count = usize::try_from(u32::from_be_bytes(*count)).ok().filter(|count| *count <= MOST_ENTRIES)?;
    let (table, content) = rest.split_at_checked(count * ENTRY)?;
    let (entries, _) = table.as_chunks::<ENTRY>();
    let mut kept: Vec<&[u8; ENTRY]> = Vec::with_capacity(COLOUR_TAGS.len());
    for entry in entries {
        let known = COLOUR_TAGS.iter().any(|tag| entry.starts_with(*tag));
        if known && !kept.iter().any(|other| other[..4] == entry[..4]) {
            kept.push(entry);
        }
    }
    // Offsets count from the beginning of the file, so the content stays where it is.
    let mut reduced = Vec::with_capacity(icc.len());
    reduced.extend_from_slice(header);
    reduced.extend_from_slice(&u32::try_from(kept.len()).ok()?.to_be_bytes());
    kept.iter().for_each(|entry| reduced.extend_from_slice(*entry));
    reduced.resize(icc.len() - content.len(), 0);
    reduced.extend_from_slice(content);
    Some(reduced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(tags: &[&[u8; 4]], content: &[u8]) -> Vec<u8> {
        let mut icc = vec![7; HEADER];
        icc.extend((tags.len() as u32).to_be_bytes());
        for tag in tags {
            icc.extend(*tag);
            icc.extend(((HEADER + 4 + tags.len() * ENTRY) as u32).to_be_bytes());
            icc.extend((content.len() as u32).to_be_bytes());
        }
        icc.extend(content);
        icc
    }

    fn tags(icc: &[u8]) -> Vec<[u8; 4]> {
        let count = u32::from_be_bytes(icc[HEADER..HEADER + 4].try_into().unwrap()) as usize;
        let table = &icc[HEADER + 4..][..count * ENTRY];
        table.as_chunks::<ENTRY>().0.iter().map(|entry| entry[..4].try_into().unwrap()).collect()
    }

    #[test]
    fn texts_and_repetitions_are_left_out_and_the_content_stays() {
        let icc = profile(&[b"desc", b"A2B0", b"cprt", b"A2B0", b"rTRC", b"xxxx", b"A2B0"], b"content");
        let reduced = colours_only(&icc).unwrap();
        assert_eq!(tags(&reduced), [*b"A2B0", *b"rTRC"]);
        assert_eq!((reduced.len(), &reduced[..HEADER]), (icc.len(), &icc[..HEADER]));
        assert!(reduced.ends_with(b"content"));
        let entry = |icc: &[u8], place: usize| icc[HEADER + 4 + place * ENTRY..][..ENTRY].to_vec();
        assert_eq!(entry(&reduced, 0), entry(&icc, 1));
    }

    #[test]
    fn a_table_that_is_too_long_or_broken_is_none() {
        assert!(colours_only(&profile(&[b"A2B0"; MOST_ENTRIES], b"x")).is_some());
        assert!(colours_only(&profile(&[b"A2B0"; MOST_ENTRIES + 1], b"x")).is_none());
        let icc = profile(&[b"A2B0"], b"");
        assert!(colours_only(&icc[..icc.len() - 1]).is_none() && colours_only(b"short").is_none());
    }
}
