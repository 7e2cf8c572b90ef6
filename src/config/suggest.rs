//! "Did you mean": the one known word that an unknown one is close to.

/// The known word nearest to `word`: at most two edits away, or a quarter of its length, and no other as near.
/// Upper and lower case, `-` and `_` count as equal.
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    let word = plain(word);
    let limit = 2.max(word.chars().count() / 4);
    let mut best: Option<(usize, &str)> = None;
    let mut unique = true;
    for candidate in known {
        let folded = plain(candidate);
        let distance = strsim::osa_distance(&word, &folded);
        // A short word is two edits away from nearly everything.
        if distance > limit || distance >= folded.chars().count().max(word.chars().count()) {
            continue;
        }
        match best {
            Some((nearest, _)) if distance > nearest => {}
            Some((nearest, other)) if distance == nearest => unique &= other == candidate,
            _ => (best, unique) = (Some((distance, candidate)), true),
        }
    }
    best.filter(|_| unique).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn only_a_near_and_unique_word_is_suggested() {
        let known = ["command", "cwd", "url", "headers", "protocolVersion"];
        assert_eq!(suggest("comand", known), Some("command"));
        assert_eq!(suggest("protocol_version", known), Some("protocolVersion"));
        assert_eq!(suggest("protocolVersoins", known), Some("protocolVersion"));
        assert_eq!(suggest("elephant", known), None);
        assert_eq!(suggest("ab", ["aa", "bb"]), None, "two are as near");
        assert_eq!(suggest("x", ["y"]), None, "nothing of it is right");
    }
}
