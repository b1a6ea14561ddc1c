"""The form of the sign-in page. An unknown address, a wrong password and a closed account get the same answer."""

from typing import Any

from flask_security.forms import LoginForm
from wtforms.validators import DataRequired

from survey.store import people
from survey.store.engine import reading
from survey.web import audit, house
from survey.web.forms import Line
from survey.web.guards import own_path
from survey.web.tries import tries


class SignInForm(LoginForm):
    """Address and password. The address is looked up as typed: whether it could receive mail is no business here."""

    email = Line(validators=[DataRequired()])
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = own_path(self.next.data or "")
        self.too_early = 0

    def validate(self, **kwargs: Any) -> bool:
        """Whether these belong to an open account; after wrong tries, not before the wait is over."""
        self.too_early = tries().begin(self.email.data)
        if self.too_early:
            # An address without an account costs the same look, so that the reply's time tells nothing.
            with reading(house.engine()) as connection:
                found = people.person_by_email(connection, self.email.data)
            audit.sign_in_failed(found.email if found else None, "tried_too_early")
            return False
        right = bool(super().validate(**kwargs))
        if right:
            tries().was_right(self.email.data)
        else:
            audit.sign_in_failed(self.user.email if self.user else None)
        return right
