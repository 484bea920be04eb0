"""Networks that begin with weights from elsewhere."""
