//! `${VAR}`, `${VAR:-default}` and `$$`: filling in what the environment has, and remembering that it is secret.

use crate::secrets::Secrets;

/// How a variable is looked up.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What is wrong with one reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The text at fault, as it stands in the file: `${TOKEN}`.
    pub text: String,
    /// What is wrong, in a clause; never a value.
    pub message: String,
    /// What to write or do instead.
    pub help: Option<String>,
}

/// Fills in every reference. Values from the environment, not defaults, are added to `secrets`.
///
/// A `$` before anything but `{` and `$` stays as it is.
///
/// # Errors
/// Every reference that is unset or malformed.
pub(super) fn fill(
    text: &str,
    env: Lookup<'_>,
    secrets: &mut Secrets,
) -> Result<String, Vec<Fault>> {
    let mut filled = String::with_capacity(text.len());
    let mut faults = Vec::new();
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        filled.push_str(&rest[..dollar]);
        rest = &rest[dollar..];
        if let Some(after) = rest.strip_prefix("$$") {
            filled.push('$');
            rest = after;
        } else if let Some(inner) = rest.strip_prefix("${") {
            let Some(end) = inner.find('}') else {
                faults.push(Fault {
                    text: rest.to_owned(),
                    message: "`${` without `}`".to_owned(),
                    help: Some("a dollar itself is written `$$`".to_owned()),
                });
                return Err(faults);
            };
            match value(&inner[..end], env, secrets) {
                Ok(value) => filled.push_str(&value),
                Err((message, help)) => {
                    faults.push(Fault {
                        text: rest[..end + 3].to_owned(),
                        message,
                        help,
                    });
                }
            }
            rest = &inner[end + 1..];
        } else {
            filled.push('$');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    if faults.is_empty() {
        Ok(filled)
    } else {
        Err(faults)
    }
}

/// Whether a text has a reference in it.
pub(super) fn has_reference(text: &str) -> bool {
    text.contains("${")
}

fn value(
    inner: &str,
    env: Lookup<'_>,
    secrets: &mut Secrets,
) -> Result<String, (String, Option<String>)> {
    let (name, default) = match inner.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    let mut characters = name.chars();
    let named = characters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !named || default.is_some_and(|default| default.contains("${")) {
        return Err((
            "not a reference to a variable".to_owned(),
            Some("write `${NAME}` or `${NAME:-default}`; a dollar itself is `$$`".to_owned()),
        ));
    }
    match (env(name), default) {
        (Some(value), None) => {
            secrets.add(name, value.as_str());
            Ok(value)
        }
        (Some(value), Some(_)) if !value.is_empty() => {
            secrets.add(name, value.as_str());
            Ok(value)
        }
        (_, Some(default)) => Ok(default.to_owned()),
        (None, None) => Err((
            format!("environment variable `{name}` is not set"),
            Some(format!("set it, or give a default: `${{{name}:-…}}`")),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(name: &str) -> Option<String> {
        match name {
            "TOKEN" => Some("s3cret-token".to_owned()),
            "EMPTY" => Some(String::new()),
            "NESTED" => Some("${TOKEN}".to_owned()),
            _ => None,
        }
    }

    fn filled(text: &str) -> Result<String, Vec<String>> {
        fill(text, &env, &mut Secrets::default()).map_err(|faults| {
            faults
                .into_iter()
                .map(|fault| format!("{}: {}", fault.text, fault.message))
                .collect()
        })
    }

    #[test]
    fn references_are_filled_in_once() {
        assert_eq!(filled("a ${TOKEN} b"), Ok("a s3cret-token b".into()));
        assert_eq!(
            filled("${NONE:-x y}|${EMPTY:-z}|${EMPTY}|${NONE:-}"),
            Ok("x y|z||".into())
        );
        assert_eq!(
            filled("$$ $${TOKEN} $TOKEN $"),
            Ok("$ ${TOKEN} $TOKEN $".into())
        );
        assert_eq!(
            filled("${NESTED}"),
            Ok("${TOKEN}".into()),
            "a value is not read again"
        );
    }

    #[test]
    fn every_fault_is_named() {
        assert_eq!(
            filled("${A} ${TOKEN} ${B}"),
            Err(vec![
                "${A}: environment variable `A` is not set".into(),
                "${B}: environment variable `B` is not set".into(),
            ])
        );
        for bad in [
            "${}",
            "${A-b}",
            "${1A}",
            "${A:?no}",
            "${A",
            "${A:-${B}}",
            "${ A }",
        ] {
            assert!(filled(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_what_the_environment_gave_is_secret() {
        let mut secrets = Secrets::default();
        fill("${TOKEN} ${NONE:-harmless}", &env, &mut secrets).expect("both are known");
        assert_eq!(secrets.redact("s3cret-token harmless"), "${TOKEN} harmless");
    }
}
