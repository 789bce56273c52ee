"""What people say of cases they judge blind: how many to draw, and what it comes to."""
