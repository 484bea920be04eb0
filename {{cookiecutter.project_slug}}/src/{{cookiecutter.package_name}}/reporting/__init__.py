"""What the report is made of: its figures and its page."""
