"""All models of the app, gathered for Django; each lives in the package that owns it."""

from oscar_engage.analytics.models import AnchorCount, Conversion, ExitCount
from oscar_engage.audit.models import AuditEntry
from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.matches.models import VisitMoments
from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.carry.models import Attachment, CannedReply
from oscar_engage.desk.dialer.models import DialerState, Hold
from oscar_engage.desk.mailbox.models import Mailbox, MailThread, ReceivedMail
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, Look, Message, Queue, Skill
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.oversight.models import Watching
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.desk.ratings.models import Rating
from oscar_engage.desk.topics.models import Topic
from oscar_engage.jobs.models import FillState, Job
from oscar_engage.privacy.models import Erasure
from oscar_engage.reminders.models import BasketMail, MailPermission, MailSuppression
from oscar_engage.rules.models import ApprovalRequest, KeptValue, Rule, RuleVersion, Segment
from oscar_engage.signals.models import SignalRecord
from oscar_engage.switch.models import Switch
from oscar_engage.visitors.models import Visit, Visitor, VisitorBasket
from oscar_engage.widgets.models import Engagement

__all__ = [
    "Agent",
    "AgentSkill",
    "AnchorCount",
    "ApprovalRequest",
    "Assignment",
    "Attachment",
    "AuditEntry",
    "BasketMail",
    "CannedReply",
    "Conversation",
    "Conversion",
    "Decision",
    "DialerState",
    "DryRun",
    "Engagement",
    "Erasure",
    "ExitCount",
    "FillState",
    "Hold",
    "InternalNote",
    "Job",
    "KeptValue",
    "Look",
    "MailPermission",
    "MailSuppression",
    "MailThread",
    "Mailbox",
    "Message",
    "OpeningHours",
    "Policy",
    "Proposal",
    "Queue",
    "Rating",
    "ReceivedMail",
    "Rule",
    "RuleVersion",
    "Segment",
    "SignalRecord",
    "Skill",
    "Switch",
    "Topic",
    "Visit",
    "VisitMoments",
    "Visitor",
    "VisitorBasket",
    "Watching",
]
