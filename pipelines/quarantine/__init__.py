"""The quarantine as people work with it: looking, exporting, mending and submitting again."""
