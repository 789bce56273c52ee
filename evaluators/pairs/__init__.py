"""Who was right: counts of pairs, how they stood at each look, how far they cluster."""
