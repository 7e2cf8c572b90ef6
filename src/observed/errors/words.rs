//! A text as bare words, so that one row of a table finds all spellings of a phrase.

/// So much of a text is read: what is wrong stands at its beginning.
const READ: usize = 4_096;

/// A text in small letters, its words apart by single blanks, with a blank before and after. Words that stand together
/// as `NotFoundError` and `not_found` are several; a sign before a number stays.
pub(super) fn of(text: &str) -> String {
    let characters: Vec<char> = text.chars().take(READ).collect();
    let mut words = String::from(" ");
    for (index, &character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| characters.get(index));
        let after = characters.get(index + 1);
        let is =
            |neighbour: Option<&char>, what: fn(char) -> bool| neighbour.is_some_and(|c| what(*c));
        let begins = character.is_uppercase()
            && (is(before, char::is_lowercase)
                || is(before, char::is_uppercase) && is(after, char::is_lowercase));
        let inside = character.is_alphanumeric()
            || character == '-'
                && is(after, |c| c.is_ascii_digit())
                && !is(before, char::is_alphanumeric)
            || matches!(character, '\'' | '’')
                && is(before, char::is_alphabetic)
                && is(after, char::is_alphabetic);
        if (begins || !inside) && !words.ends_with(' ') {
            words.push(' ');
        }
        if character == '’' && inside {
            words.push('\'');
        } else if inside {
            words.extend(character.to_lowercase());
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn spellings_are_one() {
        for (text, words) in [
            ("NotFoundError: no", " not found error no "),
            ("HTTPStatusError", " http status error "),
            ("rate_limit-exceeded!", " rate limit exceeded "),
            ("MCP error -32602: x", " mcp error -32602 x "),
            ("It doesn’t exist", " it doesn't exist "),
            (
                "'quoted' ECONNREFUSED 127.0.0.1:1",
                " quoted econnrefused 127 0 0 1 1 ",
            ),
            ("", " "),
        ] {
            assert_eq!(of(text), words);
        }
    }
}
