"""The nation's pages, beside those that it has as any place: which regions its figures are of."""
