# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""What is the same in every language."""
