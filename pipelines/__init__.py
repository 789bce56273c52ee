"""Moves data and is the only writer: sources, ingest, warehouse, measures, assessment, evidence, CLI."""
