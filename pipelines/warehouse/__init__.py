"""The DuckDB warehouse: tables, one-transaction commits, books."""
