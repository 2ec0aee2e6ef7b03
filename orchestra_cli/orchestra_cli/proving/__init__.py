"""Proof that takes the project's own code: run in copies of the project, never in the user's tree."""
