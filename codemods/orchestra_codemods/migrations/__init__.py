"""Legacy classes become orchestrators of the framework, and everything that used them goes on working."""
