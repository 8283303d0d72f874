"""What a scrape measures at its own moment."""
