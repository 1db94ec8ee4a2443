//! Sandboxes of this machine.
