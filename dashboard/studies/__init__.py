"""What the page of all studies is made of: their places, a light reading of each, their cards."""
