"""Pages of reference that are written from the code: docs/configuration.md and docs/commands.md."""
