"""What is still needed: cases, weeks, days."""
