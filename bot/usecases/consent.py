"""Agreeing to the privacy notice, and taking it back."""

from dataclasses import replace

from bot.domain.people import Person
from bot.domain.text import Text, t
from bot.usecases.desk import Desk
from bot.usecases.publishing import withdraw_all


def notice(desk: Desk) -> Text:
    """Who, for what, which data, how long, which rights, who sees what, what the chat service itself knows."""
    n = desk.rules.notice
    return t(
        "privacy.notice",
        controller=n.controller,
        contact=n.contact,
        months=n.retention_months,
        town=desk.town.name,
        sample=t("sample.badge") if desk.town.sample else t("nothing"),
    )


def agreed(desk: Desk, person: Person) -> bool:
    """Whether they agreed to the notice as it reads now."""
    return person.consent == desk.rules.notice.version


async def agree(desk: Desk, person: Person) -> Person:
    person = replace(person, consent=desk.rules.notice.version)
    await desk.tx.people.save(person)
    await desk.tx.people.agreed(person.id, desk.rules.notice.version, desk.now)
    return person


async def forget(desk: Desk, person: Person) -> None:
    """Take consent back: drafts, contacts and files go, and nothing leads from the cases to the account any more."""
    await desk.tx.files.forget(person.id, desk.now)
    await withdraw_all(desk, person)
    await desk.tx.people.forget(person.id, desk.now)
