//! What a fact about a schema has to do with the values that it accepts.

use crate::diff::change::{Change, What};
use crate::diff::schema_fact::{SchemaFact, Side};

/// What a fact has to do with the values that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearing {
    /// Nothing.
    None,
    /// Nothing was lost by it alone.
    Gain,
    /// Something may be lost; the judge tells.
    Loss,
    /// Something may be lost; the rules tell how bad that is.
    Fixed,
}

/// The bearing of a change on what is lost on that side.
pub(super) fn bearing(side: Side, change: &Change) -> Bearing {
    use SchemaFact as Fact;
    let What::Schema(_, fact) = &change.what else {
        return Bearing::None;
    };
    match (fact, side) {
        (
            Fact::FormatChanged
            | Fact::FormatRemoved
            | Fact::Default(_)
            | Fact::Title
            | Fact::Annotation
            | Fact::HeaderMirrored
            | Fact::HeaderUnmirrored
            | Fact::NumberNotPortable
            | Fact::Excessive,
            _,
        ) => Bearing::None,
        (Fact::TypeChanged | Fact::Changed, _) => Bearing::Loss,
        (
            Fact::PropertyAdded { required: true, .. }
            | Fact::Required
            | Fact::TypeNarrowed
            | Fact::ValueRemoved
            | Fact::Tightened,
            Side::Input,
        )
        | (
            Fact::Optional
            | Fact::TypeWidened
            | Fact::ValueAdded
            | Fact::Loosened
            | Fact::GuardRemoved { .. },
            Side::Output,
        ) => Bearing::Loss,
        (
            Fact::PropertyRemoved { .. }
            | Fact::PropertyRenamed { .. }
            | Fact::Closed
            | Fact::Opened
            | Fact::Invalid { .. }
            | Fact::RemoteReference { .. },
            _,
        )
        | (Fact::PropertyAdded { .. }, _)
        | (Fact::SafeRange, Side::Input) => Bearing::Fixed,
        _ => Bearing::Gain,
    }
}

/// Whether a fact's row has it that a loss it explains is no break.
pub(super) fn is_soft(side: Side, change: &Change) -> bool {
    use SchemaFact as Fact;
    matches!(
        (&change.what, side),
        (
            What::Schema(
                _,
                Fact::Closed
                    | Fact::Opened
                    | Fact::SafeRange
                    | Fact::PropertyAdded {
                        required: false,
                        ..
                    }
            ),
            _
        ) | (
            What::Schema(
                _,
                Fact::ValueAdded | Fact::PropertyRemoved { required: false }
            ),
            Side::Output
        )
    )
}

/// Whether a fact about something that accepts and refuses nothing itself may be one about where references lead.
pub(super) fn may_lead_elsewhere(change: &Change) -> bool {
    let keyword = change.place.pointer.tokens().last();
    matches!(
        keyword.as_deref(),
        Some("$id" | "id" | "$anchor" | "$dynamicAnchor" | "$recursiveAnchor" | "$schema")
    )
}

/// Whether a fact is about accepted values alone, so that equal values make it a matter of spelling.
pub(super) fn may_be_respelled(change: &Change) -> bool {
    use SchemaFact as Fact;
    matches!(
        change.what,
        What::Schema(
            _,
            Fact::TypeNarrowed
                | Fact::TypeWidened
                | Fact::TypeChanged
                | Fact::ValueRemoved
                | Fact::ValueAdded
                | Fact::Tightened
                | Fact::Loosened
                | Fact::Changed
                | Fact::GuardRemoved {
                    confirmation: false
                }
        )
    )
}
