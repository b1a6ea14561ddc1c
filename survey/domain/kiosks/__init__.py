"""A kiosk's times, and when its unit is told to look after it."""
