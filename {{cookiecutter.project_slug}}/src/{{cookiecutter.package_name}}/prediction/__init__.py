"""What a model says of rows that are no part of the project: files of any size, piece by piece."""
