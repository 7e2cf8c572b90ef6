//! How a time is told to people.

/// Microseconds as a person reads them: `812 µs`, `8.1 ms`, `950 ms`, `12.5 s`.
pub fn told(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..100_000 => format!("{:.1} ms", micros as f64 / 1_000.0),
        100_000..10_000_000 => format!("{} ms", micros / 1_000),
        _ => format!("{:.1} s", micros as f64 / 1_000_000.0),
    }
}
