# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""Which library this client is made for."""

VERSION = "0.1.0"

# What silt_abi() of the library has to return.
ABI = 0x9c545f90d1ce6f11
