//! The interactive review (`baseline review`) as a pure state machine: a line comes in, text to show comes out.
//!
//! It knows no terminal and writes nothing. At its end stands what the reviewer decided, and nothing at all where the
//! reviewer left: nothing is accepted by a bare Enter.

mod decisions;
mod items;
mod screen;

use std::collections::BTreeMap;

pub use self::decisions::{Accepted, Decisions, Ignored};
use self::items::Item;
use crate::report::{Report, Severity, Style};
use crate::text;

/// The word that accepts or ignores what is breaking, as `--force` does elsewhere.
const CONFIRMATION: &str = "breaking";

/// What a review is about, and what it cannot know by itself.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// What the last check found; its findings are reviewed.
    pub report: &'a Report,
    /// What the terminal can show.
    pub style: &'a Style,
    /// The configuration that takes what is ignored, as the user would write it.
    pub config: &'a str,
    /// The day of the review in UTC, `YYYY-MM-DD`.
    pub today: &'a str,
    /// Whether a text is a day that exists; what is wrong with it, in a clause.
    pub day: &'a dyn Fn(&str) -> Result<(), String>,
    /// The explanation of a rule, by its id.
    pub explain: &'a dyn Fn(&str) -> String,
}

/// What to show, and whether the review is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Text for the terminal; it ends in a question, without a line end, unless the review is over.
    pub text: String,
    /// How the review ended.
    pub end: Option<End>,
}

/// How a review ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The reviewer left, or decided nothing: nothing is to be written.
    Nothing,
    /// The reviewer confirmed this.
    Write(Decisions),
}

/// A review that is under way.
pub struct Walk<'a> {
    subject: Subject<'a>,
    items: Vec<Item>,
    /// What was decided about each item.
    states: Vec<State>,
    /// The item that is looked at; behind the last one stands the summary.
    at: usize,
    asking: Asking,
    /// How the reason for accepting is asked; nothing before the reviewer chose.
    reasons: Option<Reasons>,
}

/// What was decided about an item so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum State {
    /// Nothing.
    #[default]
    Open,
    /// It stays drift.
    Skipped,
    /// It is accepted, and why.
    Accepted(String),
    /// Some of its findings are ignored: why, and until when.
    Ignored(BTreeMap<usize, (String, Option<String>)>),
}

/// How the reason for accepting is asked.
enum Reasons {
    /// Once; this is it.
    Once(String),
    /// For each item.
    Each,
}

/// What the next line answers.
enum Asking {
    /// What to do with the item.
    Choice,
    /// Whether something breaking is accepted.
    Breaking,
    /// Why it is accepted.
    Reason,
    /// Whether that reason is for all the rest too.
    Once(String),
    /// Which findings to ignore.
    Which,
    /// Whether these are ignored, though one of them is breaking.
    IgnoreBreaking(Vec<usize>),
    /// Why they are ignored.
    IgnoreReason(Vec<usize>),
    /// Until when they are ignored.
    IgnoreUntil(Vec<usize>, String),
    /// Whether all of it is written.
    Last,
}

impl<'a> Walk<'a> {
    /// A review from its beginning, and what to show first. A report without findings is over at once.
    pub fn new(subject: Subject<'a>) -> (Self, Step) {
        let items = items::of(subject.report);
        let walk = Self {
            states: vec![State::Open; items.len()],
            subject,
            items,
            at: 0,
            asking: Asking::Choice,
            reasons: None,
        };
        let step = if walk.items.is_empty() {
            over(walk.line("There is nothing to review: the last check found no drift."))
        } else {
            asks(walk.welcome() + &walk.item() + &walk.choices())
        };
        (walk, step)
    }

    /// Takes a line that the reviewer typed, with or without its line end.
    pub fn answer(&mut self, line: &str) -> Step {
        let line = line.trim();
        if let Some(unusable) = text::unseen(line) {
            let problem = format!(
                "That has a character that is no text (U+{:04X}): an arrow key, perhaps. Type it again.",
                u32::from(unusable)
            );
            return asks(self.line(&problem) + &self.question());
        }
        let word = line.to_lowercase();
        if matches!(word.as_str(), "q" | "quit") {
            return self.leave();
        }
        if matches!(word.as_str(), "b" | "back") {
            return self.back();
        }
        match std::mem::replace(&mut self.asking, Asking::Choice) {
            Asking::Choice => self.choice(&word),
            Asking::Breaking if word == CONFIRMATION => self.why(),
            Asking::Breaking => asks(self.line("It was not accepted.") + &self.question()),
            Asking::Reason => self.reason(line),
            Asking::Once(reason) => self.once(&word, reason),
            Asking::Which => self.which(&word),
            Asking::IgnoreBreaking(findings) if word == CONFIRMATION => {
                self.ask(Asking::IgnoreReason(findings))
            }
            Asking::IgnoreBreaking(_) => asks(self.line("It was not ignored.") + &self.question()),
            Asking::IgnoreReason(findings) => self.ignore_reason(line, findings),
            Asking::IgnoreUntil(findings, reason) => self.ignore_until(line, findings, reason),
            Asking::Last => self.last(&word),
        }
    }

    /// Ends the review before its end: on `q`, where no more lines come, on an interrupt.
    pub fn leave(&self) -> Step {
        over(self.line("Nothing was written."))
    }

    fn choice(&mut self, word: &str) -> Step {
        match word {
            "a" | "accept" if self.items[self.at].things.is_empty() => {
                let alone = "It only sums up the others: it goes when they do.";
                asks(self.line(alone) + &self.question())
            }
            "a" | "accept" if self.severity() == Severity::Breaking => self.ask(Asking::Breaking),
            "a" | "accept" => self.why(),
            "s" | "skip" => {
                let text = self.line("It stays drift.");
                self.decide(State::Skipped, text)
            }
            "n" | "next" => {
                let state = self.states[self.at].clone();
                self.decide(state, String::new())
            }
            "i" | "ignore" => match self.items[self.at].findings.as_slice() {
                [only] => {
                    let only = vec![*only];
                    self.ignore(only)
                }
                _ => self.ask(Asking::Which),
            },
            "d" | "details" => asks(self.details() + &self.question()),
            "e" | "explain" => asks(self.explanations() + &self.question()),
            "?" | "h" | "help" => asks(self.help() + &self.question()),
            "" => asks(self.line("Nothing was chosen.") + &self.question()),
            _ => {
                asks(self.line("That is none of the answers; ? explains them.") + &self.question())
            }
        }
    }

    /// Something is to be accepted: for the reason that was given for all, or for one that is asked now.
    fn why(&mut self) -> Step {
        match &self.reasons {
            Some(Reasons::Once(reason)) => {
                let reason = reason.clone();
                self.accept(reason)
            }
            _ => self.ask(Asking::Reason),
        }
    }

    fn reason(&mut self, line: &str) -> Step {
        if line.is_empty() {
            let text = self.line("Without a reason nothing is accepted.");
            return self.ask_after(text, Asking::Reason);
        }
        let reason = line.to_owned();
        if self.reasons.is_none() && self.at + 1 < self.items.len() {
            return self.ask(Asking::Once(reason));
        }
        self.accept(reason)
    }

    fn once(&mut self, word: &str, reason: String) -> Step {
        self.reasons = Some(match word {
            "y" | "yes" => Reasons::Once(reason.clone()),
            "n" | "no" => Reasons::Each,
            _ => return self.ask(Asking::Once(reason)),
        });
        self.accept(reason)
    }

    fn accept(&mut self, reason: String) -> Step {
        let text = self.line(match self.states[self.at] {
            State::Ignored(_) => {
                "It will be accepted whole; what was to be ignored in it need not be."
            }
            _ => "It will be accepted.",
        });
        self.decide(State::Accepted(reason), text)
    }

    fn which(&mut self, word: &str) -> Step {
        let findings = &self.items[self.at].findings;
        let picked: Option<Vec<usize>> = match word {
            "all" => Some(findings.clone()),
            _ => word
                .split([' ', ','])
                .filter(|number| !number.is_empty())
                .map(|number| {
                    let number: usize = number.parse().ok()?;
                    findings.get(number.checked_sub(1)?).copied()
                })
                .collect(),
        };
        match picked {
            Some(picked) if !picked.is_empty() => self.ignore(picked),
            _ => {
                let text =
                    self.line("Name findings by the numbers above, such as 1 or 1,2, or say all.");
                self.ask_after(text, Asking::Which)
            }
        }
    }

    /// These are to be ignored; what is breaking would fail no check any more, so it takes more than a key.
    fn ignore(&mut self, findings: Vec<usize>) -> Step {
        let all = &self.subject.report.findings;
        let is_breaking = |index: &usize| all[*index].severity == Severity::Breaking;
        if findings.iter().any(is_breaking) {
            self.ask(Asking::IgnoreBreaking(findings))
        } else {
            self.ask(Asking::IgnoreReason(findings))
        }
    }

    fn ignore_reason(&mut self, line: &str, findings: Vec<usize>) -> Step {
        if line.is_empty() {
            let text = self.line("Without a reason nothing is ignored.");
            return self.ask_after(text, Asking::IgnoreReason(findings));
        }
        self.ask(Asking::IgnoreUntil(findings, line.to_owned()))
    }

    fn ignore_until(&mut self, line: &str, findings: Vec<usize>, reason: String) -> Step {
        let problem = match line {
            "" => None,
            day if (self.subject.day)(day).is_err() => (self.subject.day)(day).err(),
            day if day < self.subject.today => Some(format!("{day} is over")),
            _ => None,
        };
        if let Some(problem) = problem {
            let text = self.line(&format!("{problem}."));
            return self.ask_after(text, Asking::IgnoreUntil(findings, reason));
        }
        let until = (!line.is_empty()).then(|| line.to_owned());
        let mut ignored = match &self.states[self.at] {
            State::Ignored(ignored) => ignored.clone(),
            _ => BTreeMap::new(),
        };
        for finding in findings {
            ignored.insert(finding, (reason.clone(), until.clone()));
        }
        let left = self.items[self.at].findings.len() - ignored.len();
        if left == 0 {
            let text = self.line("It will be ignored.");
            return self.decide(State::Ignored(ignored), text);
        }
        self.states[self.at] = State::Ignored(ignored);
        let text = self.line(&format!(
            "It will be ignored. {} left in this item; n goes on and leaves {} as drift.",
            text::count(left, "finding"),
            if left == 1 { "it" } else { "them" },
        ));
        self.ask_after(text, Asking::Choice)
    }

    fn last(&mut self, word: &str) -> Step {
        match word {
            "yes" => Step {
                text: String::new(),
                end: Some(End::Write(self.decisions())),
            },
            "no" | "n" => self.leave(),
            _ => {
                self.asking = Asking::Last;
                asks(self.line("Only yes writes.") + &self.question())
            }
        }
    }

    /// One step back: out of a question to its item, from an item to the one before.
    fn back(&mut self) -> Step {
        let to_item = !matches!(self.asking, Asking::Choice | Asking::Last);
        self.asking = Asking::Choice;
        if !to_item {
            if self.at == 0 {
                return asks(self.line("This is the first.") + &self.question());
            }
            self.at -= 1;
        }
        asks(self.item() + &self.choices())
    }

    /// The item is done: on to the next, or to the summary.
    fn decide(&mut self, state: State, text: String) -> Step {
        self.states[self.at] = state;
        self.at += 1;
        self.asking = Asking::Choice;
        if self.at < self.items.len() {
            return asks(text + &self.item() + &self.choices());
        }
        let decisions = self.decisions();
        if decisions == Decisions::default() {
            let nothing = "Nothing was accepted or ignored, so nothing was written.";
            return over(text + &self.line(nothing));
        }
        self.asking = Asking::Last;
        asks(text + &self.summary(&decisions) + &self.question())
    }

    fn ask(&mut self, asking: Asking) -> Step {
        self.ask_after(String::new(), asking)
    }

    fn ask_after(&mut self, text: String, asking: Asking) -> Step {
        self.asking = asking;
        asks(text + &self.question())
    }

    fn severity(&self) -> Severity {
        self.items[self.at].severity(self.subject.report)
    }

    fn decisions(&self) -> Decisions {
        let mut decisions = Decisions::default();
        for (item, state) in self.items.iter().zip(&self.states) {
            match state {
                State::Open | State::Skipped => {}
                State::Accepted(reason) => decisions.accept(item, reason),
                State::Ignored(ignored) => {
                    let ignored = ignored.iter().map(|(finding, (reason, until))| Ignored {
                        finding: *finding,
                        reason: reason.clone(),
                        until: until.clone(),
                    });
                    decisions.ignored.extend(ignored);
                }
            }
        }
        decisions
    }
}

fn asks(text: String) -> Step {
    Step { text, end: None }
}

fn over(text: String) -> Step {
    Step {
        text,
        end: Some(End::Nothing),
    }
}
