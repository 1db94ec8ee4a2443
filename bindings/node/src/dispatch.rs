//! Calls that can wait.

use napi::bindgen_prelude::{BufferSlice, FnArgs, Function, Object, Uint8Array};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::{Env, Result};
use napi_derive::napi;
use silt_interface::Reply;

/// Calls a method of `interface.json`.
///
/// The promise is never rejected: it resolves to `{ json, payload, error }`,
/// where `error` is null or the error as JSON, and `payload` is null or bytes.
#[napi(
    catch_unwind,
    ts_return_type = "Promise<{ json: string, payload: Uint8Array | null, error: string | null }>"
)]
pub fn dispatch<'env>(
    env: &'env Env,
    method: String,
    params: String,
    payload: Option<Uint8Array>,
) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred()?;
    let payload = payload.map(|bytes| bytes.to_vec()).unwrap_or_default();
    silt_interface::dispatch(
        &method,
        &params,
        payload,
        Box::new(move |reply| deferred.resolve(move |env| Answer::from(env, reply))),
    );
    Ok(promise)
}

/// An answer as JSON and null, or null and an error as JSON.
type JsonOrError = (Option<String>, Option<String>);

/// As `dispatch`, for an answer that the process need not stay alive for.
/// `answer` is called once with what came.
#[napi(catch_unwind)]
pub fn dispatch_weak(
    method: String,
    params: String,
    answer: Function<'_, FnArgs<JsonOrError>, ()>,
) -> Result<()> {
    let answer = answer
        .build_threadsafe_function::<Reply>()
        .weak::<true>()
        .build_callback(|context| {
            let Reply { json, error, .. } = context.value;
            Ok(FnArgs::from((error.is_none().then_some(json), error)))
        })?;
    silt_interface::dispatch(
        &method,
        &params,
        Vec::new(),
        Box::new(move |reply| {
            answer.call(reply, ThreadsafeFunctionCallMode::NonBlocking);
        }),
    );
    Ok(())
}

/// A reply on its way into an object of the host.
struct Answer(napi::sys::napi_value);

impl Answer {
    fn from(env: Env, reply: Reply) -> Result<Answer> {
        let mut object = Object::new(&env)?;
        object.set("json", reply.json)?;
        let payload = (!reply.payload.is_empty())
            .then(|| BufferSlice::copy_from(&env, &reply.payload))
            .transpose()?;
        match payload {
            Some(payload) => object.set("payload", payload)?,
            None => object.set("payload", napi::bindgen_prelude::Null)?,
        }
        match reply.error {
            Some(error) => object.set("error", error)?,
            None => object.set("error", napi::bindgen_prelude::Null)?,
        }
        Ok(Answer(napi::JsValue::raw(&object)))
    }
}

impl napi::bindgen_prelude::ToNapiValue for Answer {
    unsafe fn to_napi_value(
        _: napi::sys::napi_env,
        answer: Answer,
    ) -> Result<napi::sys::napi_value> {
        Ok(answer.0)
    }
}
