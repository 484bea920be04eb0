"""What is measured of a model, and how two are compared: one module for each kind of target."""
