// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

// The number that the library has to answer, and the release that this client belongs to.
const (
	abi     = uint64(0x9c545f90d1ce6f11)
	version = "0.1.0"
)
