//! JSON Pointer (RFC 6901).

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Room for one more token of the usual length.
const ROOM: usize = 24;

/// A JSON Pointer in its string form: empty for the whole value, else `/a/b~1c/0`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole value.
    pub fn root() -> Self {
        Self::default()
    }

    /// This pointer with one more reference token, escaped as needed.
    #[must_use]
    pub fn join(&self, token: impl fmt::Display) -> Self {
        let mut text = String::with_capacity(self.0.len() + ROOM);
        text.push_str(&self.0);
        text.push('/');
        let begin = text.len();
        write!(text, "{token}").expect("writing to a string does not fail");
        if text[begin..].contains(['~', '/']) {
            let escaped = text[begin..].replace('~', "~0").replace('/', "~1");
            text.replace_range(begin.., &escaped);
        }
        Self(text)
    }

    /// The pointer of its string form, or nothing where that is not one.
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// The reference tokens, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0
            .split('/')
            .skip(usize::from(self.0.starts_with('/')))
            .filter(|_| !self.0.is_empty())
            .map(|token| {
                if token.contains('~') {
                    Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
                } else {
                    token.into()
                }
            })
    }

    /// The string form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this points at the whole value.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_escaping() {
        let pointer = Pointer::root().join("a/b").join("m~n").join(0).join("");
        assert_eq!(pointer.as_str(), "/a~1b/m~0n/0/");
        assert_eq!(
            pointer.tokens().collect::<Vec<_>>(),
            ["a/b", "m~n", "0", ""]
        );
        assert_eq!(Pointer::root().tokens().count(), 0);
    }
}
