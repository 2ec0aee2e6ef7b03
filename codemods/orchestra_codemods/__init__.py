"""Source to change to plan to verified plan to files: the engine behind the command line."""
