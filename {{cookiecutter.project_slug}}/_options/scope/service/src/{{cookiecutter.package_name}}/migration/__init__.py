"""Everything that one MLflow knows, brought to another: from a file to the server of a team."""
