"""Statistics on plain arrays: no configuration, no files, no knowledge of the pipeline."""
