"""The forms of accounts: shape only; what may be a name or a password is the services' to say."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import Optional

from app.errors import FieldProblem
from app.services import passwords
from app.services.accounts import Wanted
from app.web.account.refusals import RefusableForm, needed, not_longer


def _text() -> StringField:
    return StringField(validators=[Optional(), not_longer()])


def _needed_text() -> StringField:
    return StringField(validators=[needed(), not_longer()])


def _password() -> PasswordField:
    return PasswordField(validators=[needed(), not_longer()])


class LogInForm(RefusableForm):
    """A login name and its password; `next` is the page the visitor was heading for."""

    login = _needed_text()
    password = _password()


class NewPasswordForm(RefusableForm):
    """A password chosen, typed twice: nobody can look it up when a letter slipped."""

    password = _password()
    password_again = _password()

    def problems(self, login: str | None) -> list[FieldProblem]:
        """Why what was typed cannot become the password of `login`."""
        if not self.is_submitted():
            return []
        problem = passwords.problem(self.password.data or "", login)
        return [*([problem] if problem else []), *self.slips()]

    def slips(self) -> list[FieldProblem]:
        """The two passwords differ."""
        same = passwords.normalise(self.password.data or "") == passwords.normalise(self.password_again.data or "")
        return [] if same else [FieldProblem("password_again", "password_again")]


class ChangePasswordForm(NewPasswordForm):
    """A new password, and the current one to show that it is not somebody at an open screen."""

    current_password = _password()


class AccountForm(NewPasswordForm):
    """A new account, or the login name that a guest chooses."""

    login = _needed_text()
    display_name = _text()
    setup_code = _text()

    def wanted(self) -> Wanted:
        """What was typed, as the service takes it."""
        return Wanted(
            self.login.data or "", self.password.data or "", self.display_name.data or "", self.setup_code.data or ""
        )


class EraseForm(RefusableForm):
    """The confirmation that ends an account: its password, or for a guest a box to tick."""

    current_password = PasswordField(validators=[not_longer()])
    sure = BooleanField()


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button and its CSRF token."""
