"""Who hears of a case: its staff get the card and the files, its author every change. Never an author's name."""

from collections.abc import Sequence

from bot.domain.authority import parts_in, present, speakers, told
from bot.domain.cases import Case, Move, Rating
from bot.domain.machine import ANSWERS, OFFICE_STATES, Action, State
from bot.domain.messages import File
from bot.domain.people import Person
from bot.domain.standing import Standing
from bot.domain.support import answered_round
from bot.domain.text import Text, t
from bot.domain.town import ADMIN_SEAT, Role
from bot.usecases.cards import brief, card, staff_buttons
from bot.usecases.desk import Buttons, Desk, people_of
from bot.usecases.standing import standing


async def tell_staff(
    desk: Desk,
    case: Case,
    headline: Text,
    *,
    files: Sequence[File] = (),
    office: bool = False,
    but: int | None = None,
    now: Standing | None = None,
) -> int:
    """Send the case's card to those who have it (and the office, where it is theirs), except person `but`.

    Returns how many were told. The text is re-sent with the case number, files are copied. `now`: where it is known.
    """
    now = now or await standing(desk)
    wanted = told(desk.town, case, now.acting, office=office or case.urgent or case.state in OFFICE_STATES)
    people = {p.id: p for p in await people_of(desk, [person for person, _ in wanted])}
    for person_id, _ in wanted:
        if (person := people.get(person_id)) and person_id != but:
            await send_card(desk, person, now, case, headline, files=files, key=f"case:{case.id}:{case.version}")
    return len(people)


async def send_card(
    desk: Desk, person: Person, now: Standing, case: Case, headline: Text, *, files: Sequence[File] = (), key: str
) -> None:
    """One staff member's card, with the buttons that are theirs now."""
    parts = parts_in(desk.town, case, person.id, now)
    text = await card(desk, case, parts, headline)
    await desk.tell(person, text, staff_buttons(desk, case, parts), key=key, urgent=case.urgent)
    if files:
        caption = t("files.caption", number=case.number)
        await desk.send_files(person, files, caption, key=key, urgent=case.urgent)
    if case.location and files is not None and case.version == 1:
        await desk.send_location(person, case.location, key=key, urgent=case.urgent)


async def tell_author(
    desk: Desk,
    case: Case,
    text: Text,
    buttons: Buttons = (),
    *,
    files: Sequence[File] = (),
    reply_to: int | None = None,
    passed_on: Text | None = None,
) -> None:
    """Tell the villager. When it is they who just acted (`reply_to`), it is an answer: at once.

    `passed_on` are the words for who speaks with a villager that has no account here, where they differ.
    """
    author_id = await desk.tx.cases.author(case.id)
    author = await desk.tx.people.get(author_id) if author_id else None
    if author_id and author is None:
        await _tell_speakers(desk, case, passed_on or text, buttons, files)
    if author is None or not author.reachable:
        return
    key = f"author:{case.id}:{case.version}"
    if files:
        caption = t("files.caption", number=case.number)
        await desk.send_files(author, files, caption, key=key, urgent=case.urgent)
    if reply_to == author.id:
        await desk.say(author, text, buttons)
    else:
        await desk.tell(author, _about(case, text), buttons, key=key, urgent=case.urgent)


def _about(case: Case, text: Text) -> Text:
    """Begin with the villager's own words: a number alone tells somebody who has sent two matters nothing."""
    words = brief(case, 20)
    return t("author.about", words=words, text=text) if words else text


async def _tell_speakers(desk: Desk, case: Case, text: Text, buttons: Buttons, files: Sequence[File]) -> None:
    """Whoever entered the case passes the news on, until its villager follows it for themselves."""
    receipt = await desk.tx.receipts.of(case.id)
    if receipt is None or receipt.linked_at:
        return
    acting = (await standing(desk)).acting
    key = f"speaker:{case.id}:{case.version}"
    speaking = [acting[seat.id] for seat in speakers(desk.town, case, receipt.seat, acting)]
    rates = case.state is State.ANSWERED
    words = t("assist.pass_on_answer" if rates else "assist.pass_on", number=case.number, text=text)
    for person in await people_of(desk, speaking):
        await desk.tell(person, words, buttons if rates else (), key=key, urgent=case.urgent)
        if files:
            await desk.send_files(person, files, t("files.caption", number=case.number), key=key, urgent=case.urgent)


async def tell_supporters(
    desk: Desk, case: Case, text: Text, buttons: Buttons = (), *, files: Sequence[File] = ()
) -> None:
    """Tell those whose own case was merged into this one, or who said that it is theirs too.

    Where an answer waits, each is asked to rate it.
    """
    if case.state is State.ANSWERED:
        buttons = confirmation_buttons(case)
    key = f"supporter:{case.id}:{case.version}"
    for person in await people_of(desk, await desk.tx.cases.parties(case.id, "supporter")):
        await desk.tell(person, text, buttons, key=key)
        if files:
            await desk.send_files(person, files, t("files.caption", number=case.number), key=key)


_TOLD_APART = ANSWERS | {Action.ARCHIVE}
_ALSO_TOLD = frozenset({Action.TRANSFER, Action.EXTEND})


async def tell_change(desk: Desk, moved: Move) -> None:
    """Supporters hear of every step from state to state; an answer has words of its own."""
    case, event = moved.case, moved.event
    changed = event.before is not None and (event.before is not event.after or event.action in _ALSO_TOLD)
    if not changed or event.action in _TOLD_APART:
        return
    key = "joined.withdrawn" if case.state is State.WITHDRAWN else "joined.changed"
    await tell_supporters(desk, case, t(key, number=case.number, state=t(f"state.{case.state}")))


def confirmation_buttons(case: Case) -> Buttons:
    """A supporter rates with one tap, for themselves; the round keeps an old button from rating a new answer."""
    round_ = answered_round(case)
    return [[(t(f"rating.{r}"), f"k:{case.id}:rate:{round_}:{r}")] for r in Rating] if round_ is not None else []


async def tell_office(
    desk: Desk,
    text: Text,
    buttons: Buttons = (),
    *,
    key: str,
    urgent: bool = False,
    about: Case | None = None,
    now: Standing | None = None,
) -> None:
    """An alarm to everybody at the office who may know of the case that it is about; where there is nobody, to the
    administrator, who is only told that there is nobody if it is about a case. `now`: where it is known."""
    acting = (now or await standing(desk)).acting
    acting = present(about, acting) if about else acting
    ids = [acting[seat.id] for seat in desk.town.seats_of(Role.OFFICE) if seat.id in acting]
    for person in await people_of(desk, ids):
        await desk.tell(person, text, buttons, key=key, urgent=urgent)
    if not ids and ADMIN_SEAT in acting:
        words = t("office.empty", number=about.number) if about else text
        key = f"empty:{desk.local(desk.now):%Y-%m-%d}" if about else key  # one such word a day is enough
        for person in await people_of(desk, [acting[ADMIN_SEAT]]):
            await desk.tell(person, words, key=key, urgent=urgent)
