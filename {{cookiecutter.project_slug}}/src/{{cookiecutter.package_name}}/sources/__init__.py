"""Raw data that code makes: a module of this folder with ``write`` is a source of its name."""
