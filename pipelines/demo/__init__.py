"""The demo: real flights, written as an airline would, then run through the public commands."""
