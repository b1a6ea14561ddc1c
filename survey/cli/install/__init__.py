"""`flask init`: an installation made from ten answers, step by step, up to a check of all that is promised."""
