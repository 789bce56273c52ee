"""The study file: what one study is, read from YAML into frozen values."""
