"""Ways for the answer to leak into training: pure functions on tables and arrays."""
