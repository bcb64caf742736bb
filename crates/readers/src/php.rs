//! PHP's serialised arrays, as far as WordPress writes them for roles.

/// Bytes of a value that is looked at.
const LONGEST: usize = 16 * 1024;

/// The keys of an array of flags that are true: `a:1:{s:10:"subscriber";b:1;}`. PHP counts bytes.
pub(crate) fn true_keys(text: &str) -> Option<Vec<String>> {
    let rest = text.strip_prefix("a:").filter(|_| text.len() <= LONGEST)?;
    let (count, mut rest) = rest.split_once(":{")?;
    let count: usize = count.parse().ok()?;
    let (mut keys, mut found) = (Vec::new(), 0);
    while rest != "}" {
        let (length, after) = rest.strip_prefix("s:")?.split_once(":\"")?;
        let (key, after) = after.split_at_checked(length.parse().ok()?)?;
        let (value, after) = after.strip_prefix("\";")?.split_once(';')?;
        match value {
            "b:1" | "i:1" | "s:1:\"1\"" => keys.push(key.to_owned()),
            "b:0" | "i:0" => {}
            _ => return None,
        }
        (rest, found) = (after, found + 1);
    }
    (found == count).then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_wordpress_are_read() {
        let two = "a:3:{s:6:\"editor\";b:1;s:3:\"é;\";i:1;s:4:\"none\";b:0;}";
        assert_eq!(true_keys(two), Some(vec!["editor".to_owned(), "é;".to_owned()]));
        assert_eq!(true_keys("a:0:{}"), Some(Vec::new()));
        for junk in [
            "",
            "a:1:{}",
            "a:1:{s:10:\"x\";b:1;}",
            "a:1:{s:1:\"é\";b:1;}",
            "a:1:{s:1:\"x\";b:1;",
            "a:1:{s:99999999999999999999:\"x\";b:1;}",
            "O:1:\"x\":0:{}",
        ] {
            assert_eq!(true_keys(junk), None, "{junk}");
        }
    }
}
