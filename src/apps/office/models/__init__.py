"""What the office keeps: its register of documents, its books, who works on what, and drafts."""

from apps.office.models.assignment import OPEN, Assignment, AssignmentState, Remark, Role
from apps.office.models.book import Book, Number, NumberState
from apps.office.models.bringing import Brought, Inlet
from apps.office.models.case import (
    CaseDocument,
    CaseDraft,
    CaseEvent,
    CaseFile,
    CaseOpinion,
    CaseState,
    CaseTask,
    Catalogue,
    Use,
)
from apps.office.models.dispatch import Dispatch, Group, Way
from apps.office.models.document import Content, Document, Event, File, Lane, Link, LinkKind, Source, Standing
from apps.office.models.draft import Draft, DraftFile, Signing
from apps.office.models.handover import Handover, HandoverState
from apps.office.models.job import ItemState, Job, JobItem
from apps.office.models.mailing import Channel, Kind, Mailed, Mailing, ReadNotice
from apps.office.models.phrase import Phrase
from apps.office.models.phrase import Use as PhraseUse
from apps.office.models.recognition import Recognition
from apps.office.models.record import Colour, Language, Record
from apps.office.models.report import Report
from apps.office.models.rule import Label, Message, Occasion, Rule, Run, RunState, When
from apps.office.models.unsent import Unsent
from apps.office.models.version import Route, Version
from apps.office.models.view import View
from apps.office.models.words import Words

__all__ = [
    "OPEN",
    "Assignment",
    "AssignmentState",
    "Book",
    "Brought",
    "CaseDocument",
    "CaseDraft",
    "CaseEvent",
    "CaseFile",
    "CaseOpinion",
    "CaseState",
    "CaseTask",
    "Catalogue",
    "Channel",
    "Colour",
    "Content",
    "Dispatch",
    "Document",
    "Draft",
    "DraftFile",
    "Event",
    "File",
    "Group",
    "Handover",
    "HandoverState",
    "Inlet",
    "ItemState",
    "Job",
    "JobItem",
    "Kind",
    "Label",
    "Lane",
    "Language",
    "Link",
    "LinkKind",
    "Mailed",
    "Mailing",
    "Message",
    "Number",
    "NumberState",
    "Occasion",
    "Phrase",
    "PhraseUse",
    "ReadNotice",
    "Recognition",
    "Record",
    "Remark",
    "Report",
    "Role",
    "Route",
    "Rule",
    "Run",
    "RunState",
    "Signing",
    "Source",
    "Standing",
    "Unsent",
    "Use",
    "Version",
    "View",
    "Way",
    "When",
    "Words",
]
