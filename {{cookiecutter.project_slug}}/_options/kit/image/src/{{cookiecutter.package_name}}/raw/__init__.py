"""The example that comes along, written to data/raw as a user's own images would be."""
