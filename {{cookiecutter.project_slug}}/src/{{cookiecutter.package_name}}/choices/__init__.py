"""What is chosen in conf/: made the project's own by ``use``, made an object by ``instantiate``."""
