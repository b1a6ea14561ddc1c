"""Keys: the two key volumes, the storage under them, the registry and keyed hashes."""
