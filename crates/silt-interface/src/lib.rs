//! What every client can do, defined once.
