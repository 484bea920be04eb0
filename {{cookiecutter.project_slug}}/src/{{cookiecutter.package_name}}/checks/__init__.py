"""What a file must be before numbers are made of it."""
