"""The guide's infrastructure pattern: background tasks with a lifecycle."""
