"""Who may see and do what: the login, its age, roles, and what a study itself says."""

from dashboard.access.gate import access_notice, enter, refusal, require, standing, who
from dashboard.access.refusal import NO_LOGIN, NOT_LOCAL, NotAllowed, Reason, Refusal
from dashboard.access.rules import StudyFacts, allowed

__all__ = [
    "NOT_LOCAL",
    "NO_LOGIN",
    "NotAllowed",
    "Reason",
    "Refusal",
    "StudyFacts",
    "access_notice",
    "allowed",
    "enter",
    "refusal",
    "require",
    "standing",
    "who",
]
