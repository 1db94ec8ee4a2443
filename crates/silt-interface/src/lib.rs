//! What every client can do, defined once.
//!
//! - [`options`]: every option with its type, default and exclusions, and the one
//!   place where they are checked;
//! - [`dispatch()`]: every method, called with JSON and answered once;
//! - [`ClientStream`]: a log as batches that cross a language boundary whole, and
//!   [`packed`]: what is made from such a batch, by pure functions;
//! - [`ErrorCode`], [`ErrorData`]: errors as data;
//! - [`write_entry`], [`write_gap`]: an entry and a gap as JSON;
//! - [`interface_json`]: all of it as data, from which clients are generated.
//!
//! ```
//! let options = serde_json::json!({ "since": "5m", "fromCursor": "abc" });
//! let error = silt_interface::options::stream_options(options, 0).unwrap_err();
//! assert_eq!(error.code, "InvalidArgument");
//! ```

mod abi;
mod code;
mod dispatch;
mod ends;
mod entry_json;
mod error;
mod frames;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod interface;
mod method;
pub mod options;
pub mod packed;
mod place;
mod records;
mod stream;
mod totals;

pub use abi::{FUNCTIONS, Function, abi};
pub use code::ErrorCode;
pub use dispatch::{OnReply, Reply, dispatch};
pub use entry_json::{EntryFields, write_entry, write_gap};
pub use error::ErrorData;
pub use frames::{Format, end_frame, frames};
pub use interface::interface_json;
pub use method::Method;
pub use packed::{cursor_at, item_json, levels, position_before};
pub use place::Place;
pub use stream::{ClientStream, Limits, Taken, closed_json};
