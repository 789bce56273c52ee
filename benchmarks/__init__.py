"""Speed and memory, as ratios against raw DuckDB in the same run."""
