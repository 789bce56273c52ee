"""The feed: who has not reported, what is late, what the pilot had and production lacks."""
