"""The tablet in a waiting room: what it shows, what it sends by itself, and what it may do.

`pages` what is seen there · `queue` answers that it has kept, and its reports · `device` which unit it stands in
"""
