"""One example, followed from its raw record to the decision."""
