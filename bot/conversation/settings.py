"""The settings in chat, for the office: change one thing, or hand in a whole table; look back, and go back."""

from collections.abc import Sequence
from dataclasses import replace

from bot.config import ConfigError
from bot.conversation.talk import Talk
from bot.dialogue.screens import Answer, Effect, Screen
from bot.dialogue.settings.draft import FLOW, SettingsDraft
from bot.dialogue.settings.flow import SettingsFlow
from bot.dialogue.settings.reading import Unreadable
from bot.domain.people import Draft
from bot.domain.text import Text, t
from bot.usecases import amending
from bot.usecases.amending import NothingToDoError, OutOfDateError, Preview
from bot.usecases.amendment_words import mistakes
from bot.usecases.seats import NotAllowedError
from bot.usecases.table_lines import said
from bot.usecases.tables import TableMistake, Wanted

SHOWN = 8
"""Changes in the history."""
MOST_MISTAKES = 15
LINES = 5
"""Of each."""


def screen_of(talk: Talk, draft: Draft) -> Screen:
    flow, data = SettingsFlow(talk.desk.configuration), SettingsDraft.model_validate(draft.data)
    return flow.screen("part", SettingsDraft()) if flow.lost(data) else flow.screen(draft.step, data)


async def settings(talk: Talk, argument: str) -> None:
    """Begin: which part?"""
    if not await amending.may_amend(talk.desk, talk.person):
        await talk.say(t("error.not_staff"))
        return
    data = SettingsDraft().model_dump(mode="json")
    draft = await talk.desk.tx.drafts.start(talk.person.id, FLOW, "part", data, talk.desk.now)
    known = talk.desk.configuration
    notice = t("settings.left_out", count=known.left_out) if known.left_out else None
    await talk.show(draft, screen_of(talk, draft), notice)


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    if not await amending.may_amend(talk.desk, talk.person):
        await talk.desk.tx.drafts.drop(draft.id)
        await talk.say(t("error.not_staff"))
        return
    flow, data = SettingsFlow(talk.desk.configuration), SettingsDraft.model_validate(draft.data)
    if flow.lost(data):
        await _stand(talk, draft, "part", SettingsDraft(), t("settings.lost"))
        return
    outcome = flow.step(draft.step, data, answer)
    if outcome.effect is Effect.CANCEL:
        await talk.desk.tx.drafts.drop(draft.id)
        await talk.say(t("settings.closed"))
    elif outcome.effect is Effect.LEAVE:
        await history(talk)
    elif outcome.effect is Effect.DONE:
        await _do(talk, draft, flow, outcome.data)
    elif outcome.step == "preview":
        await _preview(talk, draft, flow, outcome.data, outcome.notice)
    else:
        await _stand(talk, draft, outcome.step, outcome.data, outcome.notice)


async def _stand(talk: Talk, draft: Draft, step: str, data: SettingsDraft, notice: Text | None = None) -> None:
    """Save where the office stands now, and show it."""
    draft = replace(draft, step=step, data=data.model_dump(mode="json"), rev=draft.rev + 1)
    await talk.desk.tx.drafts.save(draft, talk.desk.now)
    await talk.show(draft, screen_of(talk, draft), notice)


async def _preview(
    talk: Talk, draft: Draft, flow: SettingsFlow, data: SettingsDraft, notice: Text | None = None
) -> None:
    """What it would do; what cannot be is told in the words of the start, and nothing has changed."""
    desk = talk.desk
    before = data.before_preview
    try:
        found = await amending.look_ahead(desk, talk.person, flow.changes(data))
    except Unreadable as error:
        await _stand(talk, draft, before, data, error.text)
    except NothingToDoError:
        await _stand(talk, draft, before, data, t("settings.same"))
    except ConfigError as error:
        rows = tuple(mistakes(error, desk.configuration.entries, talk.person.lang))
        await _stand(talk, draft, before, data, t("settings.refused", rows=rows))
    else:
        words = desk.render(talk.person, in_words(found)).strip()
        data = data.model_copy(update={"preview": words, "number": desk.configuration.number})
        await _stand(talk, draft, "preview", data, notice)


def in_words(found: Preview) -> Text:
    touched = t("settings.touched", rows=tuple(found.effects)) if found.effects else t("nothing")
    return t("settings.would", rows=tuple(found.rows), touched=touched)


async def _do(talk: Talk, draft: Draft, flow: SettingsFlow, data: SettingsDraft) -> None:
    """The office said yes to what it saw; if that is not what would happen now, it is shown anew."""
    desk = talk.desk
    if data.number != desk.configuration.number:
        await _preview(talk, draft, flow, data, t("settings.meanwhile"))
        return
    try:
        changes = flow.changes(data)
        rows = (await amending.look_ahead(desk, talk.person, changes)).rows
        done = await amending.amend(desk, talk.person, changes, data.reason)
    except (OutOfDateError, NothingToDoError, ConfigError, Unreadable):
        await _preview(talk, draft, flow, data, t("settings.meanwhile"))
        return
    await desk.tx.drafts.finish(draft.id, desk.now)
    buttons = [*amending.back_button(done.number - 1), [(t("settings.other"), "m:settings")]]
    await talk.say(t("settings.done", number=done.number, rows=tuple(amending.cut(rows, LINES))), buttons)


async def history(talk: Talk) -> None:
    """Who changed what and when, newest first, each with the way back to how it was before."""
    try:
        found = await amending.history(talk.desk, talk.person, SHOWN)
    except NotAllowedError:
        await talk.say(t("error.not_staff"))
        return
    texts = tuple(
        t(
            "settings.entry",
            number=one.number,
            at=f"{talk.desk.local(one.at):%Y-%m-%d %H:%M}",
            who=one.who,
            because=t("settings.because", text=one.reason) if one.reason else t("nothing"),
            rows=tuple(amending.cut(rows, LINES)),
        )
        for one, rows in found
    )
    buttons = [(t("settings.back_before", number=one.number), f"cfg:back:{one.number - 1}") for one, _ in found]
    text = t("settings.history", rows=texts) if texts else t("settings.no_history")
    await talk.say(
        text, [*(buttons[i : i + 2] for i in range(0, len(buttons), 2)), [(t("settings.other"), "m:settings")]]
    )


async def go_back(talk: Talk, number: int, seen: int | None = None) -> None:
    """Back to how it was after this amendment. The last one is taken back at once, for that can be undone in the same
    way; where more would go with it, they are shown first, and `seen` is the newest that was shown.

    Raises ValueError for a number that never was.
    """
    desk = talk.desk
    newest = desk.configuration.number
    try:
        after = await amending.as_it_was(desk, talk.person, number)
        rows = amending.cut(amending.difference(desk.configuration, after), LINES)
        if seen != newest and number != newest - 1:
            buttons = [[(t("settings.back_yes"), f"cfg:back:{number}:{newest}")]]
            await talk.say(t("settings.back_sure", count=newest - number, rows=tuple(rows)), buttons)
            return
        done = await amending.roll_back(desk, talk.person, number)
    except NotAllowedError:
        await talk.toast(t("error.not_allowed"))
    except NothingToDoError:
        await talk.toast(t("settings.same"))
    except OutOfDateError:
        await talk.toast(t("settings.meanwhile"))
    except ConfigError as error:
        wrong = tuple(mistakes(error, desk.configuration.entries, talk.person.lang))
        await talk.say(t("settings.refused", rows=wrong))
    else:
        await talk.strip()
        undo = amending.back_button(done.number - 1)
        await talk.say(t("settings.went_back", number=done.number, rows=tuple(rows)), undo)


async def take_table(talk: Talk, draft: Draft, wanted: Wanted | None, mistakes: Sequence[TableMistake]) -> None:
    """A document was read: show what it would change, or every mistake by its line."""
    if not await amending.may_amend(talk.desk, talk.person):
        await talk.desk.tx.drafts.drop(draft.id)
        return
    if wanted is None:
        rows = tuple(t("settings.table_mistake", text=said(mistake)) for mistake in mistakes)
        words = t("settings.refused", rows=tuple(amending.cut(rows, MOST_MISTAKES)))
        await _stand(talk, draft, "table", SettingsDraft(part="table"), words)
        return
    data = SettingsDraft(part="table", table=wanted.entries, kinds=wanted.kinds)
    await _preview(talk, draft, SettingsFlow(talk.desk.configuration), data)
