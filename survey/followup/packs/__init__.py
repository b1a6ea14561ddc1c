"""Meeting packs: drafts, decisions, freezing, files."""
