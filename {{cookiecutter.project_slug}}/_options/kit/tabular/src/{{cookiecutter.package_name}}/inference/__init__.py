"""The contract of a new table, guessed from what is found in it, for a person to review."""
