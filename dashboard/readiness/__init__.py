"""What the readiness page is made of: the verdict card, its gates, and where each leads."""
