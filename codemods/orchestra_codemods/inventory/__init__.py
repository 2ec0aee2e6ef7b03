"""The legacy orchestrators of a project, their parts, their callers, and what would be refused."""
