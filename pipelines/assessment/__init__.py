"""From the warehouse to a verdict: pairs, measures, findings, gates, publication."""
