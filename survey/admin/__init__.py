"""The coordinator's pages: places, rounds, accounts and the region's own texts. `views` has the first page."""
