"""How often the two give the same answer, day by day, and in which ways they differ."""
