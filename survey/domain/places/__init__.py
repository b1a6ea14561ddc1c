"""Places and units: the tree, its CSV, and how units are named and looked for."""
