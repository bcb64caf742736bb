//! The names of languages, for authors who call a file by the name in place of the code.

/// Code, English name and the name that its speakers use, of the languages of most websites.
const LANGUAGES: [(&str, &str, &str); 36] = [
    ("ar", "arabic", "العربية"),
    ("bg", "bulgarian", "Български"),
    ("ca", "catalan", "Català"),
    ("cs", "czech", "Čeština"),
    ("da", "danish", "Dansk"),
    ("de", "german", "Deutsch"),
    ("el", "greek", "Ελληνικά"),
    ("en", "english", "English"),
    ("es", "spanish", "Español"),
    ("et", "estonian", "Eesti"),
    ("fa", "persian", "فارسی"),
    ("fi", "finnish", "Suomi"),
    ("fr", "french", "Français"),
    ("he", "hebrew", "עברית"),
    ("hi", "hindi", "हिन्दी"),
    ("hr", "croatian", "Hrvatski"),
    ("hu", "hungarian", "Magyar"),
    ("id", "indonesian", "Indonesia"),
    ("it", "italian", "Italiano"),
    ("ja", "japanese", "日本語"),
    ("ko", "korean", "한국어"),
    ("lt", "lithuanian", "Lietuvių"),
    ("lv", "latvian", "Latviešu"),
    ("nb", "norwegian", "Norsk bokmål"),
    ("nl", "dutch", "Nederlands"),
    ("pl", "polish", "Polski"),
    ("pt", "portuguese", "Português"),
    ("ro", "romanian", "Română"),
    ("ru", "russian", "Русский"),
    ("sk", "slovak", "Slovenčina"),
    ("sl", "slovenian", "Slovenščina"),
    ("sv", "swedish", "Svenska"),
    ("tr", "turkish", "Türkçe"),
    ("uk", "ukrainian", "Українська"),
    ("vi", "vietnamese", "Tiếng Việt"),
    ("zh", "chinese", "中文"),
];

/// The language of this code or name, such as `de`, `de-AT`, `german` or `Deutsch`.
pub(in crate::theme) fn find(word: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let plain = word.to_lowercase();
    let code = plain.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES
        .into_iter()
        .find(|(known, english, own)| *known == code || *english == plain || own.to_lowercase() == plain)
}
