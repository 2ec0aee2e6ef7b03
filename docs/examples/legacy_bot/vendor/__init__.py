"""Third-party code that we ship ourselves. Do not change it here."""
