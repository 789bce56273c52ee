"""Cases drawn for review by people, and what their reviews come to."""
