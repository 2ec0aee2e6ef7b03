"""Modules on their way out: one record each, who still uses them, what is due, and their removal."""
