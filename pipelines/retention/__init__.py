"""Retention: raw records are removed after their time, and their counts are kept."""
