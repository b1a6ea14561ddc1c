"""Tables as files for people: one file a format, one line in `formats`. Knows nothing of the survey, the web or pandas.

For everything that is taken home into a spreadsheet: figures, codes, lists, the log. Programs read the plain CSV and
the JSON of `analysis.files.exports` instead, whose columns have the same names in every language.
"""
