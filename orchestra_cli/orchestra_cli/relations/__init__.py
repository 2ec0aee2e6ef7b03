"""Which orchestrators there are, by layer, and which of them use which others."""
