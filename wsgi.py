"""The WSGI application, `wsgi:app`. PART=resident or PART=staff serves one side alone."""

import gc
import os

from survey.app import create_app
from survey.machine.process import keep_memory_private

keep_memory_private()
app = create_app(os.environ.get("PART", "all"))
gc.freeze()  # what was loaded stays: to look it through for garbage would hold a request up by some 60 ms
