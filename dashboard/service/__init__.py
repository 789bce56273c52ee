"""Parts of the page about service levels and cost."""
