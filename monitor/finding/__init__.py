"""Finding what a site offers to watch, and looking at it before it is watched."""
