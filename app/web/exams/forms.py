"""The form that starts an exam."""

from wtforms import PasswordField

from app.web.account.refusals import RefusableForm, not_longer


class StartForm(RefusableForm):
    """The password that is read out in the room, where the exam has one."""

    password = PasswordField(validators=[not_longer()])
