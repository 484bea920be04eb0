"""Runs, metrics, lineage and models in MLflow."""
