"""Hyperparameter search: trials in processes of their own, and a judgement of what won."""
