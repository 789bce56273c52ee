"""Parts of the page about what going live is worth."""
