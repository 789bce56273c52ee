"""Counts in, findings and a verdict out. Pure: numpy and scipy only."""
