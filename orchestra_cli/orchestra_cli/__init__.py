"""The command line of orchestra."""
