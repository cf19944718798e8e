"""Checks templates of texts that the office changed: known, with the same places to fill in, not empty."""

import string
from collections.abc import Mapping
from pathlib import Path

from bot.config.mistakes import Findings, both, did_you_mean
from bot.texts.catalogue import Catalogue

LONGEST = 3500
"""Characters; a message holds 4096, and values are still to come into it."""
FIXED = ("privacy.", "error.", "settings.")
"""Texts of these families stay as they are: people agreed to the notice as it was, and without the others nobody
would find the way back."""


NEEDED = {"submit.urgent": ("110", "119", "120")}
"""What a text has to say whatever its wording."""


def places(template: str) -> frozenset[str] | None:
    """The names in braces, each of which is filled in; None where the braces do not fit."""
    try:
        found = list(string.Formatter().parse(template))
    except ValueError:
        return None
    if any(name is not None and (not name.isidentifier() or form or turn) for _, name, form, turn in found):
        return None
    return frozenset(name for _, name, _, _ in found if name is not None)


def check_texts(catalogue: Catalogue, texts: Mapping[str, Mapping[str, object]], findings: Findings) -> None:
    """`texts`: key -> new template, by language."""
    for language, changed in texts.items():
        known = catalogue.languages.get(language)
        for key, template in changed.items():
            place = (Path("texts") / language, key)
            if known is None or key not in known or key.startswith(FIXED):
                _unknown(place, key, known or {}, findings)
            elif not isinstance(template, str) or not template.strip():
                findings.add(*place, both("这段文字是空的", "this text is empty"), both("写上文字", "write something"))
            elif len(template) > LONGEST:
                longest = both(f"最多 {LONGEST} 个字", f"at most {LONGEST} characters")
                findings.add(*place, both("太长了", "too long"), longest)
            elif places(template) != places(known[key]):
                _misplaced(place, template, known[key], findings)
            elif missing := [word for word in NEEDED.get(key, ()) if word not in template]:
                problem = both(f"少了 {missing[0]}", f"{missing[0]} is missing")
                findings.add(*place, problem, both("危险时要打的号码必须留着", "the numbers for danger must stay"))


def _unknown(place: tuple[Path, str], key: str, known: Mapping[str, str], findings: Findings) -> None:
    if key in known:
        problem = both("这段文字不能在这里改", "this text cannot be changed here")
        findings.add(*place, problem, both("请找管理员", "ask the administrator"))
    else:
        findings.add(*place, both("没有这段文字", "there is no such text"), did_you_mean(key, known))


def _misplaced(place: tuple[Path, str], template: str, before: str, findings: Findings) -> None:
    wanted, given = places(before) or frozenset(), places(template)
    if given is None:
        problem = both("花括号不对", "the braces do not fit")
        mend = both("花括号要成对，里面的字照原来的写", "write braces in pairs, with the names that stood in them")
        findings.add(*place, problem, mend)
        return
    listed = " ".join(f"{{{name}}}" for name in sorted(wanted)) or "—"
    findings.add(
        *place,
        both("花括号里的项和原来的不一样", "the places to fill in are not the same"),
        both(f"要正好有这些，一个不多一个不少：{listed}", f"it needs exactly these: {listed}"),
    )
