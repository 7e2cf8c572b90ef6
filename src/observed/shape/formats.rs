//! What a string is the text of, and how a number is written: by strict forms alone, so that the answer never varies.

// `core`, since addresses are only read here.
use core::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::json::{Json, Number, parse};

/// Whether a text has some form.
type Form = fn(&str) -> bool;

/// What a string is the text of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFormat {
    /// Nothing in particular.
    Text,
    /// No character at all, which says nothing about the others.
    Empty,
    /// `2026-01-31T12:00:00Z` (RFC 3339).
    DateTime,
    /// `2026-01-31T12:00:00` or `2026-01-31 12:00:00`, with no zone.
    DateTimeLocal,
    /// `Sat, 31 Jan 2026 12:00:00 GMT` (RFC 5322, RFC 9110).
    MailDate,
    /// `2026-01-31`.
    Date,
    /// `01/31/2026` or `31.01.2026`.
    LocalDate,
    /// `12:00:00`.
    Time,
    /// `123e4567-e89b-12d3-a456-426614174000`.
    Uuid,
    /// `https://example.com/`: a scheme and `://`, or `mailto:`, `urn:`, `data:`.
    Uri,
    /// `jane@example.com`.
    Email,
    /// `192.0.2.1`.
    Ipv4,
    /// `2001:db8::1`.
    Ipv6,
    /// `42` or `3.50`: a number as a text.
    Number,
    /// 32 or more hexadecimal digits, as of a digest.
    Hex,
}

impl TextFormat {
    /// What this string is the text of.
    pub fn of(text: &str) -> Self {
        // Every form is short, but for a URI, of which the beginning tells.
        if text.is_empty() {
            return Self::Empty;
        }
        if is_uri(text) {
            return Self::Uri;
        }
        if text.len() > 254 || !text.is_ascii() {
            return Self::Text;
        }
        let forms: [(Self, Form); 11] = [
            (Self::Uuid, is_uuid),
            (Self::DateTime, |text| date_and_time(text) == Some(true)),
            (Self::DateTimeLocal, |text| {
                date_and_time(text) == Some(false)
            }),
            (Self::Date, is_date),
            (Self::LocalDate, is_local_date),
            (Self::Time, |text| time_end(text) == Some("")),
            (Self::MailDate, is_mail_date),
            (Self::Ipv4, |text| text.parse::<Ipv4Addr>().is_ok()),
            (Self::Ipv6, |text| {
                text.contains(':') && text.parse::<Ipv6Addr>().is_ok()
            }),
            (Self::Number, |text| {
                matches!(parse(text), Ok(Json::Number(_)))
            }),
            (Self::Email, is_email),
        ];
        let found = forms.into_iter().find(|(_, is)| is(text));
        let hex = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        found.map_or(if hex { Self::Hex } else { Self::Text }, |(format, _)| {
            format
        })
    }

    /// The name used in files and reports; that of JSON Schema's `format` where it has one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Empty => "empty",
            Self::DateTime => "date-time",
            Self::DateTimeLocal => "date-time-local",
            Self::MailDate => "mail-date",
            Self::Date => "date",
            Self::LocalDate => "local-date",
            Self::Time => "time",
            Self::Uuid => "uuid",
            Self::Uri => "uri",
            Self::Email => "email",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Number => "number",
            Self::Hex => "hex",
        }
    }

    /// Whether JSON Schema 2020-12 has a `format` of that name.
    pub(super) fn in_schemas(self) -> bool {
        matches!(
            self,
            Self::DateTime
                | Self::Date
                | Self::Uuid
                | Self::Uri
                | Self::Email
                | Self::Ipv4
                | Self::Ipv6
        )
    }
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NumberFormat {
    /// Digits alone.
    Integer,
    /// With a point or an exponent, `1.0` included.
    Fraction,
    /// An integer that is a time from 2001 to 2099 in seconds since 1970.
    EpochSeconds,
    /// An integer that is a time from 2001 to 2099 in milliseconds since 1970.
    EpochMilliseconds,
}

impl NumberFormat {
    /// How this number is written.
    pub fn of(number: &Number) -> Self {
        let literal = number.literal();
        if literal.contains(['.', 'e', 'E']) {
            return Self::Fraction;
        }
        match literal.parse::<u64>() {
            Ok(1_000_000_000..=4_102_444_799) => Self::EpochSeconds,
            Ok(1_000_000_000_000..=4_102_444_799_999) => Self::EpochMilliseconds,
            _ => Self::Integer,
        }
    }

    /// The name used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Fraction => "fraction",
            Self::EpochSeconds => "epochSeconds",
            Self::EpochMilliseconds => "epochMilliseconds",
        }
    }
}

fn is_uri(text: &str) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    if ["mailto:", "urn:", "data:"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
    {
        return true;
    }
    text.split_once("://").is_some_and(|(scheme, rest)| {
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(letters)
            && !rest.is_empty()
    })
}

fn is_uuid(text: &str) -> bool {
    fits(text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh")
}

fn is_date(text: &str) -> bool {
    fits(text, "dddd-dd-dd") && in_range(&text[5..7], 1, 12) && in_range(&text[8..], 1, 31)
}

fn is_local_date(text: &str) -> bool {
    [
        "dd/dd/dddd",
        "d/d/dddd",
        "dd/d/dddd",
        "d/dd/dddd",
        "dd.dd.dddd",
        "d.d.dddd",
        "dddd/dd/dd",
    ]
    .iter()
    .any(|form| fits(text, form))
}

/// Whether a date with a time has a zone; nothing where it is none.
fn date_and_time(text: &str) -> Option<bool> {
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    if !is_date(date) {
        return None;
    }
    match time_end(clock)? {
        "" => Some(false),
        "Z" | "z" => Some(true),
        zone => {
            let offset = zone.strip_prefix(['+', '-'])?;
            (fits(offset, "dd:dd") || fits(offset, "dddd")).then_some(true)
        }
    }
}

/// What follows a time of day; nothing where there is none.
fn time_end(text: &str) -> Option<&str> {
    let (clock, rest) = text.split_at_checked(8)?;
    let valid = fits(clock, "dd:dd:dd")
        && in_range(&clock[..2], 0, 24)
        && in_range(&clock[3..5], 0, 59)
        && in_range(&clock[6..], 0, 60);
    if !valid {
        return None;
    }
    Some(match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    })
}

fn is_mail_date(text: &str) -> bool {
    const DAYS: [&str; 7] = [
        "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, ",
    ];
    let Some(rest) = DAYS.iter().find_map(|day| text.strip_prefix(day)) else {
        return false;
    };
    ["dd aaa dddd dd:dd:dd", "d aaa dddd dd:dd:dd"]
        .iter()
        .any(|form| {
            rest.split_at_checked(form.len())
                .is_some_and(|(date, zone)| {
                    fits(date, form)
                        && (matches!(zone, " GMT" | " UTC")
                            || fits(zone, " +dddd")
                            || fits(zone, " -dddd"))
                })
        })
}

fn is_email(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte);
    text.split_once('@').is_some_and(|(name, host)| {
        let end = host.rsplit('.').next().unwrap_or_default();
        !name.is_empty()
            && name.bytes().all(allowed)
            && host.contains('.')
            && !host.starts_with('.')
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
            && end.len() >= 2
            && end.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// Whether a text is of a form, in which `d` stands for a digit, `h` for a hexadecimal one, `a` for a letter.
fn fits(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'd' => byte.is_ascii_digit(),
                b'h' => byte.is_ascii_hexdigit(),
                b'a' => byte.is_ascii_alphabetic(),
                other => byte == other,
            })
}

fn in_range(digits: &str, least: u32, most: u32) -> bool {
    digits
        .parse()
        .is_ok_and(|number: u32| (least..=most).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_what_they_look_like() {
        use TextFormat as F;
        for (text, format) in [
            ("", F::Empty),
            ("hello", F::Text),
            ("2026-01-31T12:00:00Z", F::DateTime),
            ("2026-01-31T12:00:00.123456+02:00", F::DateTime),
            ("2026-01-31 12:00:00", F::DateTimeLocal),
            ("2026-01-31T12:00:00.5", F::DateTimeLocal),
            ("2026-13-31", F::Text),
            ("2026-01-31", F::Date),
            ("1/2/2026", F::LocalDate),
            ("31.01.2026", F::LocalDate),
            ("12:30:00", F::Time),
            ("25:99:99", F::Text),
            ("Sat, 31 Jan 2026 12:00:00 GMT", F::MailDate),
            ("Sat, 1 Jan 2026 12:00:00 +0100", F::MailDate),
            ("123e4567-e89b-12d3-a456-426614174000", F::Uuid),
            ("https://example.com/a?b=c", F::Uri),
            ("see https://example.com", F::Text),
            ("mailto:x", F::Uri),
            ("note: x", F::Text),
            ("jane.doe+x@mail.example.com", F::Email),
            ("@jane", F::Text),
            ("jane@host", F::Text),
            ("192.0.2.1", F::Ipv4),
            ("1.2.3", F::Text),
            ("2001:db8::1", F::Ipv6),
            ("42", F::Number),
            ("-3.50", F::Number),
            ("007", F::Text),
            ("d41d8cd98f00b204e9800998ecf8427e", F::Hex),
            ("d41d8cd98f00", F::Text),
            ("Grüße", F::Text),
        ] {
            assert_eq!(F::of(text), format, "{text}");
        }
    }

    #[test]
    fn names_in_files_are_names_in_reports() {
        for format in [
            TextFormat::DateTimeLocal,
            TextFormat::Ipv4,
            TextFormat::Uuid,
            TextFormat::MailDate,
        ] {
            assert_eq!(
                serde_json::to_string(&format).expect("plain"),
                format!("\"{}\"", format.name())
            );
        }
        for format in [NumberFormat::EpochSeconds, NumberFormat::Fraction] {
            assert_eq!(
                serde_json::to_string(&format).expect("plain"),
                format!("\"{}\"", format.name())
            );
        }
    }
}
