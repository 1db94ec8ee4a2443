//! Calls that can wait: answered once, on a thread of their own.

mod connections;
mod pool;
mod session;
mod verbs;

use crate::{ErrorCode, ErrorData, Method};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The answer to a call.
#[derive(Debug)]
pub struct Reply {
    /// The answer as JSON; `null` where there is none, and with an error.
    pub json: String,
    /// Bytes, of methods that answer bytes.
    pub payload: Vec<u8>,
    /// What went wrong, as JSON: see [`ErrorData`].
    pub error: Option<String>,
}

/// What takes the answer.
pub type OnReply = Box<dyn FnOnce(Reply) + Send>;

/// What a method gives: its answer and bytes.
type Answer = Result<(Value, Vec<u8>), ErrorData>;

/// Where an answer goes. Given up without one, it answers that.
struct Respond(Option<OnReply>);

impl Respond {
    fn answer(mut self, answer: Answer) {
        self.send(answer);
    }

    /// Answers with what another was answered.
    fn pass(mut self, reply: Reply) {
        if let Some(on_reply) = self.0.take() {
            on_reply(reply);
        }
    }

    fn send(&mut self, answer: Answer) {
        let Some(on_reply) = self.0.take() else {
            return;
        };
        on_reply(match answer {
            Ok((json, payload)) => Reply {
                json: json.to_string(),
                payload,
                error: None,
            },
            Err(error) => Reply {
                json: "null".to_owned(),
                payload: Vec::new(),
                error: Some(error.to_json()),
            },
        });
    }
}

impl Drop for Respond {
    fn drop(&mut self) {
        self.send(Err(ErrorData::internal(
            "the call was given up without an answer",
        )));
    }
}

/// Decodes the parameters of a method that is a request; sends nothing.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn decode(method: Method, params: &Value) -> Result<(), ErrorData> {
    session::request(method, params).map(drop)
}

/// Calls the method named `method` with parameters as JSON.
///
/// Never waits itself. `on_reply` is called exactly once: from another thread, or
/// right here when the parameters are wrong or a connection is there already.
pub fn dispatch(method: &str, params: &str, payload: Vec<u8>, on_reply: OnReply) {
    let respond = Respond(Some(on_reply));
    let Some(method) = Method::parse(method) else {
        let known: Vec<_> = Method::ALL.iter().map(|method| method.name()).collect();
        let message = format!("{method:?} is no method; known are {}", known.join(", "));
        return respond.answer(Err(ErrorData::argument("method", message)));
    };
    let params: Value = match serde_json::from_str(params) {
        Ok(params) => params,
        Err(error) => return respond.answer(Err(ErrorData::argument("params", error))),
    };
    match session::request(method, &params) {
        Ok(Some(request)) => session::send(params, request, payload, respond),
        Ok(None) => pool::run(Box::new(move || {
            let answer = catch_unwind(AssertUnwindSafe(|| verbs::run(method, params, payload)));
            respond.answer(answer.unwrap_or_else(|_| {
                let message = format!("the method {} failed unexpectedly", method.name());
                Err(ErrorData::new(ErrorCode::Internal, message))
            }));
        })),
        Err(error) => respond.answer(Err(error)),
    }
}
