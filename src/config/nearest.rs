//! The word that was probably meant by another.

/// The word nearest to `word`, if no more than a quarter of its characters is different.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 4).max(1);
    let near = |candidate: &'a str| (strsim::damerau_levenshtein(word, candidate), candidate);
    let (distance, nearest) = candidates.map(near).min_by_key(|(distance, _)| *distance)?;
    (distance <= most).then_some(nearest)
}
