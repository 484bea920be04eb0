"""What brings tracked runs to a server that was not there."""
