"""The staff part as a test wants it served.

SAVED is the seconds saved up for tries to sign in. With UNBOUND, they may take all the time there is.
"""

import os

from survey.app import create_app
from survey.web.signin.hashing_budget import HashingBudget

app = create_app("staff")
if saved := os.environ.get("SAVED"):
    app.extensions["hashing_budget"] = HashingBudget(saved=float(saved))
if os.environ.get("UNBOUND"):
    app.extensions["hashing_budget"] = HashingBudget(share=10**9, saved=10**9)
