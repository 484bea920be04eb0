"""Texts that people write so that others can rely on them; each kind has rules, and a check.

Every kind's module has `check(path) -> list[str]`, one line `file:line: what, expected` per
problem: `decisions`, `plans`, `papers`, `postmortems`, `model_cards`, `datasheets`.
"""
