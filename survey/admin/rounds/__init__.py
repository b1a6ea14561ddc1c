"""The coordinator’s pages for rounds."""
