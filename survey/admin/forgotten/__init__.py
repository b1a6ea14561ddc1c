"""A forgotten password: a link by mail, with which its person chooses another. The second factor stays as it is."""
