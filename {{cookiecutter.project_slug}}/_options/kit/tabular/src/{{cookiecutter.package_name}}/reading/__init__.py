"""Any table that a user has -> Parquet shards: streaming, and nothing is lost without a word."""
