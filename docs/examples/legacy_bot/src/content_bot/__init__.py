"""Content intelligence bot."""

__version__ = "3.4.1"
