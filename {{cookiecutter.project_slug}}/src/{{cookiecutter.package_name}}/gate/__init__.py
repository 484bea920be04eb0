"""Which model is in use: a new one takes over when it is better for sure, and never by luck."""
