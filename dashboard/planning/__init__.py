"""Parts of the page about how long a record must run."""
