"""One source format a file: each module named ``*_files`` exports one `SOURCE`."""
