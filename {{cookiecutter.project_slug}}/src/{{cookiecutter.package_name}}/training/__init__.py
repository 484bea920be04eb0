"""What trains a network: its loss, its optimizer, what it says meanwhile, and how it is kept."""
