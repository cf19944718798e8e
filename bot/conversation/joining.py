"""“Is it this one?” in the guided submission, and what a villager does with a case that they joined."""

from bot.conversation.talk import Talk
from bot.dialogue.matter import Alike, Submission
from bot.domain.cases import Case, Consent, Rating, Solved
from bot.domain.machine import IllegalMove
from bot.domain.support import answered_round
from bot.domain.text import Text, t
from bot.domain.topics import Flag
from bot.ports import CaseFilter
from bot.usecases import joining, publishing
from bot.usecases.cards import summary
from bot.usecases.desk import Buttons
from bot.usecases.digests import short
from bot.usecases.moving import NotFoundError
from bot.usecases.telling import confirmation_buttons

BEFORE = ("photos", "check")
"""Once village and topic are known, one of these steps comes: there the look at open cases is due."""


async def look(talk: Talk, step: str, data: Submission) -> tuple[str, Submission]:
    """The step and data as they are, or the question whether an open case is the same matter. Asked once."""
    secret = data.flags & {Flag.SEALED, Flag.RESTRICTED}
    if step not in BEFORE or data.alike_asked or data.reviewed or secret or not (data.village and data.topic):
        return step, data
    urgent = Flag.URGENT in data.flags
    found = await joining.alike(talk.desk, talk.person, data.text, data.village, data.topic, urgent=urgent)
    if found is None:
        return step, data
    return "alike", data.model_copy(update={"alike": Alike(case=found.id, extract=joining.extract(found))})


async def join(talk: Talk, data: Submission) -> Case | None:
    """Join the case of the question; None where that is no longer possible."""
    try:
        case = await joining.join(talk.desk, talk.person, data.alike.case if data.alike else 0, data.text, data.files)
    except (IllegalMove, NotFoundError):
        return None
    await talk.say(t("joined.done", **summary(talk.desk, case)), _buttons(case))
    return case


async def press(talk: Talk, case_id: int, word: str, round_: int = 0, value: str = "") -> None:
    """A button of a joined case. Raises NotFoundError, IllegalMove, ValueError."""
    desk, person = talk.desk, talk.person
    if word == "open":
        await show(talk, await joining.opened(desk, case_id, person))
    elif word == "leave":
        case = await joining.leave(desk, person, case_id)
        await talk.strip()
        await talk.say(t("joined.left", number=case.number))
    elif word in ("allow", "forbid"):
        said = Consent.AGREED if word == "allow" else Consent.REFUSED
        await publishing.supporter_says(desk, person, case_id, said)
        await talk.strip()
        await talk.say(t("publish.allowed" if word == "allow" else "publish.forbidden"))
    elif word == "rate":
        case = await joining.confirm(desk, person, case_id, round_, Rating(value))
        await talk.strip()
        buttons = [[(t(f"solved.{s}"), f"k:{case.id}:solved:{round_}:{s}")] for s in Solved]
        await talk.say(t("joined.rated", number=case.number), buttons)
    elif word == "solved":
        case = await joining.confirm_solved(desk, person, case_id, round_, Solved(value))
        await talk.strip()
        await talk.say(t("rated.done", number=case.number))
    else:
        raise ValueError(word)


async def show(talk: Talk, case: Case) -> None:
    """The public part of a joined case: place, topic, state, a short extract, the answer. Nothing of its author."""
    values = {**summary(talk.desk, case), "text": joining.extract(case)}
    open_to_all = case.answer and not case.restricted
    answer = t("case.answer", answer=case.answer) if open_to_all else t("nothing")
    buttons = list(_buttons(case))
    if (await talk.desk.tx.board_consents.of(case.id)).get(talk.person.id) is Consent.AGREED:
        buttons.append([(t("action.forbid"), f"k:{case.id}:forbid")])
    await talk.say(t("joined.card", answer=answer, **values), buttons)


def _buttons(case: Case) -> Buttons:
    leave = [(t("joined.leave"), f"k:{case.id}:leave")]
    return [*confirmation_buttons(case), leave] if answered_round(case) is not None else [leave]


async def listed(talk: Talk) -> tuple[tuple[Text, ...], list[list[tuple[Text, str]]]]:
    """Rows and buttons of the cases that the person joined, for `/mine`."""
    cases = await talk.desk.tx.cases.find(CaseFilter(supporter=talk.person.id, limit=10))
    rows = tuple(t("joined.row", text_short=joining.extract(case), **summary(talk.desk, case)) for case in cases)
    buttons = [
        [(t("digest.open", number=short(case.number), text=joining.extract(case)[:14]), f"k:{case.id}:open")]
        for case in cases[:4]
    ]
    return rows, buttons
