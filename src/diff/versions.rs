//! Version numbers as servers write them: which of two is lower, and whether a step promises less.
//!
//! Semantic versions, also short ones (`1.2`) and with a leading `v`. What reads otherwise is no version here.

use std::cmp::Ordering;

/// A version that could be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    /// Major, minor, patch and what follows; zeros at the end left out.
    numbers: Vec<u64>,
    early: Early,
}

/// What stands behind a `-`; a version without it is the later one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Early {
    Pre(Vec<Part>),
    Release,
}

/// A part of a pre-release; numbers come before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

impl Version {
    /// Reads a version; nothing where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let text = text.split('+').next()?;
        let (release, early) = match text.split_once('-') {
            Some((release, early)) => (release, Some(early)),
            None => (text, None),
        };
        let mut numbers = release
            .split('.')
            .map(|part| part.parse().ok().filter(|_| !part.starts_with('+')))
            .collect::<Option<Vec<u64>>>()?;
        while numbers.last() == Some(&0) {
            numbers.pop();
        }
        let part = |text: &str| {
            text.parse()
                .map_or_else(|_| Part::Word(text.to_owned()), Part::Number)
        };
        let early = early.map_or(Early::Release, |early| {
            Early::Pre(early.split('.').map(part).collect())
        });
        Some(Self { numbers, early })
    }

    fn number(&self, index: usize) -> u64 {
        self.numbers.get(index).copied().unwrap_or(0)
    }

    /// Whether it promises that what worked goes on working: not before its release, and not where it is a date.
    fn promises(&self) -> bool {
        self.early == Early::Release && !(1990..2200).contains(&self.number(0))
    }
}

/// Whether a version went backwards. What cannot be read did not.
pub(super) fn went_back(old: &str, new: &str) -> bool {
    match (Version::parse(old), Version::parse(new)) {
        (Some(old), Some(new)) => new < old,
        _ => false,
    }
}

/// Whether a step from one version to another, or none, promises that nothing breaks: no new major version, and none
/// of the minor ones that count as major before 1.0. What cannot be read promises nothing, nor does a step back.
pub(super) fn promises_compatibility(old: &str, new: &str) -> bool {
    let (Some(old), Some(new)) = (Version::parse(old), Version::parse(new)) else {
        return false;
    };
    if !old.promises() || new < old {
        return false;
    }
    let major = |version: &Version| match version.number(0) {
        0 => (0, version.number(1)),
        major => (major, 0),
    };
    major(&old).cmp(&major(&new)) == Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_is_lower_by_number_and_not_by_text() {
        for (old, new) in [
            ("1.10.0", "1.9.0"),
            ("v2.0", "v1.9"),
            ("1.0.0", "1.0.0-rc.1"),
            ("1.0.0-beta.10", "1.0.0-beta.9"),
            ("1.0.0-beta", "1.0.0-7"),
            ("2025.11.25", "2025.9.1"),
        ] {
            assert!(went_back(old, new), "{old} -> {new}");
            assert!(!went_back(new, old), "{new} -> {old}");
        }
        for (old, new) in [
            ("1.0.0", "1.0"),
            ("1.0", "1"),
            ("1.0.0+7", "1.0.0+3"),
            ("stable", "1.0"),
            ("2.0", ""),
        ] {
            assert!(!went_back(old, new), "{old} -> {new}");
        }
    }

    #[test]
    fn only_a_major_step_promises_nothing() {
        for (old, new) in [
            ("1.2.3", "1.2.3"),
            ("1.2.3", "1.3.0"),
            ("v1.2", "1.9-rc.1"),
            ("0.3.1", "0.3.2"),
        ] {
            assert!(promises_compatibility(old, new), "{old} -> {new}");
        }
        for (old, new) in [
            ("1.2.3", "2.0.0"),
            ("0.3.1", "0.4.0"),
            ("0.9.0", "1.0.0"),
            ("1.0.0-beta.1", "1.0.0-beta.2"),
            ("1.3.0", "1.2.0"),
            ("2025.9.1", "2025.11.25"),
            ("main", "main"),
        ] {
            assert!(!promises_compatibility(old, new), "{old} -> {new}");
        }
    }
}
