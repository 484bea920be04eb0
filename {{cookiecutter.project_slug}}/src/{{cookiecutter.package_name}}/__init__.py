"""The pipeline: verbs are stages, nouns are library. Read dvc.yaml first, then ``train.py``."""
