"""Contract checks: what is expected of the data, judged by Great Expectations inside DuckDB."""
