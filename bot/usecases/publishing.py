"""The public board: a closed case stands there only with its villager's separate consent and in a clean wording."""

from bot.domain.cases import Case, Consent
from bot.domain.machine import Action
from bot.domain.people import Person
from bot.domain.personal import traces
from bot.domain.text import t
from bot.usecases.desk import Desk
from bot.usecases.moving import do
from bot.usecases.telling import tell_author, tell_office


class NotCleanError(Exception):
    """The wording still points at a person; `found` says by what."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(len(found))
        self.found = found


async def ask(desk: Desk, person: Person, case_id: int) -> Case:
    """Ask the villager, apart from everything else. A restricted or sealed case cannot be asked for."""
    case, _ = await do(desk, person, case_id, Action.ASK_PUBLISH, consent=Consent.ASKED)
    buttons = [[(t("action.allow"), f"c:{case.id}:allow"), (t("action.forbid"), f"c:{case.id}:forbid")]]
    await tell_author(desk, case, t("author.may_publish", number=case.number), buttons)
    return case


async def allow(desk: Desk, person: Person, case_id: int) -> Case:
    case, _ = await do(desk, person, case_id, Action.ALLOW, consent=Consent.AGREED)
    await tell_office(desk, t("office.may_publish", number=case.number), key=f"allow:{case.id}:{case.version}")
    return case


async def forbid(desk: Desk, person: Person, case_id: int) -> Case:
    """No, or no longer: what stood on the board is gone at once."""
    case, _ = await do(desk, person, case_id, Action.FORBID, consent=Consent.REFUSED, published=None)
    return case


async def publish(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    """Put the case on the board in the office's own, de-identified words. Raises NotCleanError."""
    if found := traces(text):
        raise NotCleanError(found)
    case, _ = await do(desk, person, case_id, Action.PUBLISH, data={"text": text}, published=text)
    return case
