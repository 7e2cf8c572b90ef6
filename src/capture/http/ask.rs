//! What a message to the server is, as far as its answer goes.

use std::borrow::Cow;

use rmcp::model::{ClientJsonRpcMessage, ClientNotification, ClientRequest, RequestId};

/// What a message to the server is, as far as its answer goes.
#[derive(Clone)]
pub(in crate::capture) struct Ask {
    /// What messages call it.
    what: Cow<'static, str>,
    /// The id, where it is a request.
    pub(super) id: Option<RequestId>,
    /// Whether it opens the conversation: `initialize` or `server/discover`.
    pub(super) opens: bool,
    /// Whether it is `initialize`.
    pub(super) initializes: bool,
    /// Whether it is `tools/call`, some of whose arguments may stand in headers too.
    pub(super) calls_tool: bool,
    /// Whether the capture cannot go on without it.
    pub(in crate::capture) needed: bool,
}

impl Ask {
    /// Reads a message that is about to be sent.
    pub(in crate::capture) fn of(message: &ClientJsonRpcMessage) -> Self {
        match message {
            ClientJsonRpcMessage::Request(request) => Self {
                what: format!("`{}`", request.request.method()).into(),
                id: Some(request.id.clone()),
                opens: matches!(
                    request.request,
                    ClientRequest::InitializeRequest(_) | ClientRequest::DiscoverRequest(_)
                ),
                initializes: matches!(request.request, ClientRequest::InitializeRequest(_)),
                calls_tool: request.request.method() == "tools/call",
                needed: request.request.method() != "ping",
            },
            ClientJsonRpcMessage::Notification(notification)
                if matches!(
                    notification.notification,
                    ClientNotification::InitializedNotification(_)
                ) =>
            {
                Self {
                    needed: true,
                    ..Self::other("`notifications/initialized`")
                }
            }
            _ => Self::other("a message"),
        }
    }

    /// A GET for the server's own messages.
    pub(in crate::capture) fn notices() -> Self {
        Self::other("GET")
    }

    /// What messages call it: the method in backticks.
    pub(in crate::capture) fn named(&self) -> &str {
        &self.what
    }

    fn other(what: &'static str) -> Self {
        Self {
            what: what.into(),
            id: None,
            opens: false,
            initializes: false,
            calls_tool: false,
            needed: false,
        }
    }
}
