"""Slices: rows that have something in common, by facts that are known of each row."""
