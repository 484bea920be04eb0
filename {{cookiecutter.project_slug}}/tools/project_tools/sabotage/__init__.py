"""Replaces functions by plausible wrong ones, in a copy, and asks whether a test notices."""
