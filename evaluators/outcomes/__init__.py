"""Outcomes: when they come, whom they leave out, what nobody can see."""
