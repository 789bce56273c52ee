"""One evaluator a file: counts in, findings out."""
