//! Whether the name of a member is that of a field, or data.
//!
//! When in doubt it is data: a field that is not told apart costs a finding, a customer's name in a file costs more.

/// Names longer than this are data.
const LONGEST: usize = 48;

/// A number in a name has at most this many digits: `sha256`, `x509`, but not `order20417`.
const DIGITS: usize = 3;

/// Whether a name can be that of a field: a word or several, as programs write them. An address, a date, a path, a
/// number, an identifier made of letters and digits in turn, and anything with a blank are not.
pub(super) fn is_field(name: &str) -> bool {
    let bare = name.trim_start_matches(['_', '$', '@']);
    let starts_well = bare
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    starts_well
        && name.len() <= LONGEST
        && bare.bytes().all(plain)
        && bare.split(['_', '-']).all(is_word)
        && !looks_hexadecimal(bare)
}

/// A name without its digits; nothing where it has none.
pub(super) fn stem(name: &str) -> Option<String> {
    name.bytes()
        .any(|byte| byte.is_ascii_digit())
        .then(|| name.chars().filter(|c| !c.is_ascii_digit()).collect())
}

/// Whether a part of a name is made of letters with hardly a number among them.
fn is_word(word: &str) -> bool {
    let numbers: Vec<&str> = word
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .collect();
    numbers.len() <= 2 && numbers.iter().all(|digits| digits.len() <= DIGITS)
}

/// Whether a name may be a piece of a digest or an address in memory: letters up to `f` with digits between them.
fn looks_hexadecimal(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.len() >= 6
        && digits >= 2
        && name
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_fields() {
        for name in [
            "total",
            "createdAt",
            "created_at",
            "_id",
            "$schema",
            "@type",
            "x-request-id",
            "sha256",
            "ipv4",
            "line1",
            "x509v3",
            "ID",
            "URL",
            "p95",
            "h264",
            "feedback",
            "utf8",
            "__typename",
            "facade",
            "base64Data",
            "deadbeef",
        ] {
            assert!(is_field(name), "{name}");
        }
    }

    #[test]
    fn data_is_none() {
        for name in [
            "",
            "42",
            "2026-01-31",
            "jane@example.com",
            "Jane Doe",
            "/etc/passwd",
            "report.pdf",
            "192.168.0.1",
            "3fa85f64-5717-4562-b3fc-2c963f66afa6",
            "cus_4fj29x8k1",
            "INV-20240017",
            "order20417",
            "ab12cd34",
            "https://example.com",
            "Müller",
            "a:b",
            "C:\\x",
            "sk_live_51Hx9Zq7",
            "+4917012345",
            "_",
            "k8s.io/name",
        ] {
            assert!(!is_field(name), "{name}");
        }
        assert!(!is_field(&"long".repeat(20)));
    }
}
