"""Languages: choosing one, the catalogs, their extraction and review, the region’s own words."""
