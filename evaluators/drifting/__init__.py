"""What has moved since the reference weeks."""
