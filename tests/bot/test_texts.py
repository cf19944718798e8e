"""All that a person reads: same keys and placeholders in each language, every key used, none missing."""

import ast
import string
from itertools import chain
from pathlib import Path

import pytest

from bot.conversation.reports import SPANS
from bot.dialogue.compose import CHOICES, FORMS, NOWHERE
from bot.dialogue.leave import LENGTHS
from bot.dialogue.settings.adding import ADDED, REMOVABLE
from bot.dialogue.settings.forms import CHOSEN, LISTS, WEEKDAYS, Form
from bot.dialogue.settings.items import FIELDS, PARTS, SETTINGS, TEXTS
from bot.dialogue.settings.reading import READERS
from bot.domain.cases import AnswerClass, Kind, Rating, Solved
from bot.domain.clocks import STILL
from bot.domain.duties import SUPPLEMENTED, DayTrouble, DutyKind, Fact
from bot.domain.machine import TABLE, Action, Clock, Part, State
from bot.domain.polls import SCALE, PollKind
from bot.domain.report.content import ReportKind
from bot.domain.suggestions import Status
from bot.domain.supervision import SupervisionKind
from bot.domain.text import t
from bot.domain.town import STATION_ROLES, Role
from bot.media.check import WHYS as REFUSALS
from bot.ports import Trouble
from bot.texts.catalogue import LANGUAGES, REFERENCE, Catalogue, language_of, read_texts
from bot.usecases.cards import AUTHOR_ACTIONS, MORE_ACTIONS, STAFF_ACTIONS
from bot.usecases.figures import FIGURES, GROUPS
from bot.usecases.polling import WHYS as WHYS_NOT_COUNTED
from bot.usecases.recusing import REASONS
from bot.usecases.revealing import WHYS
from bot.usecases.roles import OFFICE_MENU

SUGGESTION_BUTTONS = ("cosign", "withdraw", "assign", "reply", "report", "publish")
CLOCK_STEPS = {rule.action for rule in TABLE if rule.parts == {Part.SYSTEM}} | {Action.SUPERVISE}
BOT = Path(__file__).parents[2] / "bot"


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def words_in_code() -> set[str]:
    """Every string constant: among them are the keys that are written out."""
    whole: set[str] = set()
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return whole


def families() -> set[str]:
    """Every key that is put together from an enumeration."""
    events = chain(("register",), Action)
    return {
        *(f"kind.{k}" for k in Kind),
        *(f"state.{s}" for s in State),
        *(f"alarm.{trouble}" for trouble in Trouble),
        *(f"part.{p}" for p in Part),
        *(f"role.{r}" for r in Role),
        *(f"signature.{r}" for r in Role if r is not Role.ADMIN),
        *(f"rating.{r}" for r in Rating),
        *(f"rated.{r}" for r in Rating),
        *(f"solved.{s}" for s in Solved),
        *(f"class.{c}" for c in AnswerClass),
        *(f"event.{a}" for a in events),
        *(f"action.{a}" for a in (*STAFF_ACTIONS, *MORE_ACTIONS, *AUTHOR_ACTIONS)),
        *(f"mark.{m}" for m in ("urgent", "restricted", "sealed")),
        *(f"command.{c}" for c in OFFICE_MENU),
        *(f"menu.{m}" for m in ("new", "mine", "find", "help", "queue", "people")),
        *(f"lang.{code}" for code in LANGUAGES),
        *(f"compose.{a}" for a in FORMS),
        *(f"compose.{a}_done" for a in FORMS),
        *(f"compose.{a}_more" for a, form in FORMS.items() if form.files),
        *(f"{family}.{value}" for family, values in CHOICES.items() for value in values),
        *(f"compose.confirm_{family}" for family in CHOICES),
        *(f"clock.{a}" for a in CLOCK_STEPS if a is not Action.ASK_RATING),
        *(f"status.{s}" for s in Status),
        *(f"suggestion.do_{s}" for s in SUGGESTION_BUTTONS),
        *(f"suggestion.{k}" for k in ("months3", "months6", "warn", "remind")),
        *(f"supervision.{k}" for k in SupervisionKind),
        *(f"clockname.{c}" for c in Clock if c not in STILL),
        *(f"seat.joined_{who}" for who in ("admin", "staff")),
        *(f"duty.kind.{k}" for k in DutyKind),
        *(f"poll.kind_{k}" for k in PollKind),
        *(f"poll.{choice}" for choice in SCALE),
        *(f"vote.{why}" for why in WHYS_NOT_COUNTED),
        *(f"announce.{state}" for state in ("sending", "stopped", "done")),
        *(f"duty.ask.{k}" for k in DutyKind),
        *(f"duty.{what}.{k}" for what in ("add", "later", "ask_later", "none_yet") for k in SUPPLEMENTED),
        *(f"duty.day.{why}" for why in DayTrouble),
        *(f"fact.{f}" for f in Fact),
        *(f"reveal.{why}" for why in WHYS),
        *(f"report.kind.{kind}" for kind in ReportKind),
        *(f"report.{when}_{span}" for when in ("this", "last") for span in SPANS),
        *(f"file.{why}" for why in REFUSALS),
        *(f"digest.set_{how}" for how in ("daily", "weekly")),
        *(f"leave.days.{n}" for n in LENGTHS),
        *(f"guide.{where}" for where in CHOICES["where"] if where != NOWHERE),
        *(f"rates.{f}" for f in FIGURES),
        *(f"rates.by.{by}" for by in (*GROUPS, "month")),
        *(f"recusal.{reason}" for reason in REASONS),
        *(f"wish.{role}" for role in (Role.DEPUTY, *STATION_ROLES)),
        *(f"handover.{kind}" for kind in ("cases", "suggestions", "duties")),
        *settings_families(),
    }


def settings_families() -> set[str]:
    fields = {f"field.{kind}.{name}" for kind, named in FIELDS.items() for name in named}
    slots = {name for text in TEXTS for name in placeholders(read_texts(REFERENCE)[text])}
    return {
        *fields,
        *(f"field.{name}" for name in ("seat.role", "handler.kind", "subtopic.topic")),
        *(f"setting.{name}" for name in SETTINGS),
        *(f"settings.part.{part}" for part in (*PARTS, "table", "history")),
        *(f"settings.which_{part}" for part in ("topics", "people")),
        *(f"settings.ask_{step}" for step in ("part", "table", "reading", "reason", "head", "serves")),
        *(f"settings.how.{form}" for form in READERS if form not in CHOSEN),
        *(f"settings.how.{form}" for form in LISTS),
        *(f"settings.note.{name}" for name in ("successor", "name")),
        *(f"settings.do_{word}" for word in ("do", "again", "keep", "reason")),
        *(f"settings.{step}.{kind}" for step in ("add", "new_name") for kind in ADDED),
        *(f"settings.new_kind.{kind}" for kind in ADDED if kind not in ("subtopic", "station")),
        *(f"settings.take_off.{kind}" for kind in REMOVABLE),
        *(f"settings.slot.{name}" for name in slots),
        *(f"settings.texts.{name}" for name in TEXTS),
        *(f"settings.{form}" for form in (Form.SPAN, Form.PLACE)),
        *(f"kindof.{kind}" for kind in FIELDS),
        *(f"weekday.{day}" for day in WEEKDAYS),
        *(f"body.{kind}" for kind in ("committee", "department", "county", "company")),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    reference, other = read_texts(REFERENCE), read_texts(language)
    assert set(other) == set(reference)
    for key, template in reference.items():
        assert placeholders(other[key]) == placeholders(template), key


def test_every_family_is_complete_and_no_text_is_unused() -> None:
    whole = words_in_code()
    texts = set(read_texts(REFERENCE))
    assert families() <= texts
    assert not texts - whole - families()


def test_a_line_of_empty_values_is_left_out_and_user_words_are_not_templates() -> None:
    catalogue = Catalogue({REFERENCE: {"a": "one\n{x}\n{y} two", "plain": "{text}"}})
    text = t("a", x=t("plain", text=""), y="{text}")
    assert catalogue.render(REFERENCE, text) == "one\n{text} two"


@pytest.mark.parametrize(("tag", "language"), [("zh-hans", "zh-CN"), ("en-GB", "en"), ("", "zh-CN"), ("vi", "zh-CN")])
def test_the_first_language_is_guessed_from_the_app(tag: str, language: str) -> None:
    assert language_of(tag) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_button_labels_stay_short_enough_for_a_phone(language: str) -> None:
    texts = read_texts(language)
    labels = [key for key in texts if key.split(".")[0] in ("action", "rating", "solved", "class", "menu")]
    assert all(len(texts[key]) <= 30 for key in labels)
