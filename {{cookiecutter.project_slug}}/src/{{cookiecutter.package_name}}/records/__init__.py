"""What happened and must not be forgotten: kept in records/, in git, beside what DVC owns."""
