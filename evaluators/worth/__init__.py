"""What the candidate saves and costs."""
