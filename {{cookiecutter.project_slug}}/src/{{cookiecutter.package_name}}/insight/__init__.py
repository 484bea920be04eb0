"""What a training does: how far it is, where its time goes, and which rate suits it."""
