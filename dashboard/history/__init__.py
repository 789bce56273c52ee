"""Past verdicts: how the gates stood over time, and what changed between any two of them."""
