"""What looks after the repository itself; nothing in the package or the pipeline imports it."""
