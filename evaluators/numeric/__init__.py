"""Numeric decisions: losses of both sides, and how their difference stood at each look."""
