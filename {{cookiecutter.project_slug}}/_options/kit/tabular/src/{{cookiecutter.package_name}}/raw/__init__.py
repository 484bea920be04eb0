"""A source, a file or a folder or a URL, brought into data/raw."""
