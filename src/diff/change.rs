//! The facts that a comparison finds, each with its place and its values.
//!
//! A fact says what is different. What that means for anybody is for the rules to say.

use super::behaviour::{Pace, ResponseChange};
use super::context::Context;
use super::documentation::Documented;
use super::schema_fact::{SchemaFact, Side};
use super::text_fact::{Edit, TextOf};
use crate::json::{Json, Pointer};
use crate::observed::ErrorStep;
use crate::report::{Decided, Place};
use crate::surface::List;

/// What stands in a place instead of a tool where two bare schemas are compared.
pub const SCHEMA: &str = "schema";

/// One difference between two surfaces, or between two schemas.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What happened.
    pub what: What,
    /// Where; in OLD for what is gone or changed, in NEW for what was added.
    pub place: Place,
    /// The new place of something renamed or moved.
    pub new_at: Option<String>,
    /// What the thing inside the item is called, where the pointer does not say it.
    pub name: Option<String>,
    /// Every further place this change speaks for.
    pub covers: Vec<Place>,
    /// The value before; nothing where there was none.
    pub old: Option<Json>,
    /// The value now; nothing where there is none.
    pub new: Option<Json>,
    /// What the judge of inclusion says of the schemas that this is a fact about; nothing where nobody asked it.
    pub decided: Option<Decided>,
    /// A value that used to be accepted and no longer is, or a result that used not to be possible and now is.
    pub witness: Option<Json>,
}

/// A difference that provably changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Same {
    /// Where.
    pub place: Place,
    /// Why it means the same, in a clause.
    pub reason: &'static str,
}

/// What happened, with the details that a rule needs besides the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An item of a list is new.
    ItemAdded(List),
    /// An item of a list is gone; whether OLD already called it deprecated.
    ItemRemoved {
        /// Of which list.
        list: List,
        /// Whether OLD announced its end.
        deprecated: bool,
    },
    /// Every tool is gone.
    AllToolsRemoved,
    /// The same item stands under another name or URI.
    ItemRenamed {
        /// Of which list.
        list: List,
        /// How alike the two are; nothing where all the rest of them is the same.
        alike: Option<Alike>,
    },
    /// A resource template was written otherwise and still matches all that it matched.
    TemplateReach {
        /// Whether it matches more than before.
        wider: bool,
    },
    /// A second tool took a name that stands already.
    ToolNameDuplicated,
    /// A tool came with a name that the protocol does not allow.
    ToolNameInvalid,
    /// A text that a model or a person reads.
    Text {
        /// Whose text.
        of: TextOf,
        /// What was done to it.
        edit: Edit,
    },
    /// The display title of an item or an argument.
    Title(Titled),
    /// The icons of an item.
    Icons(List, Reach),
    /// A member of an item's `_meta`.
    Meta(List, Reach),
    /// A hint of a tool, by effective value.
    Hint(Hint),
    /// `execution.taskSupport`, by effective value; whether a way of calling that worked is now refused.
    TaskSupport {
        /// Whether a way of calling that worked is now refused.
        refuses: bool,
    },
    /// A tool states what its results look like, where it did not.
    OutputSchemaAdded,
    /// A tool no longer states what its results look like.
    OutputSchemaRemoved,
    /// The arguments of a prompt.
    Argument(Argument),
    /// The programmatic name of a resource or template.
    ResourceName(List),
    /// The MIME type of a resource or template.
    ResourceMimeType(List),
    /// The audience of a resource or template.
    ResourceAudience(List),
    /// Size, priority and other presentation of a resource or template.
    ResourceDetail(List),
    /// A capability, or a member of one.
    Capability {
        /// What happened to it.
        step: Step,
        /// Whether it stands in `experimental` or `extensions`, which promise nothing.
        tentative: bool,
    },
    /// The server's name.
    ServerName,
    /// The server's version; whether it went backwards.
    ServerVersion {
        /// Whether the new version is the lower one.
        back: bool,
    },
    /// Another member of `serverInfo`.
    ServerInfo(Reach),
    /// The surface differs and the server calls itself by the same version.
    SameVersion,
    /// The server's version promises that nothing breaks.
    NoMajorStep,
    /// A model has more to read.
    Context(Context),
    /// The negotiated revision; whether it went backwards.
    ProtocolVersion {
        /// Whether the new revision is the older one.
        back: bool,
    },
    /// The transport.
    Transport,
    /// Members that one side's revision does not have.
    NotInRevision,
    /// A name occurs twice in one JSON object, where it did not.
    DuplicateMember,
    /// A fact about a schema.
    Schema(Side, SchemaFact),
    /// What became of the documentation.
    Documentation(Documented),
    /// How long answers take.
    Latency(Pace),
    /// Answers take longer than the user allows.
    Budget,
    /// What answers look like.
    Response {
        /// What is different.
        change: ResponseChange,
        /// Whether there were answers enough to rule out chance.
        sure: bool,
    },
    /// What became of one kind of error.
    Errors(ErrorStep),
    /// More calls get no answer in time.
    TimeOuts,
    /// Fewer of the calls that are answered succeed.
    SuccessRate,
    /// A call with a known answer.
    Scenario {
        /// Whether the answer is as expected.
        passed: bool,
    },
    /// What somebody accepted until a day that has passed.
    AcceptanceExpired,
    /// A difference that nothing above names.
    Unrecognised(Reach),
}

/// How alike two definitions are that are taken for one, in per cent; 100 is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alike {
    /// What they take: the schema of a tool or parameter, the arguments of a prompt, the type of a resource.
    pub definition: u8,
    /// Their descriptions; nothing where neither has one.
    pub text: Option<u8>,
    /// Whether the names are the same words in another spelling.
    pub respelled: bool,
}

/// What happened to a thing that is there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
}

/// How far a new value reaches beyond the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nowhere.
    Nowhere,
    /// It names a URL or host that OLD did not name there.
    NewUrl,
    /// It names a UI resource that OLD did not name there.
    UiResource,
}

/// What has a display title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Titled {
    /// An item of a list.
    Item(List),
    /// An argument of a prompt.
    PromptArgument,
}

/// What happened to a hint of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// `readOnlyHint` or `destructiveHint` has another effective value than OLD stated.
    Flipped,
    /// Trust is newly claimed; whether the tool's own words speak against it.
    TrustClaimed {
        /// Whether the tool says that it sends, writes, deletes, pays or executes.
        contradicted: bool,
    },
    /// The effective value is the same and is now stated, or no longer.
    SpelledOut,
    /// Another hint has another effective value.
    Other,
    /// The display title in the annotations; whether it leads away from the tool's own title or name.
    Title {
        /// Whether it differs from the title, or the words of the name.
        misleading: bool,
    },
}

/// What happened to an argument of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// It is new; whether it must be given.
    Added {
        /// Whether it must be given.
        required: bool,
    },
    /// It is gone.
    Removed,
    /// It has another name; how alike the two are where they are not the same in all the rest.
    Renamed {
        /// How alike the two are; nothing where all the rest of them is the same.
        alike: Option<Alike>,
    },
    /// It must be given now.
    Required,
    /// It may be left out now.
    Optional,
}

impl What {
    /// Whether it sums up other differences instead of being one.
    pub fn is_summary(&self) -> bool {
        matches!(
            self,
            Self::SameVersion | Self::NoMajorStep | Self::Context(_) | Self::Documentation(_)
        )
    }
}

impl Change {
    /// A change at a place, from one value to another.
    pub(super) fn new(what: What, place: Place, old: Option<&Json>, new: Option<&Json>) -> Self {
        Self {
            what,
            place,
            new_at: None,
            name: None,
            covers: Vec::new(),
            old: old.cloned(),
            new: new.cloned(),
            decided: None,
            witness: None,
        }
    }

    /// Lets it speak for another place, too.
    #[must_use]
    pub(super) fn covering(mut self, place: Place) -> Self {
        self.covers.push(place);
        self
    }

    /// The name of the thing without the list it stands in: `read_file`, `file:///a`, `server`.
    pub fn item(&self) -> &str {
        item_of(&self.place.at)
    }

    /// The place inside a schema as a reader says it: `options.mode`, `paths[]`; empty at the root of the schema.
    pub fn parameter(&self) -> String {
        let tokens: Vec<_> = self.place.pointer.tokens().collect();
        let mut name = String::new();
        // A tool says first which of its schemas it is.
        let mut index = usize::from(self.place.at != SCHEMA);
        while index < tokens.len() {
            match tokens[index].as_ref() {
                "properties" | "patternProperties" if index + 1 < tokens.len() => {
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(&tokens[index + 1]);
                    index += 2;
                }
                "items" => {
                    name.push_str("[]");
                    index += 1;
                }
                "prefixItems" if index + 1 < tokens.len() => {
                    name.push_str(&format!("[{}]", tokens[index + 1]));
                    index += 2;
                }
                _ => index += 1,
            }
        }
        name
    }

    /// The last part of the pointer: a keyword or the name of a member.
    pub fn member(&self) -> String {
        self.place
            .pointer
            .tokens()
            .last()
            .map_or_else(String::new, Into::into)
    }

    /// Whether it is about a schema as a whole, and about no part of it.
    pub fn is_of_a_whole_schema(&self) -> bool {
        let whole = if self.place.at == SCHEMA {
            &[""][..]
        } else {
            &["/inputSchema", "/outputSchema"]
        };
        whole.contains(&self.place.pointer.as_str())
    }

    /// The thing that the change is in, in back-ticks; two bare schemas have no name.
    pub fn owner(&self) -> String {
        if self.place.at == SCHEMA {
            "the schema".to_owned()
        } else {
            format!("`{}`", self.item())
        }
    }

    /// What the change is about inside a tool, in back-ticks: the parameter, or the tool where there is none.
    pub fn subject(&self) -> String {
        let parameter = self.name.clone().unwrap_or_else(|| self.parameter());
        match parameter.as_str() {
            "" => self.owner(),
            parameter => format!("`{parameter}`"),
        }
    }
}

/// The name of a thing without the list it stands in.
pub(crate) fn item_of(at: &str) -> &str {
    List::of_place(at)
        .map(|(_, key)| key)
        .or_else(|| at.strip_prefix("capabilities/"))
        .or_else(|| at.strip_prefix("scenarios/"))
        .unwrap_or(at)
}

/// The place of a thing itself.
pub(super) fn whole(at: impl Into<String>) -> Place {
    Place {
        at: at.into(),
        pointer: Pointer::root(),
    }
}

/// The place of a member inside a place.
pub(super) fn inside(place: &Place, token: impl std::fmt::Display) -> Place {
    Place {
        at: place.at.clone(),
        pointer: place.pointer.join(token),
    }
}
