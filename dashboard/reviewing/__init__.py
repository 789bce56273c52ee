"""What the page of disagreements is made of: the blind queue, and what people found."""
