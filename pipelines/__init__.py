"""Moves data and is the only writer: sources, ingest, warehouse, assessment, command line."""
