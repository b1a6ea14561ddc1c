"""Counts → gate → edition → drawn pictures, and the worker's loop.

For the worker and the follow-up pages. Counts are restricted; what leaves here as an edition has passed the gate, and
is the only thing pages, files and pictures may read.
"""
