//! What the reviewer sees: items, questions, the summary.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::items::Item;
use super::{Asking, CONFIRMATION, Decisions, State, Walk};
use crate::report::{Role, Severity, human};
use crate::text;

/// How many things a line names before it counts the rest.
const NAMED: usize = 6;

/// The most columns of a reason or a place.
const WIDTH: usize = 60;

impl Walk<'_> {
    /// How much there is to review.
    pub(super) fn welcome(&self) -> String {
        let findings = text::count(self.subject.report.findings.len(), "finding");
        let items = text::count(self.items.len(), "item");
        self.line(&format!(
            "{findings} in {items}, worst first. Nothing is written before the end; ? explains the answers."
        ))
    }

    /// The item that is looked at, with all its findings and what was decided about it.
    pub(super) fn item(&self) -> String {
        let item = &self.items[self.at];
        let title = format!(
            "{} of {}: {}",
            self.at + 1,
            self.items.len(),
            self.title(item)
        );
        let mut text = format!(
            "\n{}\n",
            self.subject
                .style
                .paint(Role::Strong, &text::disarm(&title))
        );
        for (number, finding) in item.findings.iter().enumerate() {
            let finding = &self.subject.report.findings[*finding];
            text.push('\n');
            if item.findings.len() > 1 {
                let _ = writeln!(text, "({})", number + 1);
            }
            text += &human::one(self.subject.report, finding, self.subject.style);
        }
        text.push('\n');
        text += &self.together();
        match &self.states[self.at] {
            State::Open => {}
            State::Skipped => text += &self.line("So far: it stays drift."),
            State::Accepted(reason) => {
                text += &self.line(&format!("So far: accepted: {}", self.shown(reason)));
            }
            State::Ignored(ignored) => {
                text += &self.line(&format!(
                    "So far: {} ignored.",
                    text::count(ignored.len(), "finding")
                ));
            }
        }
        text
    }

    fn title(&self, item: &Item) -> String {
        if item.things.is_empty() {
            return "all of the server".to_owned();
        }
        self.named(&item.things)
    }

    /// That an item is accepted whole, where that is not plain to see.
    fn together(&self) -> String {
        let item = &self.items[self.at];
        match (item.findings.len(), item.things.len()) {
            (_, 0) => self.line("It sums up the others, and goes when they do."),
            (1, 1) => String::new(),
            (1, things) => self.line(&format!(
                "Accepting takes {things} things together: {}.",
                self.named(&item.things)
            )),
            (findings, 1) => self.line(&format!(
                "Accepting takes {} whole, with its {findings} findings.",
                self.named(&item.things)
            )),
            (findings, things) => self.line(&format!(
                "Accepting takes {things} things together, with their {findings} findings: {}.",
                self.named(&item.things)
            )),
        }
    }

    /// The question that the next line answers.
    pub(super) fn question(&self) -> String {
        let reason = "Why? (b goes back) ";
        match &self.asking {
            Asking::Choice => self.choices(),
            Asking::Breaking => breaking("accept it all the same"),
            Asking::Reason => format!("Accept. {reason}"),
            Asking::Once(_) => {
                "Is that the reason for all else that you accept here? (y or n) ".to_owned()
            }
            Asking::Which => "Ignore which? (numbers, or all) ".to_owned(),
            Asking::IgnoreBreaking(_) => breaking("ignore it in every check from now on"),
            Asking::IgnoreReason(_) => format!("Ignore. {reason}"),
            Asking::IgnoreUntil(..) => {
                "Until which day? (YYYY-MM-DD; Enter for no end) ".to_owned()
            }
            Asking::Last => "Write this? Type yes; b goes back, q leaves it. ".to_owned(),
        }
    }

    /// What can be done with an item.
    pub(super) fn choices(&self) -> String {
        "accept (a), skip (s), ignore (i), details (d), explain (e), back (b), quit (q): "
            .to_owned()
    }

    /// What each answer does.
    pub(super) fn help(&self) -> String {
        let config = self.subject.style.charset().visible(self.subject.config);
        [
            "a  accept   what the last check captured becomes what is expected, with your reason",
            "s  skip     it stays drift",
            &format!(
                "i  ignore   it is no drift any more, for a reason in {config}; the baseline stays"
            ),
            "n  next     on, with this item as it was decided so far",
            "d  details  every value in full, and the fingerprint",
            "e  explain  the rule: why it matters, what to do, how to change it",
            "b  back     to the item before, or out of a question",
            "q  quit     leave; nothing is written",
        ]
        .iter()
        .map(|line| self.line(line))
        .collect()
    }

    /// The findings of the item with everything that there is to say.
    pub(super) fn details(&self) -> String {
        let mut style = *self.subject.style;
        style.verbosity = style.verbosity.max(1);
        let findings = self.items[self.at].findings.iter();
        findings
            .map(|index| {
                let finding = &self.subject.report.findings[*index];
                human::one(self.subject.report, finding, &style) + "\n"
            })
            .collect()
    }

    /// Each rule of the item, explained once.
    pub(super) fn explanations(&self) -> String {
        let findings = self.items[self.at].findings.iter();
        let rules: BTreeSet<&str> = findings
            .map(|index| self.subject.report.findings[*index].rule)
            .collect();
        let explained = rules
            .into_iter()
            .map(|rule| (self.subject.explain)(rule) + "\n");
        explained.collect()
    }

    /// All that will be written.
    pub(super) fn summary(&self, decisions: &Decisions) -> String {
        let report = self.subject.report;
        let mut text = String::from("\n");
        for accepted in &decisions.accepted {
            let whose = self.whose(&accepted.target);
            let findings = accepted
                .findings
                .iter()
                .map(|index| &report.findings[*index]);
            let worst = findings.map(|finding| finding.severity).max();
            text += &self.line(&format!(
                "accept{whose}: {} ({}, {})",
                self.named(&accepted.things),
                text::count(accepted.findings.len(), "finding"),
                worst.map_or("", Severity::name),
            ));
            text += &self.line(&format!("  because: {}", self.shown(&accepted.reason)));
        }
        for ignored in &decisions.ignored {
            let finding = &report.findings[ignored.finding];
            let until = ignored.until.as_ref();
            let until = until.map_or_else(String::new, |until| format!(" until {until}"));
            text += &self.line(&format!(
                "ignore{}: {} at {}{until}",
                self.whose(&finding.target),
                finding.rule,
                self.quoted(&finding.place.at),
            ));
            text += &self.line(&format!("  because: {}", self.shown(&ignored.reason)));
        }
        let accepted = decisions.accepted.iter().flat_map(|one| &one.findings);
        let ignored = decisions.ignored.iter().map(|one| &one.finding);
        let decided: BTreeSet<&usize> = accepted.chain(ignored).collect();
        let stays = |index: &&usize| !decided.contains(index);
        // What only sums up the others goes when they do.
        let items = self.items.iter().filter(|item| !item.things.is_empty());
        let left = items.flat_map(|item| &item.findings).filter(stays).count();
        if left > 0 {
            text += &self.line(&format!("{} left as drift", text::count(left, "finding")));
        }
        let mut files = Vec::new();
        if !decisions.ignored.is_empty() {
            files.push(self.subject.style.charset().visible(self.subject.config));
        }
        if !decisions.accepted.is_empty() {
            files.push("the baseline".to_owned());
        }
        text + &self.line(&format!("This changes {}.", files.join(" and ")))
    }

    /// A line of our own, whatever stands in it.
    pub(super) fn line(&self, line: &str) -> String {
        format!("{}\n", text::disarm(line))
    }

    /// Things by name, as many as a line takes.
    fn named(&self, things: &BTreeSet<String>) -> String {
        let mut names: Vec<String> = things
            .iter()
            .take(NAMED)
            .map(|thing| self.quoted(thing))
            .collect();
        if things.len() > NAMED {
            names.push(format!("{} more", things.len() - NAMED));
        }
        names.join(", ")
    }

    /// ` of SERVER` where there are several.
    fn whose(&self, target: &str) -> String {
        if self.subject.report.targets.len() > 1 {
            format!(" of {}", self.quoted(target))
        } else {
            String::new()
        }
    }

    fn quoted(&self, raw: &str) -> String {
        let charset = self.subject.style.charset();
        charset.quoted(&charset.excerpt(raw, WIDTH))
    }

    fn shown(&self, raw: &str) -> String {
        self.subject.style.charset().visible(raw)
    }
}

fn breaking(what: &str) -> String {
    format!("This is breaking: something that worked can fail. Type `{CONFIRMATION}` to {what}: ")
}
