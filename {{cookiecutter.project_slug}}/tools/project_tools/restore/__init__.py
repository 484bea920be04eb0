"""From a run in MLflow back to its code, configuration and data."""
