"""What the columns of files look like, how that changes, and what is done about it."""
