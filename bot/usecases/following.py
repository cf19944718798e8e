"""A villager comes with the code of a receipt: looks at the case, and follows it for themselves from then on."""

from dataclasses import replace
from datetime import datetime

from bot.domain.abuse import account_hash
from bot.domain.authority import parts_in
from bot.domain.cases import Case
from bot.domain.people import Person
from bot.domain.receipts import OWN, TOWN, Receipt, digits_of, is_whole
from bot.domain.text import t
from bot.usecases.backing import stand_behind
from bot.usecases.desk import Desk, people_of
from bot.usecases.moving import NotFoundError
from bot.usecases.seats import NotAllowedError
from bot.usecases.standing import standing
from bot.usecases.telling import tell_office


class SlipOfThePenError(Exception):
    """These digits are no code at all: one is wrong, or missing. Nothing was looked up."""


class WrongCodeError(Exception):
    """No receipt has this code (any more)."""


class LockedError(Exception):
    """Too many wrong codes were tried; `until` says when the next one is taken."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


async def look_up(desk: Desk, person: Person, typed: str) -> Case:
    """The case of the receipt with this code. Every try is counted by account, and none is logged with its code.

    Raises SlipOfThePenError, LockedError, WrongCodeError.
    """
    code = digits_of(typed)
    if not is_whole(code):
        raise SlipOfThePenError
    account = account_hash(person.channel, person.account)
    await _refuse_while_locked(desk, account)
    receipt = await desk.tx.receipts.by_code(code)
    await desk.tx.receipts.log_try(account, desk.now, found=receipt is not None)
    case = await desk.tx.cases.get(receipt.case_id) if receipt else None
    if case is None:
        raise WrongCodeError
    return case


async def _refuse_while_locked(desk: Desk, account: str) -> None:
    """Raises LockedError. When the town as a whole is guessed at, the office hears of it, once a day."""
    own = OWN.free_again(await desk.tx.receipts.wrong(desk.now - OWN.window, account))
    if own and own > desk.now:
        raise LockedError(own)
    town = TOWN.free_again(await desk.tx.receipts.wrong(desk.now - TOWN.window))
    if town and town > desk.now:
        await tell_office(desk, t("office.guessing"), key=f"guessing:{desk.local(desk.now):%Y-%m-%d}", urgent=True)
        raise LockedError(town)


async def may_follow(desk: Desk, case: Case) -> bool:
    """Whether the case still waits for its villager: each receipt is linked once."""
    receipt = await desk.tx.receipts.of(case.id)
    return receipt is not None and receipt.linked_at is None


async def follow(desk: Desk, person: Person, case_id: int) -> Case:
    """From now on the case is this person's: they hear of it, add to it, rate it. Who entered it does so no more.

    The caller has seen to it that the person came with the code. Raises NotFoundError: linked in the meantime;
    NotAllowedError: who entered the case or works on it is not its villager.
    """
    case = await desk.tx.cases.get(case_id, lock=True)
    receipt = await desk.tx.receipts.of(case_id)
    if case is None or receipt is None or receipt.linked_at:
        raise NotFoundError(case_id)
    now = await standing(desk)
    mine = receipt.person == person.id or receipt.seat in now.own(person.id)
    if mine or parts_in(desk.town, case, person.id, now):
        raise NotAllowedError(case_id)
    await desk.tx.receipts.put(replace(receipt, linked_at=desk.now))
    guest = await desk.tx.cases.author(case.id)
    if guest:
        await desk.tx.people.forget(guest, desk.now)  # name and number with it: the chat serves from now on
    await desk.tx.cases.unlink(case.id, person.id, "supporter")
    await desk.tx.cases.link(case.id, person.id, "author")
    into: Case | None = case
    while into and into.merged_into and (into := await desk.tx.cases.get(into.merged_into)):
        await stand_behind(desk, [person.id], into)  # as if they had been its party when it was merged
    if case.village and person.last_village is None:
        await desk.tx.people.save(replace(person, last_village=case.village))
    await _tell_who_entered(desk, case, receipt, person)
    return case


async def _tell_who_entered(desk: Desk, case: Case, receipt: Receipt, person: Person) -> None:
    holder = await desk.tx.people.holder(receipt.seat)
    for one in await people_of(desk, [holder.id] if holder and holder.id != person.id else []):
        await desk.tell(one, t("assist.linked", number=case.number), key=f"linked:{case.id}")
