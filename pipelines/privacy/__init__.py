"""Sensitive fields: the key, the pseudonyms, and what a warehouse was built with."""
