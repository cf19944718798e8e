"""Sentences whose authors said what they meant: to school by, and to judge by."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and what its author meant.

    `label` is a subtopic's id, or empty where none fits; `also` are others that are right too. `village` is the id of
    the village that it names, empty where it names none, None where nobody said; `author` tells whose it is.
    """

    text: str
    label: str
    urgent: bool
    sealed: bool
    case: bool
    also: tuple[str, ...] = ()
    village: str | None = None
    author: str = ""


class SentencesError(ValueError):
    """A file of sentences cannot be used; the message names file, line and mend."""


def read_sentences(path: Path) -> tuple[Sentence, ...]:
    """Rows of `label,urgent,sealed,case,text`, `yes` or nothing in the middle ones.

    `also`, `village` and `author` may be there.

    Raises SentencesError.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns: Sequence[str] = reader.fieldnames or ()
            missing = [name for name in ("label", "urgent", "sealed", "case", "text") if name not in columns]
            if missing:
                raise SentencesError(f"{path}: line 1: no column {missing[0]!r}; add it")
            return tuple(_sentence(row) for row in reader if (row["text"] or "").strip())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SentencesError(f"{path}: cannot be read ({error}); give a CSV file in UTF-8") from error


def _sentence(row: dict[str, str]) -> Sentence:
    return Sentence(
        row["text"],
        row["label"],
        bool(row["urgent"]),
        bool(row["sealed"]),
        bool(row["case"]),
        tuple((row.get("also") or "").split()),
        row.get("village"),
        row.get("author") or "",
    )
