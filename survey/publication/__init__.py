"""Publication: noised figures → nodes → gaps → edition → drawn pictures.

For the worker and the follow-up pages. What leaves here as an edition is the only thing that pages,
files and pictures may read.
"""
