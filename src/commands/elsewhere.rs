//! Where `check` compares with another file than `save` writes: what to do when that one is not there.

use super::Context;
use crate::config::{Baseline, Loaded, shown, spelled_once};

/// What to do where the file that `baseline.comparePath` names is missing; nothing where `save` writes the very file that
/// is compared with. `typed` is how the user named the servers.
pub(super) fn next(
    config: &Loaded,
    baseline: &Baseline,
    typed: &str,
    context: &Context,
) -> Option<String> {
    let read = config.baseline_to_read(baseline);
    let write = config.baseline_to_write(baseline);
    if spelled_once(&read) == spelled_once(&write) {
        return None;
    }
    let is_saved = write.exists();
    let [read, write] = [read, write].map(|path| shown(&path, &context.cwd));
    let first = match is_saved {
        true => String::new(),
        false => {
            format!("bellwether baseline save{typed} (it writes `baseline.path`, {write}); then ")
        }
    };
    Some(format!(
        "{first}make it the file that is compared with: cp {write} {read}; or take `comparePath` out of the configuration, and {write} is compared with"
    ))
}
