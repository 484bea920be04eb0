"""A look at the data before anything is trained: tables, figures and one page."""
