"""All models of the app, gathered for Django; each lives in the package that owns it."""

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.models import AnchorCount, Conversion, ExitCount, RollupDay
from oscar_engage.analytics.staffing.models import AgentDay
from oscar_engage.analytics.volumes.models import ContactVolume
from oscar_engage.audit.models import AuditEntry
from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.line.models import PlaceInLine
from oscar_engage.decisions.matches.models import VisitMoments
from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.answering.models import AutoAnswer
from oscar_engage.desk.calls.models import CallTerms, CallTry, PhoneCall
from oscar_engage.desk.carry.models import Attachment, CannedReply
from oscar_engage.desk.dialer.models import DialerState, Hold
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.mailbox.models import Mailbox, MailThread, ReceivedMail
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, Look, Message, Queue, QueueMember, Skill
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.oversight.models import Watching
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.desk.practice.models import Practice, PracticeChat, PracticeLine
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.desk.ratings.models import Rating, StepRating
from oscar_engage.desk.staffing.models import AgentHour
from oscar_engage.desk.topics.models import Topic
from oscar_engage.jobs.models import FillState, Job
from oscar_engage.keys.models import ApiKey
from oscar_engage.learning.leads.models import LeadBars
from oscar_engage.learning.nightly.models import TrainingRun
from oscar_engage.learning.registry.models import ModelChange, ModelVersion
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.outside.models import OutsideConversation, OutsideMessage, OutsideState
from oscar_engage.privacy.models import Erasure
from oscar_engage.reminders.models import BasketMail, MailPermission, MailSuppression
from oscar_engage.rules.models import ApprovalRequest, KeptValue, Rule, RuleVersion, Segment
from oscar_engage.sharing.models import LiveCode, LiveMessage, LiveSession
from oscar_engage.signals.models import SignalRecord
from oscar_engage.simulation.models import SimulationRun
from oscar_engage.surveys.models import Survey, SurveyAnswer
from oscar_engage.switch.models import Switch
from oscar_engage.visitors.models import Visit, Visitor, VisitorBasket
from oscar_engage.webhooks.models import WebhookDelivery, WebhookSubscription
from oscar_engage.widgets.anchors.models import PickedAnchor, PickedCount
from oscar_engage.widgets.models import Engagement, EngagementVersion, GivenVoucher, VariantDraw

__all__ = [
    "Agent",
    "AgentDay",
    "AgentHour",
    "AgentSkill",
    "AnchorCount",
    "ApiKey",
    "ApprovalRequest",
    "Assignment",
    "Attachment",
    "AuditEntry",
    "AutoAnswer",
    "BasketMail",
    "CallTerms",
    "CallTry",
    "CannedReply",
    "ContactVolume",
    "Conversation",
    "Conversion",
    "CostPeriod",
    "Decision",
    "DialerState",
    "DryRun",
    "Engagement",
    "EngagementVersion",
    "Erasure",
    "ExitCount",
    "FillState",
    "GivenVoucher",
    "Hold",
    "InternalNote",
    "Job",
    "KeptValue",
    "LadderStep",
    "LeadBars",
    "LiveCode",
    "LiveMessage",
    "LiveSession",
    "Look",
    "MailPermission",
    "MailSuppression",
    "MailThread",
    "Mailbox",
    "Message",
    "ModelChange",
    "ModelVersion",
    "OpeningHours",
    "OutsideConversation",
    "OutsideMessage",
    "OutsideState",
    "PageSnapshot",
    "PhoneCall",
    "PickedAnchor",
    "PickedCount",
    "PlaceInLine",
    "Policy",
    "Practice",
    "PracticeChat",
    "PracticeLine",
    "PriorityFormula",
    "Proposal",
    "Queue",
    "QueueMember",
    "Rating",
    "ReceivedMail",
    "RollupDay",
    "Rule",
    "RuleVersion",
    "ScoredVector",
    "Segment",
    "SignalRecord",
    "SimulationRun",
    "Skill",
    "StepRating",
    "Survey",
    "SurveyAnswer",
    "Switch",
    "Topic",
    "TrainingRun",
    "VariantDraw",
    "Visit",
    "VisitMoments",
    "Visitor",
    "VisitorBasket",
    "Watching",
    "WebhookDelivery",
    "WebhookSubscription",
]
