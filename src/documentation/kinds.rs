//! The kinds of issues: what each is called, what it costs, and what to do about it.

/// One kind of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The id that reports show.
    pub id: &'static str,
    /// What is wrong, in a clause about the place.
    pub title: &'static str,
    /// How much of its item such an issue costs, in percent. Parameters and arguments share it among them.
    pub weight: u64,
    /// What to do about it.
    pub next: &'static str,
}

/// Every kind. What a tool can lose comes to 100: description 40, parameters 32, types 8, annotations 9, output
/// schema 5, examples 4, title 2; likewise for the other items.
pub const KINDS: &[Kind] = &[
    Kind {
        id: "tool-undescribed",
        title: "it has no description",
        weight: 40,
        next: "Say what the tool does, and when to use it.",
    },
    Kind {
        id: "tool-description-repeats-name",
        title: "its description only repeats the name",
        weight: 36,
        next: "Say what the name does not: what it works on, what it returns, what it changes.",
    },
    Kind {
        id: "tool-description-short",
        title: "its description is too short to say what it does",
        weight: 16,
        next: "Write a sentence: what it does, what it works on, what it returns.",
    },
    Kind {
        id: "parameter-undescribed",
        title: "it has no description",
        weight: 32,
        next: "Say what the parameter means, its form, and what happens without it.",
    },
    Kind {
        id: "parameter-description-repeats-name",
        title: "its description only repeats the name",
        weight: 20,
        next: "Say what the name does not: the form, the unit, where the value comes from.",
    },
    Kind {
        id: "parameter-untyped",
        title: "its schema states no type",
        weight: 8,
        next: "Give it a `type`, an `enum` or a `const`.",
    },
    Kind {
        id: "parameter-items-untyped",
        title: "its schema does not say what the array holds",
        weight: 4,
        next: "Give the array `items` with a type.",
    },
    Kind {
        id: "parameter-enum-unstated",
        title: "its description lists the allowed values, its schema does not",
        weight: 4,
        next: "Put the values into an `enum`, so that clients can check and offer them.",
    },
    Kind {
        id: "tool-without-example",
        title: "no value of a parameter is shown as an example",
        weight: 4,
        next: "Add `examples` or a `default` to a parameter, or show a value in a description.",
    },
    Kind {
        id: "tool-without-annotations",
        title: "it states neither `readOnlyHint` nor `destructiveHint`",
        weight: 9,
        next: "State `annotations.readOnlyHint`, or `destructiveHint` where it changes something: clients approve calls by them.",
    },
    Kind {
        id: "tool-without-output-schema",
        title: "it has no output schema",
        weight: 5,
        next: "Describe the result with an `outputSchema`, and return `structuredContent`.",
    },
    Kind {
        id: "tool-untitled",
        title: "it has no title",
        weight: 2,
        next: "Add a `title` that people read in a list.",
    },
    Kind {
        id: "prompt-undescribed",
        title: "it has no description",
        weight: 55,
        next: "Say what the prompt is for.",
    },
    Kind {
        id: "prompt-description-repeats-name",
        title: "its description only repeats the name",
        weight: 45,
        next: "Say what the name does not: what the prompt is for, and what comes of it.",
    },
    Kind {
        id: "argument-undescribed",
        title: "it has no description",
        weight: 40,
        next: "Say what the argument means and its form.",
    },
    Kind {
        id: "argument-description-repeats-name",
        title: "its description only repeats the name",
        weight: 24,
        next: "Say what the name does not: the form, where the value comes from.",
    },
    Kind {
        id: "prompt-untitled",
        title: "it has no title",
        weight: 5,
        next: "Add a `title` that people read in a list.",
    },
    Kind {
        id: "resource-undescribed",
        title: "it has no description",
        weight: 70,
        next: "Say what the resource holds.",
    },
    Kind {
        id: "resource-description-repeats-name",
        title: "its description only repeats the name",
        weight: 50,
        next: "Say what the name does not: what it holds, and how fresh that is.",
    },
    Kind {
        id: "resource-without-mime-type",
        title: "it has no MIME type",
        weight: 25,
        next: "State its `mimeType`, so that clients know what they read.",
    },
    Kind {
        id: "resource-untitled",
        title: "it has no title",
        weight: 5,
        next: "Add a `title` that people read in a list.",
    },
];

/// The kind of an id.
///
/// # Panics
/// An id that is not in the table, which the tests rule out.
pub(super) fn of(id: &str) -> &'static Kind {
    KINDS
        .iter()
        .find(|kind| kind.id == id)
        .expect("every issue is of a kind of the table")
}
