"""When to run what: the clock of the daemon, and how each source is doing."""
