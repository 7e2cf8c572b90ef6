//! When a difference between samples is more than chance.

/// So many answers of one kind are steady; with fewer, the next may always have been another.
const STEADY: u32 = 3;

/// How many answers of OLD and of NEW something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answers(pub(super) u32, pub(super) u32);

impl Answers {
    /// No more than these; what was counted where names are not told apart may be too many.
    #[must_use]
    pub(super) fn at_most(self, most: Self) -> Self {
        Self(self.0.min(most.0), self.1.min(most.1))
    }

    /// Whether what holds of all of the one and none of the other is no chance: of all ways to deal such answers to two
    /// sides at most one in 20 looks like this (Fisher's exact test, one-sided).
    pub(super) fn are_enough(self) -> bool {
        at_most((self.1, self.1, self.0), 1.0 / 20.0)
    }

    /// The same for what is seen more often without a reason: at most one in 250, as with five answers on both sides.
    pub(super) fn are_plenty(self) -> bool {
        at_most((self.1, self.1, self.0), 1.0 / 250.0)
    }

    /// Whether OLD has answers enough to call something steady in it.
    pub(super) fn was_steady(self) -> bool {
        self.0 >= STEADY
    }
}

/// How often something is there, OLD against NEW.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// Always, and now never.
    Lost,
    /// Never, and now always.
    Gained,
    /// Always, and now sometimes.
    Wavers,
    /// Sometimes, and now always, which is no chance.
    Settles,
}

/// What became of something that is there so many times of so many, in OLD and in NEW; nothing where that proves
/// nothing.
pub(super) fn presence(old: (u32, u32), new: (u32, u32)) -> Option<Presence> {
    if old.1 == 0 || new.1 == 0 {
        return None;
    }
    let (always, never) = (old.0 >= old.1, old.0 == 0);
    let (now_always, now_never) = (new.0 >= new.1, new.0 == 0);
    let misses = old.1.saturating_sub(old.0);
    match () {
        () if always && now_never => Some(Presence::Lost),
        () if never && now_always => Some(Presence::Gained),
        () if always && !now_always => Some(Presence::Wavers),
        // Nothing keeps a field that may be left out from being there a few times in a row.
        () if !always && !never && now_always && at_most((misses, old.1, new.1), 1.0 / 1_000.0) => {
            Some(Presence::Settles)
        }
        () => None,
    }
}

/// Whether NEW alone having `times`, of so many answers, where OLD has none, is no chance.
pub(super) fn is_new(times: u32, new: u32, old: u32) -> bool {
    times > 0 && at_most((times, new, old), 1.0 / 1_000.0)
}

/// Whether so many things fall, by chance, at most so often all to one side that has `own` of the `own + other`
/// places: C(own, times) / C(own + other, times).
fn at_most((times, own, other): (u32, u32, u32), limit: f64) -> bool {
    let mut chance = 1.0;
    for taken in 0..times.min(own) {
        if chance <= limit / 2.0 {
            return true;
        }
        chance *= f64::from(own - taken) / (f64::from(own) + f64::from(other) - f64::from(taken));
    }
    // A count that is just enough is enough, however its quotient is rounded.
    chance <= limit * (1.0 + 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_on_both_sides_are_enough() {
        let cases = [
            ((1, 1), false),
            ((2, 2), false),
            ((3, 3), true),
            ((1, 18), false),
            ((1, 19), true),
            ((25, 25), true),
        ];
        for ((old, new), enough) in cases {
            assert_eq!(Answers(old, new).are_enough(), enough, "{old} and {new}");
            assert_eq!(Answers(new, old).are_enough(), enough, "{new} and {old}");
        }
    }

    #[test]
    fn what_was_sometimes_there_proves_nothing() {
        for new in [(0, 25), (1, 25), (24, 25)] {
            assert_eq!(presence((2, 3), new), None, "{new:?}");
        }
        assert_eq!(presence((2, 3), (3, 3)), None);
        assert_eq!(presence((12, 25), (25, 25)), Some(Presence::Settles));
        assert_eq!(presence((3, 3), (2, 3)), Some(Presence::Wavers));
        assert_eq!(presence((0, 3), (2, 3)), None);
        assert!(is_new(10, 25, 25) && !is_new(3, 3, 3) && !is_new(1, 25, 25));
    }
}
