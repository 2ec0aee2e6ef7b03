"""The guide's domain pattern: business logic without state."""
