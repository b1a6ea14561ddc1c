"""The staff part as a test wants it served. With UNBOUND, tries to sign in may take all the time there is."""

import os

from survey.app import create_app
from survey.web.effort import Effort

app = create_app("staff")
if os.environ.get("UNBOUND"):
    app.extensions["staff_effort"] = Effort(share=10**9, saved=10**9)
