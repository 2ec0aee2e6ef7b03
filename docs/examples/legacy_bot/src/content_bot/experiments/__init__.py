"""Abandoned experiments. Not imported by anything that runs."""
