"""The forms by which one joins: shape only."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length, Optional

from app.web.account.refusals import RefusableForm

_LONG = 1_000  # nothing that is typed is longer; the rules say what is too long


class CodeForm(RefusableForm):
    """The code of a class, sent in the address."""

    code = StringField(validators=[Optional(), Length(max=_LONG)])


class JoinForm(RefusableForm):
    """The name under which the teachers of a class will see a learner."""

    name = StringField(validators=[DataRequired(), Length(max=_LONG)])
