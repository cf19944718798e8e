"""The public board (公开栏): closed cases with consent, and suggestions, as everybody may read them."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case, Consent
from bot.domain.personal import deidentify
from bot.domain.suggestions import Status
from bot.domain.town import Town
from bot.ports import Tx

PAGE = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What everybody may read of one matter. `joined` are those who agreed to be counted."""

    number: str
    village: str
    topic: str
    closed: datetime | None
    text: str
    answer_class: str
    joined: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board, newest first; `total` over all pages."""

    entries: tuple[Entry, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


async def cases_on_board(tx: Tx, town: Town, village: str | None, topic: str | None, page: int) -> Board:
    """The page (from 0) of cases, of one village and topic where these are named. Unknown names find nothing."""
    found, total = await tx.cases.board(village, topic, page * PAGE, PAGE)
    return Board(tuple([await _entry(tx, town, case) for case in found]), total, page)


async def _entry(tx: Tx, town: Town, case: Case) -> Entry:
    """Masked once more: what was published before a rule was known is shown by it."""
    village, topic = town.village(case.village), town.topic(case.topic)
    said = await tx.board_consents.of(case.id)
    return Entry(
        case.number,
        village.name if village else "",
        topic.name if topic else "",
        case.closed_at,
        deidentify(case.published or ""),
        case.answer_class or "",
        sum(one is Consent.AGREED for one in said.values()),
    )


async def suggestions_on_board(tx: Tx, page: int) -> Board:
    """The page (from 0) of published suggestions, each with the written reply."""
    found = [one for one in await tx.suggestions.all() if one.status is Status.PUBLISHED]
    shown = found[page * PAGE : (page + 1) * PAGE]
    entries = tuple(
        Entry(one.number, "", "", one.filed_at, deidentify(f"{one.text}\n{one.reply or ''}".strip()), "")
        for one in shown
    )
    return Board(entries, len(found), page)
