"""The model in use, over HTTP: one process, one model, an answer or a clear refusal."""
