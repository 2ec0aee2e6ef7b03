"""Writes docs/reference, and the pages that `--help` and completion read, from the code itself."""
