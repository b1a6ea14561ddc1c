"""Tables as files: columns described, code book, formats."""
