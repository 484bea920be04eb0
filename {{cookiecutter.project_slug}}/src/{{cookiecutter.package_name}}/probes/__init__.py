"""A model put to the test: on corrupted rows, and by how it behaves where no label is needed."""
