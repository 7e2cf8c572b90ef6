//! Quantities and their units.

/// The short name of a unit; nothing where the word is none.
pub(super) fn unit(word: &str) -> Option<&str> {
    Some(match word {
        "b" | "kb" | "mb" | "gb" | "tb" | "pb" | "kib" | "mib" | "gib" | "tib" | "ms" | "px"
        | "k" => word,
        "bytes" | "byte" => "bytes",
        "kilobyte" | "kilobytes" => "kb",
        "megabyte" | "megabytes" => "mb",
        "gigabyte" | "gigabytes" => "gb",
        "millisecond" | "milliseconds" | "msec" => "ms",
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "min" | "mins" | "minute" | "minutes" => "min",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "day" | "days" => "days",
        "week" | "weeks" => "weeks",
        "month" | "months" => "months",
        "year" | "years" => "years",
        "character" | "characters" | "chars" | "char" => "characters",
        "token" | "tokens" => "tokens",
        "item" | "items" => "items",
        "percent" => "%",
        _ => return None,
    })
}

/// A quantity without the signs that group its digits and with the short name of its unit; nothing where it is that
/// already.
pub(super) fn plain_quantity(text: &str) -> Option<String> {
    let digits = |c: char| !c.is_alphabetic();
    let (number, letters) = text.split_at(text.find(|c| !digits(c)).unwrap_or(text.len()));
    let grouped = number.contains([',', '_', '\u{2013}']);
    if !grouped
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
        && unit(letters).is_none_or(|unit| unit == letters)
    {
        return None;
    }
    let thousands = |number: &str| {
        let mut groups = number.split(',');
        groups.next().is_some_and(|first| !first.is_empty()) && groups.all(|group| group.len() == 3)
    };
    let mut plain = number.replace('_', "").replace('\u{2013}', "-");
    if thousands(number) {
        plain = plain.replace(',', "");
    }
    let letters = letters.to_lowercase();
    plain.push_str(unit(&letters).unwrap_or(&letters));
    Some(plain)
}
