//! A stream of a log, taken from synchronously.

use napi::bindgen_prelude::{BufferSlice, Either, Either3, Function, Null};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};
use napi_derive::napi;
use silt_interface::{ClientStream, Limits, Taken};
use std::sync::Arc;

/// Wakes the host. Weak: it lets the process exit. A queue of one is enough,
/// since a wake-up says only that there is something to take.
type Wake = ThreadsafeFunction<(), (), (), Status, false, true, 1>;

/// Opens a stream. Returns the error as JSON when that is not possible.
#[napi(catch_unwind)]
pub fn open_stream(params: String) -> Either<NativeStream, String> {
    match ClientStream::open(&params) {
        Ok(stream) => Either::A(NativeStream {
            stream: Some(stream),
            wake: None,
        }),
        Err(error) => Either::B(error.to_json()),
    }
}

/// An open stream of a log. All of it may be called after `close()`.
#[napi]
pub struct NativeStream {
    stream: Option<ClientStream>,
    wake: Option<Arc<Wake>>,
}

#[napi]
impl NativeStream {
    /// The next batch; null when it has to be waited for; JSON at the end and
    /// on failure: `{"end": …}` or `{"error": …}`.
    #[napi(catch_unwind)]
    pub fn take<'env>(
        &mut self,
        env: &'env Env,
        entries: u32,
        bytes: u32,
    ) -> Result<Either3<BufferSlice<'env>, Null, String>> {
        let Some(stream) = &mut self.stream else {
            return Ok(Either3::C(silt_interface::closed_json()));
        };
        let limits = Limits {
            entries: entries as usize,
            bytes: bytes as usize,
        };
        Ok(match stream.take(limits) {
            Ok(Taken::Batch(packed)) => Either3::A(BufferSlice::copy_from(env, packed)?),
            Ok(Taken::Pending) => Either3::B(Null),
            Ok(Taken::End(end)) => Either3::C(format!("{{\"end\":{end}}}")),
            Err(error) => Either3::C(format!("{{\"error\":{}}}", error.to_json())),
        })
    }

    /// The stream ends after entry `last` of the log `exec`, or where the log ends
    /// now, if that is before.
    #[napi(catch_unwind)]
    pub fn finish(&mut self, last: i64) {
        if let Some(stream) = &mut self.stream {
            stream.finish(u64::try_from(last).unwrap_or(0));
        }
    }

    /// `wake` is called once after each time that `take` gave null. To be called
    /// at most once.
    #[napi(catch_unwind)]
    pub fn on_wake(&mut self, wake: Function<'_, (), ()>) -> Result<()> {
        let Some(stream) = &mut self.stream else {
            return Ok(());
        };
        let wake: Arc<Wake> = Arc::new(
            wake.build_threadsafe_function::<()>()
                .weak::<true>()
                .max_queue_size::<1>()
                .build_callback(|_| Ok(()))?,
        );
        let called = wake.clone();
        stream.set_waker(Box::new(move || {
            called.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }));
        self.wake = Some(wake);
        Ok(())
    }

    /// Whether the process stays alive for the next wake-up.
    #[napi(catch_unwind)]
    pub fn hold(&self, env: &Env, alive: bool) {
        let Some(wake) = self.wake.as_ref().filter(|wake| !wake.aborted()) else {
            return;
        };
        // SAFETY: the function belongs to this environment and is held by `wake`.
        unsafe {
            if alive {
                napi::sys::napi_ref_threadsafe_function(env.raw(), wake.raw());
            } else {
                napi::sys::napi_unref_threadsafe_function(env.raw(), wake.raw());
            }
        }
    }

    /// Where a reader stands that took all batches so far; null after `close()`.
    #[napi(catch_unwind)]
    pub fn position(&self) -> Option<String> {
        self.stream.as_ref().map(ClientStream::position)
    }

    /// Closes the stream and gives its end as JSON, null when it was closed
    /// before. `batch` is the last one, of which only the items before `index`
    /// were handed over.
    #[napi(catch_unwind)]
    pub fn close(&mut self, reason: String, batch: Option<&[u8]>, index: u32) -> Option<String> {
        self.wake = None;
        let stream = self.stream.take()?;
        Some(stream.close(&reason, batch.map(|batch| (batch, index as usize))))
    }
}
