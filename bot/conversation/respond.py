"""The entrance: one inbound update of any channel, answered inside one transaction."""

from dataclasses import replace

from bot.conversation import blocking, commands, flows, following, presses
from bot.conversation.talk import Talk
from bot.dialogue import assist, duty, submission
from bot.dialogue import following as follow
from bot.dialogue.screens import Answer, menu_number
from bot.domain.cases import Case
from bot.domain.machine import Action, State
from bot.domain.messages import Inbound, InboundKind
from bot.domain.people import Draft, Person
from bot.domain.text import t
from bot.ports import CaseFilter
from bot.texts.catalogue import REFERENCE, language_of
from bot.usecases.desk import Desk
from bot.usecases.roles import roles_of

MATTERS = (submission.FLOW, assist.FLOW)
"""Flows whose end is a case, in the person's own words."""


async def respond(desk: Desk, inbound: Inbound) -> None:
    """Say and do what this update asks for. Raises only for what should park the row."""
    if inbound.kind is InboundKind.IGNORED:
        return
    if inbound.files:
        inbound = replace(inbound, files=tuple(replace(file, channel=inbound.channel) for file in inbound.files))
    if not inbound.private:
        await _in_group(desk, inbound)
        return
    person = await _who(desk, inbound)
    if inbound.kind in (InboundKind.BLOCKED, InboundKind.UNBLOCKED):
        return
    talk = Talk(desk, person, inbound)
    if await blocking.turned_away(talk):
        return
    if inbound.kind is InboundKind.PRESS:
        await presses.press(talk)
        await talk.toast()
    elif inbound.kind is InboundKind.EDIT:
        await _edited(talk)
    elif inbound.kind is InboundKind.STICKER:
        await _sticker(talk)
    elif inbound.text.startswith("/") and not inbound.files:
        await commands.command(talk)
    else:
        await _words(talk)


async def _who(desk: Desk, inbound: Inbound) -> Person:
    """The person behind the account; whoever writes can be reached (again)."""
    reachable = inbound.kind is not InboundKind.BLOCKED
    person = await desk.tx.people.find(inbound.channel, inbound.account)
    if person is None:
        language = language_of(inbound.language)
        person = await desk.tx.people.add(inbound.channel, inbound.account, inbound.chat, language, desk.now)
    if (person.chat, person.reachable) != (inbound.chat, reachable):
        person = replace(person, chat=inbound.chat, reachable=reachable)
        await desk.tx.people.save_reach(person)
    return person


async def _in_group(desk: Desk, inbound: Inbound) -> None:
    """A group is no place for somebody's matter: when added or addressed, say so, once an hour at most."""
    if inbound.kind is InboundKind.MIGRATED:
        await desk.tx.outbox.move_chat(inbound.channel, inbound.chat, inbound.text)
        return
    addressed = inbound.text.startswith("/") or inbound.kind is InboundKind.ADDED
    hour = f"group:{inbound.channel}:{inbound.chat}:{desk.now:%Y%m%d%H}"
    if addressed and await desk.tx.marks.once(hour, desk.now):
        nobody = Person(0, inbound.channel, inbound.account, inbound.chat, REFERENCE)
        await desk.say(nobody, t("group.private"), [[(t("group.open"), desk.rules.start_link("group"))]])


def answer_of(inbound: Inbound) -> Answer:
    return Answer(
        text=inbound.text,
        message_id=inbound.message_id,
        files=inbound.files,
        album=inbound.album,
        location=inbound.location,
        forwarded=inbound.forwarded,
        edited=inbound.kind is InboundKind.EDIT,
    )


async def _words(talk: Talk) -> None:
    """Free words, files, a place: for the open draft, or the beginning of a new one."""
    draft = await talk.desk.tx.drafts.current(talk.person.id)
    text = talk.inbound.text
    if _says_nothing_yet(draft) and following.looks_like_a_code(text) and not talk.inbound.files:
        await following.code(talk, text)
        return
    if draft and draft.flow == follow.FLOW and menu_number(text) is None:
        await talk.desk.tx.drafts.drop(draft.id)  # a matter of its own, and no answer to that question
        draft = await talk.desk.tx.drafts.current(talk.person.id)
    if draft:
        await flows.answer_draft(talk, draft, answer_of(talk.inbound))
        return
    number = menu_number(text)
    if number is not None and not talk.inbound.files:
        await presses.number_without_question(talk, number)
        return
    if talk.inbound.album and await _rest_of_sent_album(talk):
        return
    if asked := await _case_that_waits(talk):
        await flows.start_compose(talk, asked, Action.SUPPLY, answer_of(talk.inbound))
        return
    bare = text and not talk.inbound.files and not talk.inbound.location
    if bare and not talk.desk.reader.tag(text, talk.person.last_village).is_case:
        await commands.welcome(talk)
        return
    staff = bool(await roles_of(talk.desk, talk.person))
    await flows.start_submission(talk, answer_of(talk.inbound), sure=not staff)


def _says_nothing_yet(draft: Draft | None) -> bool:
    """No draft, or one whose first question is still open: a bare code is then no part of anything."""
    return draft is None or draft.flow == follow.FLOW or (draft.step == "describe" and not draft.data.get("words"))


async def _case_that_waits(talk: Talk) -> Case | None:
    """The person's own case in which staff asked for more: what they say now is the answer to that."""
    waiting = CaseFilter(author=talk.person.id, states=frozenset({State.NEEDS_MORE}), limit=1)
    return next(iter(await talk.desk.tx.cases.find(waiting)), None)


async def _rest_of_sent_album(talk: Talk) -> bool:
    """A late photo of an album whose case is submitted already joins that case, and is no new one."""
    for flow in MATTERS:
        done = await talk.desk.tx.drafts.last_finished(talk.person.id, flow)
        if done and done.case_id and done.data.get("album") == talk.inbound.album:
            await presses.add_late_files(talk, done.case_id)
            return True
    return False


async def _edited(talk: Talk) -> None:
    """An edited message changes the draft that holds it; after submission it becomes an addition."""
    draft = await talk.desk.tx.drafts.current(talk.person.id)
    if draft and draft.flow in (*MATTERS, duty.FLOW) and _holds(draft.data, talk.inbound.message_id):
        await flows.advance(talk, draft, answer_of(talk.inbound))
        return
    for flow in MATTERS:
        done = await talk.desk.tx.drafts.last_finished(talk.person.id, flow)
        if done and done.case_id and _holds(done.data, talk.inbound.message_id):
            await presses.add_edited_words(talk, done.case_id)
            return
    done = await talk.desk.tx.drafts.last_finished(talk.person.id, duty.FLOW)
    if done and _holds(done.data, talk.inbound.message_id):
        await talk.say(t("duty.edited_late"), [[(t("duty.mine"), "m:duties")]])
        return
    await talk.say(t("edited.too_late"))


def _holds(data: dict[str, object], message_id: str) -> bool:
    words = data.get("words")
    return isinstance(words, list) and any(part.get("message_id") == message_id for part in words)


async def _sticker(talk: Talk) -> None:
    """A sticker says nothing that could be forwarded: thank for it, and go on where they were."""
    draft = await talk.desk.tx.drafts.current(talk.person.id)
    if draft:
        await flows.redraw(talk, draft, t("sticker.in_draft"))
    else:
        await commands.welcome(talk)
