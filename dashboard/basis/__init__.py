"""What a verdict rests on: the file and its hash, policy, files read, checks, books, models."""
