"""The form of the sign-in page. An unknown address, a wrong password and a closed account get the same answer."""

from typing import Any

from flask_security.forms import LoginForm
from wtforms.validators import DataRequired

from survey.store.database.engine import read_transaction
from survey.store.staff import accounts
from survey.web.request import services
from survey.web.signin.login_throttle import throttle_of
from survey.web.staff import audit_log
from survey.web.staff.forms import Line
from survey.web.staff.guards import own_path


class SignInForm(LoginForm):
    """Address and password. The address is looked up as typed: whether it can receive mail does not matter here."""

    email = Line(validators=[DataRequired()])
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = own_path(self.next.data or "")
        self.too_early = 0

    def validate(self, **kwargs: Any) -> bool:
        """Return whether these belong to an open account; after wrong tries, not before the wait is over."""
        self.too_early = throttle_of().begin(self.email.data)
        if self.too_early:
            # An address without an account costs the same look, so that the reply's time tells nothing.
            with read_transaction(services.engine()) as connection:
                found = accounts.account_by_email(connection, self.email.data)
            audit_log.sign_in_failed(found.email if found else None, "tried_too_early")
            return False
        right = bool(super().validate(**kwargs))
        if right:
            throttle_of().reset(self.email.data)
        else:
            audit_log.sign_in_failed(self.user.email if self.user else None)
        return right
