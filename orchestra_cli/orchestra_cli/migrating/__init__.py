"""What stands between the plan of a migration and its being written: review, proof, commits."""
