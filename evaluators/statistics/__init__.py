"""Statistics as plain functions of counts; each formula cites its source."""
