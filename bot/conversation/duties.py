"""Duties in chat: recording one, looking at one's own, adding what came of one later."""

from dataclasses import replace

from bot.conversation.talk import Talk
from bot.dialogue import duty as dialogue
from bot.dialogue.duty import DutyDraft, DutyFlow, Earlier
from bot.dialogue.screens import Answer, Effect, Screen
from bot.domain.duties import FORMS, Duty, Supplement
from bot.domain.people import Draft
from bot.domain.periods import Period
from bot.domain.text import Text, t
from bot.usecases import duties
from bot.usecases.moving import NotFoundError
from bot.usecases.roles import roles_of

SHOWN = 10
"""Records on one list."""


def flow_of(talk: Talk) -> DutyFlow:
    sizes = talk.desk.rules.sizes
    return DutyFlow(talk.desk.town, duties.today(talk.desk), sizes.characters, sizes.files)


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return flow_of(talk).screen(draft.step, DutyDraft.model_validate(draft.data))


async def duty(talk: Talk, argument: str) -> None:
    """Begin a record: which kind? One that was begun is not thrown away without asking."""
    kinds = await duties.kinds_of(talk.desk, talk.person)
    if not kinds:
        await talk.say(t("error.not_staff"))
        return
    begun = await talk.desk.tx.drafts.current(talk.person.id)
    if begun and begun.flow == dialogue.FLOW and begun.data.get("words") and argument != "fresh":
        await talk.say(t("duty.unfinished"), [[(t("submit.go_on"), "m:resume")], [(t("submit.fresh"), "m:duty_fresh")]])
        return
    await _begin(talk, "kind", DutyDraft(kinds=kinds))


async def fresh(talk: Talk, argument: str) -> None:
    await duty(talk, "fresh")


async def _begin(talk: Talk, step: str, data: DutyDraft) -> None:
    plain = data.model_dump(mode="json")
    draft = await talk.desk.tx.drafts.start(talk.person.id, dialogue.FLOW, step, plain, talk.desk.now)
    await talk.show(draft, screen_of(talk, draft))


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    flow, tx = flow_of(talk), talk.desk.tx
    outcome = flow.step(draft.step, DutyDraft.model_validate(draft.data), answer)
    if outcome.effect is Effect.CANCEL:
        await tx.drafts.drop(draft.id)
        await talk.say(t("duty.cancelled"))
        return
    data = outcome.data.model_dump(mode="json")
    draft = replace(draft, step=outcome.step, data=data, rev=draft.rev + (not outcome.quiet))
    await tx.drafts.save(draft, talk.desk.now)
    if outcome.effect is Effect.DONE:
        await _record(talk, draft, outcome.data)
    elif not outcome.quiet:
        notice = outcome.notice
        if notice is None and draft.step == "confirm":
            notice = await _twin(talk, outcome.data)
        await talk.show(draft, screen_of(talk, draft), notice)


async def _twin(talk: Talk, data: DutyDraft) -> Text | None:
    """A warning where somebody has recorded such a thing for that day already."""
    if data.kind is None or data.earlier:
        return None
    try:
        found = await duties.twins(talk.desk, talk.person, data.kind, flow_of(talk).read(data).on)
    except NotFoundError:
        return None
    return t("duty.twin", row=_row(talk, found[0])) if found else None


async def _record(talk: Talk, draft: Draft, data: DutyDraft) -> None:
    said = flow_of(talk).read(data)
    await talk.desk.tx.drafts.finish(draft.id, talk.desk.now)
    if data.kind is None:
        raise ValueError("a record without a kind")
    try:
        if data.earlier:
            record = data.earlier.id
            kept = await duties.supplement(talk.desk, talk.person, record, said.on, data.text, data.files)
        else:
            kept = await duties.record(talk.desk, talk.person, data.kind, said, data.text, data.files)
    except NotFoundError:
        await talk.say(t("duty.not_kept", text=data.text))
        return
    if data.earlier:
        await _card(talk, kept, t("duty.supplemented"))
        return
    missing = t("duty.unknown_cases") if len(kept.cases) < len(said.cases) else t("nothing")
    buttons = [[(t("menu.duty"), "m:duty"), (t("duty.mine"), "m:duties")], [(t("duty.strike"), f"y:{kept.id}")]]
    files = t("compose.with_files", count=len(kept.files)) if kept.files else t("nothing")
    await talk.say(t("duty.kept", row=_row(talk, kept), files=files, missing=missing), buttons)


def _row(talk: Talk, kept: Duty) -> Text:
    return t(
        "duty.row",
        day=kept.on.isoformat(),
        kind=t(f"duty.kind.{kept.kind}"),
        title=_title(talk, kept),
        name=talk.desk.town.name_of("seat", kept.seat),
    )


def _title(talk: Talk, kept: Duty) -> str:
    """The first words; of a record without words, that there are none."""
    return kept.title or talk.desk.render(talk.person, t("duty.no_words"))


async def own(talk: Talk, argument: str) -> None:
    """A month of the person's records, this one's where none is named: each opens by a button."""
    try:
        month = Period.parse(argument) if argument else Period.month_of(duties.today(talk.desk))
    except ValueError:
        await talk.say(t("report.which"))
        return
    await show(talk, month, 0)


async def show(talk: Talk, month: Period, skip: int) -> None:
    """So many records, the newest first; before them, in this month, those that wait for what came of them."""
    desk, person = talk.desk, talk.person
    if not await roles_of(desk, person):
        await talk.say(t("error.not_staff"))
        return
    found = await duties.of_period(desk, person, month)
    mine = await duties.opener(desk, person)
    page = found[skip : skip + SHOWN]
    waiting = [] if skip or month.end <= duties.today(desk) else (await duties.awaiting(desk, person))[:SHOWN]
    buttons = [[(_button(talk, kept, f"duty.add.{kept.kind}"), f"y:{kept.id}:add")] for kept in waiting]
    buttons += [[(_button(talk, kept, f"duty.kind.{kept.kind}"), f"y:{kept.id}:open")] for kept in page if mine(kept)]
    turn = [(t("duty.before", period=month.before.name), f"y:{month.before.word}:0")]
    if skip + SHOWN < len(found):
        turn.append((t("duty.more"), f"y:{month.word}:{skip + SHOWN}"))
    rows = tuple(_row(talk, kept) for kept in page)
    text = t("duty.own" if rows else "duty.own_none", period=month.name, count=len(found), rows=rows)
    await talk.say(text, [[(t("menu.duty"), "m:duty")], *buttons, turn])


def _button(talk: Talk, kept: Duty, key: str) -> Text:
    return t("duty.button", what=t(key), day=f"{kept.on:%m-%d}", title=_title(talk, kept)[:14])


async def press(talk: Talk, duty_id: int, word: str) -> None:
    """A record's buttons. Raises NotFoundError; ValueError for a word that none of them carries."""
    kept = await duties.opened(talk.desk, talk.person, duty_id)
    if word == "open":
        await _card(talk, kept)
    elif word == "strike":
        await talk.say(t("duty.strike_sure", row=_row(talk, kept)), [[(t("duty.strike"), f"y:{kept.id}")]])
    elif word == "files":
        if not await duties.send_files(talk.desk, talk.person, kept):
            await talk.say(t("duty.files_none"))
    elif word == "add" and FORMS[kept.kind].supplemented:
        earlier = Earlier(id=kept.id, on=kept.on, title=_title(talk, kept))
        await _begin(talk, "write", DutyDraft(kind=kept.kind, earlier=earlier))
    else:
        raise ValueError(word)


async def _card(talk: Talk, kept: Duty, headline: Text | None = None) -> None:
    """The record with all that was added to it."""
    town, later = talk.desk.town, FORMS[kept.kind].supplemented
    names = "、".join(town.name_of("seat", seat) for seat in kept.members)
    files = len(kept.files) + sum(len(one.files) for one in kept.supplements)
    none = t(f"duty.none_yet.{kept.kind}") if later and not kept.settled else t("nothing")
    text = t(
        "duty.card",
        headline=headline or t("nothing"),
        kind=t(f"duty.kind.{kept.kind}"),
        day=kept.on.isoformat(),
        text=kept.text or t("duty.no_words"),
        facts=tuple(t("duty.fact", name=t(f"fact.{fact}"), value=value) for fact, value in kept.facts.items()),
        members=t("duty.members", names=names) if names else t("nothing"),
        cases=t("duty.cases", numbers="、".join(kept.cases)) if kept.cases else t("nothing"),
        files=t("compose.with_files", count=files) if files else t("nothing"),
        name=town.name_of("seat", kept.seat),
        later=tuple(_supplement(talk, kept, one) for one in kept.supplements) or none,
    )
    add = [(t(f"duty.add.{kept.kind}"), f"y:{kept.id}:add")] if later else []
    look = [(t("duty.files"), f"y:{kept.id}:files")] if files else []
    await talk.say(text, [add, look, [(t("duty.mine"), "m:duties")], [(t("duty.strike"), f"y:{kept.id}:strike")]])


def _supplement(talk: Talk, kept: Duty, one: Supplement) -> Text:
    return t(
        "duty.supplement",
        what=t(f"duty.later.{kept.kind}"),
        day=one.on.isoformat(),
        text=one.text or t("duty.no_words"),
        name=talk.desk.town.name_of("seat", one.seat),
    )


async def strike(talk: Talk, duty_id: int) -> None:
    """Take a record back. Raises NotFoundError."""
    gone = await duties.strike(talk.desk, talk.person, duty_id)
    await talk.strip()
    await talk.say(t("duty.struck", row=_row(talk, gone)))
