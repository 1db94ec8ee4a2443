// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

// The number that the library has to answer, and the release that this client belongs to.
const (
	abi     = uint64(0x2fae5355e0d80b25)
	version = "0.1.0"
)
