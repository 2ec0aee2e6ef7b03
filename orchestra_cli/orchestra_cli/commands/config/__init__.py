"""Show the settings and where each came from."""
