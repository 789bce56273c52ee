"""What the production definition page is made of: the study as declared, and its parts in words."""
