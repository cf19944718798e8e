"""The tables: what the bot remembers, and by which indexes it finds it again.

Personal data is sealed (`storage.vault`): `chat` and `account` are keyed hashes by which a row is found again; what
has to be read is kept as sealed text, each bound to its own row.
"""

from storage.schema.base import metadata
from storage.schema.casework import (
    attachments,
    board_consents,
    case_events,
    case_parties,
    cases,
    confirmations,
    counters,
    lessons,
    receipt_tries,
    receipts,
    tagger_versions,
)
from storage.schema.ledgers import (
    amendments,
    announcements,
    duties,
    duty_cases,
    duty_files,
    duty_members,
    duty_supplements,
    exports,
    poll_voters,
    poll_votes,
    polls,
    reception_followers,
    suggestion_events,
    suggestions,
    supervisions,
)
from storage.schema.persons import accounts, appointments, blocks, consents, contacts, drafts, invites, leaves, people
from storage.schema.queues import doomed_files, inbox, marks, outbox

__all__ = [
    "accounts",
    "amendments",
    "announcements",
    "appointments",
    "attachments",
    "blocks",
    "board_consents",
    "case_events",
    "case_parties",
    "cases",
    "confirmations",
    "consents",
    "contacts",
    "counters",
    "doomed_files",
    "drafts",
    "duties",
    "duty_cases",
    "duty_files",
    "duty_members",
    "duty_supplements",
    "exports",
    "inbox",
    "invites",
    "leaves",
    "lessons",
    "marks",
    "metadata",
    "outbox",
    "people",
    "poll_voters",
    "poll_votes",
    "polls",
    "receipt_tries",
    "receipts",
    "reception_followers",
    "suggestion_events",
    "suggestions",
    "supervisions",
    "tagger_versions",
]
