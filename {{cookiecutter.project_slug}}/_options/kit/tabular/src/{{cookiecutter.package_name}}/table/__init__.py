"""A table between its raw values and the matrix that models see."""
