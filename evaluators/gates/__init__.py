"""One gate kind a file: a criterion of the go-live policy."""
