//! The exit codes and their order.

use std::process::ExitCode;

use crate::report::Severity;

/// What the process tells its caller. The numbers are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(into = "u8")]
pub enum Exit {
    /// 0: no drift, or none that counts.
    Clean,
    /// 1: the worst drift is info.
    Info,
    /// 2: the worst drift is a warning.
    Warning,
    /// 3: the worst drift is breaking.
    Breaking,
    /// 4: nothing could be judged.
    Error,
    /// 5: a metric stayed below the confidence that was asked for.
    LowConfidence,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Info => 1,
            Self::Warning => 2,
            Self::Breaking => 3,
            Self::Error => 4,
            Self::LowConfidence => 5,
        }
    }

    /// The worse of two, in the order error, breaking, warning, info, low confidence, clean.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        if self.rank() >= other.rank() {
            self
        } else {
            other
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Error => 5,
            Self::Breaking => 4,
            Self::Warning => 3,
            Self::Info => 2,
            Self::LowConfidence => 1,
            Self::Clean => 0,
        }
    }
}

impl From<Severity> for Exit {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Breaking => Self::Breaking,
        }
    }
}

impl From<Exit> for u8 {
    fn from(exit: Exit) -> Self {
        exit.code()
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::Exit::{self, Breaking, Clean, Error, Info, LowConfidence, Warning};

    #[test]
    fn the_worst_of_several_follows_the_documented_order() {
        let order = [Clean, LowConfidence, Info, Warning, Breaking, Error];
        for (rank, lower) in order.into_iter().enumerate() {
            for higher in &order[rank..] {
                assert_eq!(lower.worse(*higher), *higher);
                assert_eq!(higher.worse(lower), *higher);
            }
        }
        assert_eq!(order.map(Exit::code), [0, 5, 1, 2, 3, 4]);
    }
}
