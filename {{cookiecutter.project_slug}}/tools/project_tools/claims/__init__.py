"""Numbers in the project's texts: each resolves to a measurement, or is marked as no claim."""
