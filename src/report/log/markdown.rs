//! The decisions as Markdown, in which no text of a server or a person is anything but text.

use super::{Decided, Log};
use crate::report::contract::markdown::{Page, cell, code};

/// The most columns of a reason or a message in a cell.
const WIDTH: usize = 400;

/// The decisions as a page.
pub fn markdown(logs: &[Log]) -> String {
    let mut page = Page::new("# Accepted drift");
    for log in logs {
        if logs.len() > 1 {
            page.heading(2, &code(&log.name));
        }
        page.paragraph(&format!("Baseline: {}", code(&log.path)));
        if let Some(damaged) = &log.damaged {
            page.paragraph(&format!("**Damaged**: {}", cell(damaged, WIDTH)));
        }
        if let Some(places) = &log.unreviewed {
            page.paragraph(&format!(
                "**Unreviewed change**: the expected surface is not the one that was last accepted, or saved first. {}",
                listed(places)
            ));
        }
        if log.decisions.is_empty() {
            page.paragraph("Nobody has decided anything yet.");
        }
        let head = ["#", "When", "What", "Who", "Why", "Changed"];
        let rows: Vec<_> = log.decisions.iter().map(row).collect();
        page.table(&head, &rows);
        for decided in &log.decisions {
            findings(&mut page, decided);
        }
    }
    page.finish()
}

fn row(decided: &Decided) -> Vec<String> {
    let verdict = decided
        .verdict
        .map_or("no drift", |severity| severity.name());
    let mut why = cell(&decided.reason, WIDTH);
    if let Some(ticket) = &decided.ticket {
        why.push_str(&format!(" ({})", cell(ticket, WIDTH)));
    }
    if let Some((day, over)) = &decided.expires {
        let due = if *over {
            "**due for review since**"
        } else {
            "until"
        };
        why.push_str(&format!(", {due} {}", cell(day, WIDTH)));
    }
    vec![
        format!("{} {}", decided.number, code(&decided.hash)),
        cell(&decided.at, WIDTH),
        format!("{}, {verdict}", decided.action),
        format!(
            "{} ({})",
            cell(&decided.by, WIDTH),
            cell(&decided.by_source, WIDTH)
        ),
        why,
        listed(&decided.changed),
    ]
}

fn findings(page: &mut Page, decided: &Decided) {
    if decided.findings.is_empty() {
        return;
    }
    page.paragraph(&format!("Accepted with {}:", decided.number));
    let told = decided.findings.iter().map(|(severity, rule, message)| {
        format!(
            "{} {}: {}",
            severity.name(),
            code(rule),
            cell(message, WIDTH)
        )
    });
    page.list(&told.collect::<Vec<_>>());
}

fn listed(places: &[String]) -> String {
    let named: Vec<_> = places.iter().map(|place| code(place)).collect();
    named.join(", ")
}
