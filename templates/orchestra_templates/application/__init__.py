"""The guide's application pattern: coordination, with lazy dependencies."""
