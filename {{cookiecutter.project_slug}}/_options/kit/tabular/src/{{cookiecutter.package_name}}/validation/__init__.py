"""Whether a table keeps its contract, what breaks it, and the rows that do set aside."""
