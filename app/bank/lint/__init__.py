"""What a program can judge of the writing of sound questions.

Each rule has a name (`registry`); a question may break one that it names under `allow`, with the reason.
"""

from app.bank.lint.judging import Report, TopicScore, check, examine
from app.bank.lint.registry import OF_ALLOW, RULES

__all__ = ["OF_ALLOW", "RULES", "Report", "TopicScore", "check", "examine"]
