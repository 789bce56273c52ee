"""Comparison of pairs that are in memory already, without a study folder; for notebooks."""
