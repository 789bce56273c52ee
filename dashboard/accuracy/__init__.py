"""Accuracy by segment: the parts of its page."""
