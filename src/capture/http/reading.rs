//! A stream of events on its way through the tap to rmcp.

use std::collections::VecDeque;
use std::sync::PoisonError;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use rmcp::model::ServerJsonRpcMessage;
use rmcp::transport::streamable_http_client::SseError;
use sse_stream::Sse;

use super::answers::{BodyEnd, EventStream, body_end, is_message};
use super::{Ask, TapHttp, parse, text};
use crate::capture::tap::Tap;

/// What rmcp reads.
pub(super) type Events = BoxStream<'static, Result<Sse, SseError>>;

impl TapHttp {
    /// The events of a stream as rmcp is to see them: ids and retry times as they came, messages by their stand-ins.
    ///
    /// `awaited` is the request that the stream answers; none for the stream of notices.
    pub(super) fn events(
        &self,
        response: reqwest::Response,
        awaited: Option<Ask>,
        last_id: Option<String>,
    ) -> Events {
        let state = Reading {
            http: self.clone(),
            events: EventStream::new(response, Tap::MAX_MESSAGE),
            ready: VecDeque::new(),
            awaited,
            last_id,
        };
        stream::unfold(state, |mut state| async move {
            let event = state.next().await?;
            Some((event, state))
        })
        .boxed()
    }
}

/// A stream of events on its way through the tap.
struct Reading {
    http: TapHttp,
    events: EventStream,
    ready: VecDeque<Sse>,
    awaited: Option<Ask>,
    last_id: Option<String>,
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Sse, SseError>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            match self.events.next().await {
                Some(Ok(event)) => self.admit(event),
                Some(Err(error)) => {
                    self.ended(&body_end(&error));
                    return Some(Err(error));
                }
                None => {
                    self.ended(&BodyEnd::Cut);
                    return None;
                }
            }
        }
    }

    /// Queues what rmcp is to see of one event; the id goes with the last message of it.
    fn admit(&mut self, mut event: Sse) {
        if let Some(id) = &event.id {
            self.last_id = Some(id.clone());
        }
        let data = event.data.take().filter(|_| is_message(&event));
        let messages = data
            .map(|data| self.http.tap.admit(data.as_bytes()))
            .unwrap_or_default();
        for message in messages.iter().filter_map(|message| parse(message)) {
            if matches!(
                message,
                ServerJsonRpcMessage::Response(_) | ServerJsonRpcMessage::Error(_)
            ) {
                self.awaited = None;
            }
            self.ready.push_back(Sse::default().data(text(&message)));
        }
        match self.ready.back_mut() {
            Some(last) => (last.id, last.retry) = (event.id, event.retry),
            None => self.ready.push_back(event),
        }
    }

    /// Notes how the stream ended, which is of no account once the answer is in.
    fn ended(&mut self, end: &BodyEnd) {
        let Some(ask) = self.awaited.take() else {
            if let BodyEnd::TooLarge = end {
                self.http.give_up(self.http.broken(&Ask::notices(), end));
            }
            return;
        };
        match (end, self.last_id.take()) {
            // rmcp does not resume the answer that opens the connection.
            (BodyEnd::Cut, Some(id)) if !ask.opens => {
                self.http
                    .cut
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((id, ask));
            }
            _ if ask.needed => {
                self.http.give_up(self.http.broken(&ask, end));
            }
            _ => {}
        }
    }
}
