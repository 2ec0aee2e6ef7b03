"""How far a migration is: measured on the project as it is, and on what git remembers of it."""
