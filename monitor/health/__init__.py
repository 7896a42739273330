"""How each source is doing, and what to do about it."""
