"""Handing over in chat: to whom, a preview of all that goes, one confirmation."""

from bot.conversation.talk import Talk
from bot.domain.text import Text, t
from bot.domain.town import Seat
from bot.usecases import seats, silence
from bot.usecases.digests import short
from bot.usecases.handing_over import Load, load_of, targets
from bot.usecases.roles import may_manage
from bot.usecases.seats import NotAllowedError

SHOWN = 20


async def choose(talk: Talk, seat_id: str) -> None:
    """To whom should it go?"""
    seat = await _managed(talk, seat_id)
    if seat is None:
        return
    options = [(label, f"b:{seat.id}:{target}") for target, label in await targets(talk.desk, seat)]
    rows = [options[i : i + 2] for i in range(0, len(options), 2)]
    await talk.say(t("handover.to", name=seat.name) if rows else t("handover.nobody", name=seat.name), rows)


async def preview(talk: Talk, seat_id: str, target: str) -> None:
    """All that would go, by number. Raises ValueError for a target that is none."""
    seat = await _managed(talk, seat_id)
    if seat is None:
        return
    label = dict(await targets(talk.desk, seat)).get(target)
    if label is None:
        raise ValueError(target)
    load = await load_of(talk.desk, seat.id)
    buttons = [
        [(t("handover.end"), f"b!:{seat.id}:{target}:end")],
        [(t("handover.keep"), f"b!:{seat.id}:{target}:keep")],
    ]
    await talk.say(t("handover.preview", name=seat.name, to=label, rows=_rows(load)), buttons)


def _rows(load: Load) -> tuple[Text, ...]:
    numbers = [short(case.number) for case in load.cases]
    rows = [
        _row("cases", numbers),
        _row("suggestions", [one.number for one in load.suggestions]),
        t("handover.supervisions", count=len(load.supervisions)),
        _row("duties", [f"{duty.on.month}-{duty.on.day:02d}" for duty in load.duties]),
    ]
    return tuple(rows)


def _row(kind: str, numbers: list[str]) -> Text:
    listed = "、".join(numbers[:SHOWN]) + ("……" if len(numbers) > SHOWN else "")
    return t(f"handover.{kind}", count=len(numbers), numbers=t("handover.listed", numbers=listed) if listed else "")


async def confirm(talk: Talk, seat_id: str, target: str, how: str) -> None:
    """Raises ValueError for a word that no button of ours carries."""
    ways = {"end": seats.withdraw_seat, "keep": seats.hand_over_seat}
    seat = talk.desk.town.seat(seat_id)
    try:
        if how == "late":
            count = await silence.pass_silent(talk.desk, talk.person, seat_id)
        elif how in ways:
            count = await ways[how](talk.desk, talk.person, seat_id, target)
        else:
            raise ValueError(how)
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    await talk.strip()
    key = "seat.ended" if how == "end" else "handover.done"
    await talk.say(t(key, seat=seat.name if seat else seat_id, count=count))


async def _managed(talk: Talk, seat_id: str) -> Seat | None:
    """The seat, where this person may hand it over; else they are told that they may not."""
    seat = talk.desk.town.seat(seat_id)
    if seat is None or not await may_manage(talk.desk, talk.person, seat):
        await talk.say(t("error.not_allowed"))
        return None
    return seat
