"""What each command reports: one module a result, imported when there is one to print."""
