"""Who may press what: every role, every button of a case, an open, a restricted and a sealed one, by each channel.

What somebody is to a case stands here by hand, once more and apart from the code that works it out; what such a part
may do in a state is the machine's table, which has tests of its own. A press is made in a transaction that is undone.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.respond import respond
from bot.domain.cases import Case, may
from bot.domain.channel import Translator
from bot.domain.machine import Action, Part
from bot.domain.messages import OutgoingKind
from bot.domain.people import Person
from bot.ports import Tx
from handlers.telegram.translate import TelegramTranslator
from tests.bot.staff import LAMP
from tests.support.chat import CHANNEL, LocalTown, LocalTranslator
from tests.telegram.updates import FEN, PRIVATE, message, pressed, said

SEATS = {
    "deputy": ("shilong-2",),
    "stand-in": ("shilong-3",),
    "colleague": ("shilong-5",),
    "foreign deputy": ("datang-1",),
    "head": ("shilong-head",),
    "deputy head": ("shilong-vice",),
    "liaison": ("shilong-liaison",),
    "foreign head": ("datang-head",),
    "foreign liaison": ("datang-liaison",),
    "office": ("office-1",),
    "admin": ("admin",),
    "author": (),
    "supporter": (),
    "stranger": (),
}
ROLES = {name: 9001 + place for place, name in enumerate(SEATS)}
"""Each role's account."""

OPEN = {
    "author": Part.AUTHOR, "deputy": Part.DEPUTY, "stand-in": Part.DEPUTY, "head": Part.HEAD, "deputy head": Part.HEAD,
    "liaison": Part.LIAISON, "office": Part.OFFICE,
}  # fmt: skip
"""What they are to the lamp of 石龙村; who is not named is nobody to it. A supporter has buttons of their own."""
PARTS = {
    "open": OPEN,
    "restricted": {role: part for role, part in OPEN.items() if role != "stand-in"},
    "sealed": {"author": Part.AUTHOR, "office": Part.OFFICE},
}

WORDS = {action.value: action for action in Action} | {
    "object": Action.SUPPLY,
    "withdraw!": Action.WITHDRAW, "draft": Action.SUGGEST, "own": Action.RESOLVE, "seat.shilong-1": Action.TRANSFER,
    "village.datang": Action.TRANSFER, "sub.roads.street-lights": Action.CORRECT, "grade.B": Action.CHECK,
    "pass.A": Action.RESOLVE, "to.0": Action.ASSIGN, "assign!.0+1": Action.ASSIGN, "kind.onsite": Action.SUPERVISE,
    "with.0": Action.SUPERVISED, "ended.": Action.SUPERVISED,
}  # fmt: skip
"""Every word that a button of a case may carry, with the action that must be the presser's for it to do anything."""


class Undo(Exception):
    pass


@dataclass(frozen=True)
class Effect:
    """What one press did."""

    version: int
    draft: bool
    heard: tuple[str, ...]  # what the presser was told
    others: int  # messages to anybody else


def local(account: int, data: str) -> str:
    plain = {"channel": CHANNEL, "account": str(account), "chat": str(account), "private": True, "kind": "press"}
    return json.dumps({**plain, "press": data, "press_id": "1", "message_id": "30", "at": "2026-03-02T02:00:00+00:00"})


def telegram(account: int, data: str) -> str:
    chat, user = {**PRIVATE, "id": account}, {**FEN, "id": account}
    return pressed(data=data, **{"from": user, "message": message(chat=chat, message_id=30, text="请选择")})


CHANNELS: dict[str, tuple[Translator, Callable[[int, str], str], str]] = {
    "local": (LocalTranslator(), local, CHANNEL),
    "telegram": (TelegramTranslator("b"), telegram, "telegram"),
}


EACH = pytest.mark.parametrize(
    ("channel", "kind"),
    [("local", "open"), ("local", "restricted"), ("local", "sealed"), ("telegram", "open")],
    indirect=["channel"],
)
"""A channel only says who presses what: one kind of case by a second one shows that it says it right."""


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Stage:
    """Everybody at their places, and a case of each kind."""

    place: LocalTown
    channel: str
    people: dict[str, Person]
    cases: dict[str, Case]

    async def press(self, role: str, case_id: int, data: str) -> Effect:
        translator, raw, _ = CHANNELS[self.channel]
        return await self.send(role, raw(ROLES[role], data), translator, case_id)

    async def send(self, role: str, raw: str, translator: Translator, case_id: int) -> Effect:
        person = self.people[role]
        found: list[Effect] = []
        try:
            async with self.place.store.begin() as tx:
                before = {row.id for row in await tx.outbox.rows()}
                await respond(self.place.desk_for(tx, self.place.clock.now(), "test"), translator.translate(raw))
                found.append(await self._effect(tx, person, case_id, before))
                raise Undo
        except Undo:
            return found[0]

    async def _effect(self, tx: Tx, person: Person, case_id: int, before: set[int]) -> Effect:
        case = await tx.cases.get(case_id)
        assert case
        assert len(await tx.cases.events(case_id)) == case.version
        new = [row for row in await tx.outbox.rows() if row.id not in before]
        own = [row.message for row in new if row.message.chat == person.chat or row.message.kind is OutgoingKind.TOAST]
        draft = await tx.drafts.current(person.id)
        heard = tuple(f"{m.text} {[b.label for r in m.buttons for b in r]}" for m in own)
        return Effect(case.version, draft is not None, heard, len(new) - len(own))


@pytest.fixture
async def stage(place: LocalTown, channel: str) -> Stage:
    people = {}
    name = CHANNELS[channel][2]
    async with place.store.begin() as tx:
        for role, account in ROLES.items():
            person = await tx.people.add(name, str(account), str(account), "zh-CN", place.clock.now())
            people[role] = person
            for seat in SEATS[role]:
                await tx.people.appoint(seat, person.id, place.clock.now())
    villager = place.client("v")
    await villager.agree()
    cases = {}
    for kind, text in (("open", LAMP), ("restricted", "石龙村我家的低保被停了"), ("sealed", "石龙村村支书贪污征地款")):
        case = await villager.submit(text)
        assert (case.restricted, case.sealed) == (kind != "open", kind == "sealed")
        cases[kind] = case
    async with place.store.begin() as tx:
        for case in cases.values():
            wrote = await tx.cases.author(case.id)
            await tx.cases.unlink(case.id, wrote or 0, "author")
            await tx.cases.link(case.id, people["author"].id, "author")
        await tx.cases.link(cases["open"].id, people["supporter"].id, "supporter")
    return Stage(place, channel, people, cases)


@EACH
async def test_every_role_can_press_what_its_part_may_do_and_nothing_else(stage: Stage, kind: str) -> None:
    case = stage.cases[kind]
    now = stage.place.clock.now()
    did = dict.fromkeys(ROLES, 0)
    for role in ROLES:
        part = PARTS[kind].get(role)
        allowed = may(case, part, now) if part else ()
        for word, action in WORDS.items():
            effect = await stage.press(role, case.id, f"c:{case.id}:{word}")
            which = f"{role} pressed {word} of a case that is {kind}: {effect}"
            if action not in allowed:
                assert (effect.version, effect.draft, effect.others) == (case.version, False, 0), which
            else:
                did[role] += effect.version > case.version or effect.draft
            if part is None:
                assert not any(case.number in words or case.text in words for words in effect.heard), which
    assert {role for role, number in did.items() if number} == set(PARTS[kind])


@EACH
async def test_a_case_is_shown_to_whom_it_concerns_and_to_nobody_else(stage: Stage, kind: str) -> None:
    case = stage.cases[kind]
    for role in ROLES:
        for word in ("open", "history", "more", "why"):
            effect = await stage.press(role, case.id, f"c:{case.id}:{word}")
            shown = any(case.number in words or case.text in words for words in effect.heard)
            wanted = role in PARTS[kind] and not (word == "why" and role == "author")
            assert shown is wanted, f"{role} asked for {word} of a case that is {kind}: {effect}"
            assert (effect.version, effect.others) == (case.version, 0)


async def test_only_the_author_and_a_supporter_rate_and_each_for_themselves(stage: Stage) -> None:
    case = stage.cases["open"]
    for role in ROLES:
        for data in (f"r:{case.id}:0:satisfied", f"s:{case.id}:0:yes", f"k:{case.id}:r:0:satisfied"):
            effect = await stage.press(role, case.id, data)
            assert effect.version == case.version, f"{role} rated what has no answer: {data}"


OFFICES_OWN = (
    "i:office-2",
    "i:admin",
    "e!:office-1",
    "b!:shilong-2:shilong-1:all",
    "z!:shilong-2",
    "t:1",
    "g:shilong:0",
)


async def test_seats_and_teaching_belong_to_those_above_them(stage: Stage) -> None:
    case = stage.cases["open"]
    for role in ROLES:
        if role in ("office", "admin", "head"):
            continue
        for data in OFFICES_OWN:
            effect = await stage.press(role, case.id, data)
            assert effect.others == 0, f"{role}: {data}"
            assert not any("t.me/" in words for words in effect.heard), f"{role} was given an invitation: {data}"
    async with stage.place.store.begin() as tx:
        holders = await tx.people.holders()
    assert holders == {seat: stage.people[role].id for role, seats in SEATS.items() for seat in seats}


LETTERS = st.sampled_from("cdrskpmlvgieqbztwy!")
PIECES = st.one_of(
    st.integers(0, 4).map(str),
    st.sampled_from([*WORDS, "satisfied", "yes", "shilong", "office-1", "admin", "forget!", "on", "²", "-1", "\u202e"]),
    st.text(max_size=12),
)
DATA = st.builds(lambda letter, pieces: ":".join([letter, *pieces]), LETTERS, st.lists(PIECES, max_size=4))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_no_made_up_button_moves_a_case_for_a_stranger(stage: Stage, data: Any) -> None:
    """Whatever a stranger's client sends as a press: no case moves, and nobody else hears of it."""
    press = data.draw(DATA)
    for kind, case in stage.cases.items():
        effect = await stage.press("stranger", case.id, press)
        assert (effect.version, effect.others) == (case.version, 0), f"{press!r} on the {kind} one"
        assert not any(case.text in words for words in effect.heard)


LINKS = st.one_of(
    st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", max_size=64),
    st.text(max_size=70),
    st.sampled_from(["i-", "i-admin", "code-000000000000", "case-1", "group", "invite-1", "c:1:take"]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=LINKS)
async def test_no_made_up_deep_link_gives_a_seat_or_shows_a_case(stage: Stage, payload: str) -> None:
    case = stage.cases["open"]
    words = f"/start {payload}"
    if stage.channel == "telegram":
        user = {**FEN, "id": ROLES["stranger"]}
        raw = said(text=words, chat={**PRIVATE, "id": ROLES["stranger"]}, **{"from": user})
    else:
        raw = json.dumps({**json.loads(local(ROLES["stranger"], "")), "kind": "message", "text": words, "press": ""})
    effect = await stage.send("stranger", raw, CHANNELS[stage.channel][0], case.id)
    assert (effect.version, effect.others) == (case.version, 0)
    assert not any(one.text in heard for one in stage.cases.values() for heard in effect.heard)
