"""Noised figures → nodes → gaps → edition → drawn pictures, and the worker's loop.

For the worker and the follow-up pages. What leaves here as an edition is the only thing that pages,
files and pictures may read.
"""
