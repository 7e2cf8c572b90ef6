//! What a server says about itself, as raw JSON with typed views over it.
//!
//! A surface is data: it neither talks to a server nor judges.

mod document;

use std::collections::BTreeMap;

pub use document::{DocumentError, FORMAT_VERSION};

use crate::canon;
use crate::json::{Json, Object};

/// The lists of a server, in the order in which they are asked for and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// `tools/list`
    Tools,
    /// `prompts/list`
    Prompts,
    /// `resources/list`
    Resources,
    /// `resources/templates/list`
    ResourceTemplates,
}

impl List {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Tools,
        Self::Prompts,
        Self::Resources,
        Self::ResourceTemplates,
    ];

    /// The JSON-RPC method that asks for it.
    pub fn method(self) -> &'static str {
        match self {
            Self::Tools => "tools/list",
            Self::Prompts => "prompts/list",
            Self::Resources => "resources/list",
            Self::ResourceTemplates => "resources/templates/list",
        }
    }

    /// The member of the result, and of our files, that holds the items; also the first part of an item's place.
    pub fn member(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Prompts => "prompts",
            Self::Resources => "resources",
            Self::ResourceTemplates => "resourceTemplates",
        }
    }

    /// The member of an item that tells it from the others.
    pub fn key(self) -> &'static str {
        match self {
            Self::Tools | Self::Prompts => "name",
            Self::Resources => "uri",
            Self::ResourceTemplates => "uriTemplate",
        }
    }

    /// The server capability that promises it.
    pub fn capability(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Prompts => "prompts",
            Self::Resources | Self::ResourceTemplates => "resources",
        }
    }

    /// What tells an item from the others; empty for one that has no such member.
    pub fn key_of(self, item: &Json) -> &str {
        item.get_str(self.key()).unwrap_or_default()
    }

    /// The place of the item of this key: `tools/NAME`.
    pub fn place(self, key: &str) -> String {
        format!("{}/{key}", self.member())
    }

    /// The list and the key of an item's place; nothing for any other place.
    pub fn of_place(place: &str) -> Option<(Self, &str)> {
        let (member, key) = place.split_once('/')?;
        Some((Self::of_member(member)?, key))
    }

    /// The list whose items a member of our files holds.
    pub fn of_member(member: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.member() == member)
    }

    /// The list of a JSON-RPC method.
    pub fn of_method(method: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.method() == method)
    }
}

/// How a server is reached.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// A child process that speaks on its standard input and output.
    Stdio,
    /// Streamable HTTP (since 2025-03-26).
    #[serde(alias = "http")]
    StreamableHttp,
    /// HTTP with server-sent events, as 2024-11-05 had it.
    Sse,
}

impl Transport {
    /// The name used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::StreamableHttp => "streamable-http",
            Self::Sse => "sse",
        }
    }

    /// The transport of a name used in files.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Stdio, Self::StreamableHttp, Self::Sse]
            .into_iter()
            .find(|transport| transport.name() == name)
    }
}

/// What is known of one list.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Listing {
    /// The source does not speak of it (a file that holds tools alone). It is not compared.
    #[default]
    Absent,
    /// The items, in the order sent.
    Read(Vec<Json>),
    /// The server failed to list it, with the JSON-RPC error it gave. It is not compared.
    Failed(Json),
}

/// Everything a server says about itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Surface {
    /// The revision of the protocol that was negotiated, `2025-11-25`.
    pub protocol_version: Option<String>,
    /// How the server was reached.
    pub transport: Option<Transport>,
    /// The result of `initialize` or `server/discover` as it was sent. Nothing where the source holds lists alone.
    pub initialize: Option<Object>,
    listings: BTreeMap<List, Listing>,
    /// Members that stood beside the items in the results of the lists (`_meta`, unknown ones), by list.
    pub beside: BTreeMap<List, Object>,
}

impl Surface {
    /// What is known of a list.
    pub fn listing(&self, list: List) -> &Listing {
        self.listings.get(&list).unwrap_or(&Listing::Absent)
    }

    /// Records what is known of a list.
    pub fn set_listing(&mut self, list: List, listing: Listing) {
        self.listings.insert(list, listing);
    }

    /// The items of a list; none where it was not read.
    pub fn items(&self, list: List) -> &[Json] {
        if let Listing::Read(items) = self.listing(list) {
            items
        } else {
            &[]
        }
    }

    /// The server's name, as it gives it.
    pub fn server_name(&self) -> Option<&str> {
        self.server_info()?.get_str("name")
    }

    /// The server's version, as it gives it.
    pub fn server_version(&self) -> Option<&str> {
        self.server_info()?.get_str("version")
    }

    /// The `serverInfo` member.
    pub fn server_info(&self) -> Option<&Json> {
        let initialize = self.initialize.as_ref()?;
        initialize.get("serverInfo").or_else(|| {
            initialize
                .get("_meta")?
                .get("io.modelcontextprotocol/serverInfo")
        })
    }

    /// The instructions for the model, as the server gives them.
    pub fn instructions(&self) -> Option<&str> {
        self.initialize.as_ref()?.get("instructions")?.as_str()
    }

    /// The server's capabilities.
    pub fn capabilities(&self) -> Option<&Object> {
        self.initialize.as_ref()?.get("capabilities")?.as_object()
    }

    /// The digest over everything that is compared: canonical JSON, the items of a list sorted by digest, since their
    /// order means nothing.
    pub fn digest(&self) -> String {
        let mut whole = Object::new();
        if let Some(version) = &self.protocol_version {
            whole.push("protocolVersion", version.as_str());
        }
        if let Some(transport) = self.transport {
            whole.push("transport", transport.name());
        }
        if let Some(initialize) = &self.initialize {
            whole.push("initialize", initialize.clone());
        }
        for list in List::ALL {
            if let Listing::Read(items) = self.listing(list) {
                let mut digests = canon::digests(items);
                digests.sort_unstable();
                let digests = digests
                    .iter()
                    .map(|digest| Json::string(digest.to_string()));
                whole.push(list.member(), Json::Array(digests.collect()));
            }
            if let Some(beside) = self.beside.get(&list) {
                whole.push(list.method(), beside.clone());
            }
        }
        canon::digest(&whole.into())
    }
}
