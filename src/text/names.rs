//! Long lists of names, on lines that no page cuts.

use super::{Charset, quoted, width};

/// The most columns of a line of [`name_lines`]: less than a message on a page may have, with a path before it.
const NAMES_WIDTH: usize = 240;

/// The most columns of a name in it, and the most names.
const NAME_WIDTH: usize = 80;
const NAMES_AT_MOST: usize = 300;

/// Names behind what is said of them, on as many lines as it takes: "LEAD: `a`, `b`". Hundreds of them end in how many
/// more there are.
pub fn name_lines(lead: &str, names: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for name in names.iter().take(NAMES_AT_MOST) {
        let name = quoted(&Charset::Unicode.excerpt(name, NAME_WIDTH));
        match lines.last_mut() {
            Some(line) if width(line) + 2 + width(&name) <= NAMES_WIDTH => {
                line.push_str(", ");
                line.push_str(&name);
            }
            _ => lines.push(format!("{lead}: {name}")),
        }
    }
    if let (Some(line), Some(more @ 1..)) =
        (lines.last_mut(), names.len().checked_sub(NAMES_AT_MOST))
    {
        line.push_str(&format!(", and {more} more"));
    }
    lines
}
