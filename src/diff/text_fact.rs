//! The facts that a comparison finds about a text.

/// Whose text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextOf {
    /// A tool.
    Tool,
    /// A prompt.
    Prompt,
    /// An argument of a prompt.
    PromptArgument,
    /// A resource.
    Resource,
    /// A resource template.
    ResourceTemplate,
    /// The server: its instructions.
    Instructions,
    /// A parameter of a tool.
    Input,
    /// A part of a tool's result.
    Output,
}

/// What was done to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// There was none, or a blank one.
    Added,
    /// There is none any more, or a blank one.
    Removed,
    /// The same words in another dress.
    Reworded,
    /// Other words, and none of the claims that are looked for.
    Changed,
    /// A claim is different.
    Claim(Vec<Claim>),
    /// Exactly one quantity moved.
    Limit {
        /// The words before the number; empty where there are none.
        subject: String,
        /// The quantity before, with its unit.
        from: String,
        /// The quantity now.
        to: String,
    },
}

/// One claim in which two texts differ, as words to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What kind of claim.
    pub kind: ClaimKind,
    /// What OLD says and NEW does not.
    pub old: Vec<String>,
    /// What NEW says and OLD does not.
    pub new: Vec<String>,
}

/// What a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimKind {
    /// A number, with or without a unit.
    Quantity,
    /// What holds where nothing is said.
    Default,
    /// Must, never, only, always, not; what is allowed or required.
    Obligation,
    /// A URL, host, e-mail address or path.
    Destination,
    /// An error that is raised or returned.
    Error,
    /// A format of data, dates or times.
    Format,
    /// A verb of doing that OLD did not use.
    SideEffect,
    /// A tool or a parameter that a model is told to use.
    Name,
    /// One word for another in an otherwise equal sentence.
    Word,
}
