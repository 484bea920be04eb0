"""Experiments: two procedures, a question asked before the answer is known, and what follows."""
