"""Migrate legacy orchestrators to one framework, step by step, and run what comes out."""
