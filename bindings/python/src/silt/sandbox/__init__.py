"""Sandboxes of this machine."""
