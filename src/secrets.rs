//! Values that came from the environment: they reach the server and nothing else.

use std::borrow::Cow;

/// The shortest value that is looked for. A shorter one (`1`, `true`) occurs everywhere by chance.
const SHORTEST: usize = 6;

/// The secret values of one server, by the name of the variable that each came from.
///
/// There is no `Debug`, so that no message prints them by accident.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// Remembers a value and the variable it came from.
    pub fn add(&mut self, variable: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        if value.chars().count() >= SHORTEST && !self.0.iter().any(|(_, known)| *known == value) {
            self.0.push((variable.into(), value));
            // Longest first: a secret that contains another is replaced whole.
            self.0
                .sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        }
    }

    /// The text with every secret value replaced by `${VARIABLE}`, also where JSON escapes it.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for (variable, value) in &self.0 {
            let quoted = serde_json::to_string(value).expect("a string is always JSON text");
            for form in [value.as_str(), quoted.trim_matches('"')] {
                if text.contains(form) {
                    text = Cow::Owned(text.replace(form, &format!("${{{variable}}}")));
                }
            }
        }
        text
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_named_not_shown() {
        let mut secrets = Secrets::default();
        secrets.add("SHORT", "abc");
        secrets.add("TOKEN", "s3cr\"et-value");
        secrets.add("LONGER", "xs3cr\"et-value");
        assert_eq!(
            secrets.redact("abc s3cr\"et-value xs3cr\"et-value"),
            "abc ${TOKEN} ${LONGER}"
        );
        assert_eq!(
            secrets.redact(r#"{"a":"s3cr\"et-value"}"#),
            r#"{"a":"${TOKEN}"}"#
        );
    }
}
