"""Text as people write it: encodings, cleaning, collation, CSV rows, right-to-left isolates."""
