"""The classical models that the network is compared with, and how they are tuned."""
