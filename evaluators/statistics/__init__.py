"""Statistics as plain functions of counts; each formula cites its source."""  # noqa: A005 - only ever imported as evaluators.statistics
