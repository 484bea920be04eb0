"""Training on the machines of a cluster: the job is written here, and checked where it starts."""
