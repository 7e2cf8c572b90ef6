//! How likely chance alone brings something about: exact where that can be counted, never too small where it cannot.
//!
//! Nothing here assumes how samples are spread. Where two sides were drawn alike, every order in which their samples can
//! be interleaved is equally likely, and counting orders is all it takes.

/// Up to so many samples together orders are counted; their number, C(130, 65), still fits 128 bits. It is room for 25
/// samples and 40 more on both sides.
const MOST_COUNTED: usize = 130;

/// Which sums of wins two sets of samples can have, each as likely as chance makes it: the distribution of the
/// Mann-Whitney statistic.
pub(super) struct Wins {
    olds: usize,
    news: usize,
    /// How likely it is that at most so many pairs are not won, for each number of pairs; nothing where there are too many
    /// samples to count.
    at_most: Option<Vec<f64>>,
}

impl Wins {
    /// For so many samples on either side.
    pub(super) fn new(olds: usize, news: usize) -> Self {
        Self {
            olds,
            news,
            at_most: (olds + news <= MOST_COUNTED).then(|| counted(olds, news)),
        }
    }

    /// How likely it is that NEW wins so many of all pairs or more, where both sides are drawn alike.
    ///
    /// A win is a pair whose new sample is strictly larger. Ties count as lost; were they decided by lot, there would be at
    /// least as many wins, so what stands here is never too small.
    pub(super) fn chance(&self, wins: usize) -> f64 {
        let pairs = self.olds * self.news;
        match &self.at_most {
            Some(at_most) => at_most[pairs - wins.min(pairs)],
            None => roughly(self.olds, self.news, wins),
        }
    }
}

/// What [`Wins::chance`] says, by the normal distribution: at once, and right for many samples. Of few samples a small
/// chance comes out too large.
pub(super) fn roughly(olds: usize, news: usize, wins: usize) -> f64 {
    let pairs = (olds * news) as f64;
    let variance = pairs * (olds + news + 1) as f64 / 12.0;
    normal_tail((wins as f64 - 0.5 - pairs / 2.0) / variance.sqrt())
}

/// How many pairs NEW wins against OLD, when all of OLD is slowed down by a factor. Both in rising order.
pub(super) fn wins(old: &[u64], new: &[u64], factor: f64) -> usize {
    let mut below = 0;
    let mut wins = 0;
    for sample in new {
        while below < old.len() && old[below] as f64 * factor < *sample as f64 {
            below += 1;
        }
        wins += below;
    }
    wins
}

/// The smallest chance that these numbers of samples can have: every new sample is larger than every old one. Also
/// that of a new count where all of one side and none of the other has what is counted.
pub(super) fn smallest(olds: usize, news: usize) -> f64 {
    let few = olds.min(news);
    let many = olds.max(news);
    // 1 by C(olds + news, few).
    (1..=few)
        .map(|i| i as f64 / (many + i) as f64)
        .product::<f64>()
}

/// How likely it is that at least `above` of the new samples are larger than the one at `rank` (from 1) of the old ones,
/// where both sides are drawn alike.
pub(super) fn exceeding(olds: usize, rank: usize, news: usize, above: usize) -> f64 {
    // The chance of all of them, then that of one less as often as needed: a negative hypergeometric distribution.
    let mut exactly: f64 = (0..rank)
        .map(|i| (olds - i) as f64 / (olds + news - i) as f64)
        .product();
    let mut chance = 0.0;
    for count in (above..=news).rev() {
        chance += exactly;
        if count == 0 {
            return 1.0;
        }
        let rest = (news - count + rank) as f64 / (news - count + 1) as f64;
        exactly *= rest * count as f64 / (count + olds - rank) as f64;
    }
    chance
}

/// How likely it is that at least `marked` of `drawn` are marked ones, where `all_marked` of `all` are and all are drawn
/// alike: one side of Fisher's exact test.
pub(super) fn drawing(all: usize, all_marked: usize, drawn: usize, marked: usize) -> f64 {
    let most = all_marked.min(drawn);
    let least = (all_marked + drawn).saturating_sub(all);
    if marked <= least {
        return 1.0;
    }
    // The weight of each count relative to that of the least one, kept as logarithms: they may be far apart.
    let mut weight = 0.0_f64;
    let mut weights = vec![weight];
    for count in least..most {
        let more = (all_marked - count) as f64 * (drawn - count) as f64;
        let fewer = (count + 1) as f64 * (all + count + 1 - all_marked - drawn) as f64;
        weight += (more / fewer).ln();
        weights.push(weight);
    }
    let largest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum = |weights: &[f64]| -> f64 { weights.iter().map(|w| (w - largest).exp()).sum() };
    match weights.get(marked - least..) {
        Some(tail) => sum(tail) / sum(&weights),
        None => 0.0,
    }
}

/// For each number of lost pairs, how likely it is to lose no more.
///
/// The orders in which k pairs are lost are the partitions of k into at most `news` parts of at most `olds` each, or the
/// other way round. They are the coefficients of a Gaussian binomial, which is built factor by factor: whole numbers all
/// the way.
fn counted(olds: usize, news: usize) -> Vec<f64> {
    let (few, many) = (olds.min(news), olds.max(news));
    let pairs = few * many;
    let mut orders = vec![0_i128; pairs + 1];
    orders[0] = 1;
    for i in 1..=few {
        for k in (many + i..=pairs).rev() {
            orders[k] -= orders[k - many - i];
        }
        for k in i..=pairs {
            orders[k] += orders[k - i];
        }
    }
    let all = orders.iter().sum::<i128>() as f64;
    let mut sum = 0_i128;
    orders
        .iter()
        .map(|count| {
            sum += count;
            sum as f64 / all
        })
        .collect()
}

/// How much of the normal distribution lies above `z`; right to 2 parts in 10 million.
fn normal_tail(z: f64) -> f64 {
    // The rational Chebyshev fit of erfc by Press et al., Numerical Recipes, 6.2.
    const FIT: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + x / 2.0);
    let fit = FIT.iter().rev().fold(0.0, |sum, factor| sum * t + factor);
    let tail = t * (fit - x * x).exp() / 2.0;
    if z >= 0.0 { tail } else { 1.0 - tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(one: f64, other: f64, parts: f64) -> bool {
        (one - other).abs() <= other.abs() / parts
    }

    /// The new samples of every way to choose `few` of 0 to `all` − 1, with the rest as the old ones.
    fn orders(all: usize, few: usize) -> Vec<(Vec<u64>, Vec<u64>)> {
        (0_u32..1 << all)
            .filter(|bits| bits.count_ones() as usize == few)
            .map(|bits| (0..all as u64).partition(|i| bits >> i & 1 == 0))
            .collect()
    }

    #[test]
    fn wins_are_counted_over_all_orders() {
        for (olds, news) in [(1, 1), (3, 4), (5, 5), (2, 7)] {
            let orders = orders(olds + news, news);
            let distribution = Wins::new(olds, news);
            for least in 0..=olds * news {
                let with = orders
                    .iter()
                    .filter(|(old, new)| wins(old, new, 1.0) >= least)
                    .count();
                let expected = with as f64 / orders.len() as f64;
                assert!(close(distribution.chance(least), expected, 1e12));
            }
            let all = distribution.chance(olds * news);
            assert!(close(all, smallest(olds, news), 1e12));
        }
    }

    #[test]
    fn exceedances_are_counted_over_all_orders() {
        let (olds, news) = (4, 5);
        let orders = orders(olds + news, news);
        for rank in 1..=olds {
            for least in 0..=news {
                let with = orders.iter().filter(|(old, new)| {
                    new.iter().filter(|n| **n > old[rank - 1]).count() >= least
                });
                let expected = with.count() as f64 / orders.len() as f64;
                assert!(close(exceeding(olds, rank, news, least), expected, 1e12));
            }
        }
    }

    #[test]
    fn drawings_are_counted_over_all_orders() {
        let (all, drawn) = (9, 4);
        let orders = orders(all, drawn);
        for all_marked in 0..=all {
            for least in 0..=drawn {
                let marked =
                    |new: &Vec<u64>| new.iter().filter(|n| (**n as usize) < all_marked).count();
                let with = orders
                    .iter()
                    .filter(|(_, new)| marked(new) >= least)
                    .count();
                let expected = with as f64 / orders.len() as f64;
                let chance = drawing(all, all_marked, drawn, least);
                assert!((chance - expected).abs() < 1e-12, "{all_marked} {least}");
            }
        }
    }

    #[test]
    fn ties_are_no_wins() {
        assert_eq!(wins(&[5, 5, 6], &[5, 6, 7], 1.0), 5);
        assert_eq!(wins(&[10], &[11], 1.1), 0);
        assert_eq!(wins(&[10, 20], &[12, 23], 1.1), 3);
        assert_eq!(wins(&[], &[1], 1.0), 0);
    }

    #[test]
    fn the_largest_counted_ones_add_up() {
        let wins = Wins::new(65, 65);
        assert!(close(wins.chance(0), 1.0, 1e12));
        // Half of the pairs or more: a little over one half, by what lies exactly in the middle.
        assert!((0.5..0.502).contains(&wins.chance(65 * 65 / 2 + 1)));
        // C(130, 65) is about 9.5e37.
        assert!(close(wins.chance(65 * 65), 1.0 / 9.506e37, 1e3));
    }

    #[test]
    fn many_samples_are_close_to_what_counting_gives_and_never_below() {
        let counted = Wins::new(65, 65);
        for wins in [2200, 2500, 2700, 2900, 3000] {
            let (exact, rough) = (counted.chance(wins), roughly(65, 65, wins));
            assert!(close(rough, exact, 2.0), "{wins}: {exact} {rough}");
            assert!(rough >= exact || exact > 1e-3, "{wins}: {exact} {rough}");
        }
        assert_eq!(Wins::new(65, 66).chance(3000), roughly(65, 66, 3000));
        assert!(close(normal_tail(1.959_964), 0.025, 1e5));
        assert!(close(normal_tail(-1.959_964), 0.975, 1e5));
        assert!(close(normal_tail(4.0), 3.167_124e-5, 1e5));
    }
}
