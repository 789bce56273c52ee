"""Reports: one file and one published table each; discovered, never listed."""
