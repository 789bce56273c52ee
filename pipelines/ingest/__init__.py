"""From source files to checked Parquet parts, as a Beam pipeline over Arrow batches."""

import logging


def _worth_saying(record: logging.LogRecord) -> bool:
    # Beam says so at import wherever its Google Cloud extra is absent; nobody here asked for it.
    return not record.getMessage().startswith("apitools not found")


logging.getLogger().addFilter(_worth_saying)
# Beam logs tracebacks of faults that reach the user as one sentence anyway.
logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
