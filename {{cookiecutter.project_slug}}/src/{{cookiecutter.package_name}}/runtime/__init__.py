"""How a verb becomes a command: configuration, folders, locks and clear errors."""
