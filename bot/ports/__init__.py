"""What the use cases need of the outside: storage as one transaction, a clock. Wings implement these."""

from bot.ports.amendments import Amendments
from bot.ports.cases import (
    BoardConsents,
    CaseFilter,
    Cases,
    Confirmations,
    Learning,
    Said,
    Sought,
    Suggestions,
    Supervisions,
)
from bot.ports.people import Blocks, Contacts, Drafts, Leaves, People
from bot.ports.queues import Inbox, InboxRow, Outbox, OutboxRow, OutboxStatus, RawUpdate
from bot.ports.store import Clock, Figures, Gauges, Marks, StaleCase, Store, StoreRefusal, StoreTrouble, Trouble, Tx

__all__ = [
    "Amendments",
    "Blocks",
    "BoardConsents",
    "CaseFilter",
    "Cases",
    "Clock",
    "Confirmations",
    "Contacts",
    "Drafts",
    "Figures",
    "Gauges",
    "Inbox",
    "InboxRow",
    "Learning",
    "Leaves",
    "Marks",
    "Outbox",
    "OutboxRow",
    "OutboxStatus",
    "People",
    "RawUpdate",
    "Said",
    "Sought",
    "StaleCase",
    "Store",
    "StoreRefusal",
    "StoreTrouble",
    "Suggestions",
    "Supervisions",
    "Trouble",
    "Tx",
]
