//! The decisions as Markdown, in which no text of a server or a person is anything but text.

use super::{Log, Logged, joined};
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
        for logged in &log.decisions {
            findings(&mut page, logged);
        }
    }
    page.finish()
}

fn row(logged: &Logged) -> Vec<String> {
    let verdict = logged
        .verdict
        .map_or("no drift", |severity| severity.name());
    let joins = match logged.joins.as_slice() {
        [] => String::new(),
        joins => format!(" (joins {})", joined(joins, code)),
    };
    let mut why = cell(&logged.reason, WIDTH);
    if let Some(ticket) = &logged.ticket {
        why.push_str(&format!(" ({})", cell(ticket, WIDTH)));
    }
    if let Some((day, over)) = &logged.expires {
        let due = if *over {
            "**due for review since**"
        } else {
            "until"
        };
        why.push_str(&format!(", {due} {}", cell(day, WIDTH)));
    }
    vec![
        format!("{} {}", logged.number, code(&logged.hash)),
        cell(&logged.at, WIDTH),
        format!("{}{joins}, {verdict}", logged.action),
        format!(
            "{} ({})",
            cell(&logged.by, WIDTH),
            cell(&logged.by_source, WIDTH)
        ),
        why,
        changed(logged),
    ]
}

/// What a decision changed, and what had come before it without one.
fn changed(logged: &Logged) -> String {
    let changed = match logged.changed.as_slice() {
        [] => "nothing".to_owned(),
        changed => listed(changed),
    };
    match logged.unreviewed.as_deref() {
        None => changed,
        Some([]) => format!("{changed}; **unreviewed before it**: nothing that the file tells"),
        Some(places) => format!("{changed}; **unreviewed before it**: {}", listed(places)),
    }
}

fn findings(page: &mut Page, logged: &Logged) {
    if logged.findings.is_empty() {
        return;
    }
    page.paragraph(&format!("Accepted with {}:", logged.number));
    let told = logged.findings.iter().map(|(severity, rule, message)| {
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
