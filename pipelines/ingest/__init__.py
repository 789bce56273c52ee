"""From source files to checked Parquet parts, as a Beam pipeline over Arrow batches."""
