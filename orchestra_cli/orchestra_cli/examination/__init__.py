"""What `orchestra doctor` examines, and how; what can be wrong stands in `ailments/`, one file each."""
