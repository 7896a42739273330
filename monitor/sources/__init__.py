"""What is watched: the catalogue, OPML and CSV, and when each source is due."""
