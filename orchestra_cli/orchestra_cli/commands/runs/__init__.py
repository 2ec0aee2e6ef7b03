"""List, show, cancel, resume and prune durable runs."""
