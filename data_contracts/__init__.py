"""What a row, a study and a verdict are. Imports nothing of ours."""
