"""Mark modules as deprecated, find their users, and remove what nobody uses."""
