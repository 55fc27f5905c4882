"""The forms by which one joins: shape only."""

from wtforms import StringField
from wtforms.validators import Optional

from app.web.account.refusals import RefusableForm, not_longer, worded


class CodeForm(RefusableForm):
    """The code of a class, sent in the address."""

    code = StringField(validators=[Optional(), not_longer()])


class JoinForm(RefusableForm):
    """The name under which the teachers of a class will see a learner."""

    name = StringField(validators=[worded(), not_longer()])
