"""The report's figures, drawn from plain values; each function returns a Matplotlib figure."""
