"""References of the exercises that are about something new: nothing in the project needs them."""
