//! While tools are called: an answer that cannot be kept is the end of one call, and not of the conversation.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Tap;
use crate::failure::Failure;

/// Why an answer cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoilt {
    /// It is larger than [`Tap::MAX_MESSAGE`], or all that came meanwhile is larger than a capture may be.
    TooLarge,
    /// It is not UTF-8.
    NotText,
}

impl Tap {
    /// From now on tools are called: an answer that cannot be kept ends one call alone.
    pub(crate) fn begin_calls(&self) {
        self.record().calling = true;
    }

    /// Sets the headers that repeat arguments of the next call (`x-mcp-header`, 2026-07-28).
    pub(crate) fn mirror(&self, headers: Vec<(String, String)>) {
        self.record().mirrored = headers;
    }

    /// The headers that repeat arguments of the call that is under way.
    pub(crate) fn mirrored(&self) -> Vec<(String, String)> {
        self.record().mirrored.clone()
    }

    /// Waits until the answer to the request that is under way turns out to be one that cannot be kept.
    pub(crate) async fn spoilt(&self) -> Spoilt {
        loop {
            if let Some(spoilt) = self.take_spoilt() {
                return spoilt;
            }
            self.spoilt.notified().await;
        }
    }

    /// Why the answer to the request that is under way cannot be kept, taken out of the record.
    pub(crate) fn take_spoilt(&self) -> Option<Spoilt> {
        self.record().spoilt.take()
    }

    /// Records that an answer cannot be kept: while tools are called for the call, else for the whole capture.
    pub(super) fn spoil(&self, why: Spoilt, reason: impl FnOnce() -> Failure) {
        let mut record = self.record();
        if record.calling {
            record.spoilt.get_or_insert(why);
            self.spoilt.notify_one();
        } else {
            record.fail(reason());
        }
    }

    /// Records, while tools are called, that the answer under way is larger than [`Self::MAX_MESSAGE`].
    pub(crate) fn note_too_large(&self) {
        if self.record().calling {
            self.fail_too_large();
        }
    }
}

/// Whether a message only says how far a call has come: nobody here has asked to know, and there may be any number.
pub(super) fn is_chatter(message: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Notice<'a> {
        #[serde(borrow)]
        id: Option<&'a RawValue>,
        method: Option<&'a str>,
    }
    let notice = serde_json::from_slice::<Notice<'_>>(message);
    notice.is_ok_and(|notice| {
        notice.id.is_none()
            && matches!(
                notice.method,
                Some("notifications/progress" | "notifications/message")
            )
    })
}
