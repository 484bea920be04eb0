"""What a model costs: time, memory and size, measured in fresh processes. Never part of DVC."""
