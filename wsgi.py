"""What a WSGI server loads: `wsgi:app`. PART=resident or PART=staff serves one side alone."""

import os

from survey.app import create_app

app = create_app(os.environ.get("PART", "all"))
