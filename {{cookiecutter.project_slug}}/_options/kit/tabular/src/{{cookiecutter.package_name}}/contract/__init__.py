"""The data contract: what a table must be, guessed once, reviewed, checked ever after."""
