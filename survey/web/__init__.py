"""What the journeys share: language, plain pages, safety, sign-in."""
