"""Segments against each other: groups, priorities, slices, protected groups."""
