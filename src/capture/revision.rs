//! The revisions of the protocol, and the order in which a server is asked for them.

use super::spec::VersionChoice;

/// The revisions that begin with `initialize`, oldest first.
const WITH_INITIALIZE: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// The revisions that begin with `server/discover` and carry their metadata in each request, oldest first.
const WITH_DISCOVER: [&str; 1] = ["2026-07-28"];

/// Every revision that can be spoken, oldest first.
pub fn known() -> impl Iterator<Item = &'static str> {
    WITH_INITIALIZE.into_iter().chain(WITH_DISCOVER)
}

/// Whether a revision can be spoken.
pub fn is_known(version: &str) -> bool {
    known().any(|known| known == version)
}

/// How a conversation begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// `initialize`, asking for this revision.
    Initialize(&'static str),
    /// `server/discover`, asking for this revision.
    Discover(&'static str),
}

impl Opening {
    /// How to ask for a revision.
    pub(super) fn of(version: &str) -> Option<Self> {
        let among = |versions: &'static [&'static str]| {
            versions.iter().copied().find(|known| *known == version)
        };
        among(&WITH_INITIALIZE)
            .map(Self::Initialize)
            .or_else(|| among(&WITH_DISCOVER).map(Self::Discover))
    }

    /// What to try first: the pinned revision, else the one the baseline was captured with, so that an upgrade of this
    /// program makes no drift of its own, else the newest that the many servers with `initialize` speak.
    pub(super) fn first(choice: &VersionChoice, baseline: Option<&str>) -> Option<Self> {
        match choice {
            VersionChoice::Pinned(version) => Self::of(version),
            VersionChoice::Auto => baseline
                .and_then(Self::of)
                .or_else(|| Self::of(WITH_INITIALIZE[3])),
        }
    }

    /// What to try after a refusal: the newest revision the server says it has, else the other way to begin.
    pub(super) fn after_refusal(self, supported: &[String]) -> Option<Self> {
        if supported.is_empty() {
            return Some(match self {
                Self::Initialize(_) => Self::Discover(WITH_DISCOVER[0]),
                Self::Discover(_) => Self::Initialize(WITH_INITIALIZE[3]),
            });
        }
        let newest = known()
            .filter(|version| supported.iter().any(|offered| offered == version))
            .last()?;
        Self::of(newest).filter(|next| *next != self)
    }

    /// Whether there is no handshake: every request carries what one would have agreed on.
    pub(super) fn is_stateless(self) -> bool {
        matches!(self, Self::Discover(_))
    }

    /// The method it calls.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Initialize(_) => "initialize",
            Self::Discover(_) => "server/discover",
        }
    }

    /// The revision it asks for.
    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Initialize(version) | Self::Discover(version) => version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_question_follows_pin_then_baseline_then_habit() {
        let pinned = VersionChoice::Pinned("2026-07-28".to_owned());
        assert_eq!(
            Opening::first(&pinned, Some("2024-11-05")),
            Some(Opening::Discover("2026-07-28"))
        );
        assert_eq!(
            Opening::first(&VersionChoice::Auto, Some("2025-03-26")),
            Some(Opening::Initialize("2025-03-26"))
        );
        assert_eq!(
            Opening::first(&VersionChoice::Auto, None),
            Some(Opening::Initialize("2025-11-25"))
        );
        assert_eq!(
            Opening::first(&VersionChoice::Pinned("banana".to_owned()), None),
            None
        );
    }

    #[test]
    fn a_refusal_leads_to_what_the_server_offers_or_to_the_other_way() {
        let first = Opening::Initialize("2025-11-25");
        assert_eq!(
            first.after_refusal(&[]),
            Some(Opening::Discover("2026-07-28"))
        );
        assert_eq!(
            first.after_refusal(&["2025-06-18".into(), "x".into()]),
            Some(Opening::Initialize("2025-06-18"))
        );
        assert_eq!(first.after_refusal(&["2099-01-01".into()]), None);
    }
}
