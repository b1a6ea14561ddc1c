"""Residents and care staff answer the seven questions, on a phone or any other screen. See `views` for the
story.
"""
