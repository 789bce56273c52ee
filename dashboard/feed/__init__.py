"""What the data quality page is made of: the feed as published, its answer, its parts."""
