"""Contrasts: the network against classical models, on several data sets at once."""
