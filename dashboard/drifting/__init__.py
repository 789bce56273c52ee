"""What has moved since the reference, and whether the accuracy has fallen since."""
