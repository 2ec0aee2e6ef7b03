"""List, show, cancel and resume durable runs."""
