"""Profiles of data: the pilot registered as a baseline, production counted the same way."""
