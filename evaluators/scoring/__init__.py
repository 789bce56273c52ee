"""Scores: whether they come true, what they would leave to people, the order they give."""
