"""`evaluate`: how right the tagger is on labelled rows, how well it knows when it is not, and how it learns."""

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from bot.domain.tagging import Correction
from bot.domain.topics import Topic
from bot.tagging.figures import Figures, Judged, figures, folds, spread
from bot.tagging.tagger import TOPIC_THRESHOLD, TownTagger
from bot.tagging.topic_file import TopicFileError, load_topics

_NAMES = (
    "accuracy",
    "macro_f1",
    "coverage",
    "accuracy_if_sure",
    "accuracy_of_surest_70",
    "calibration_error",
    "calibration_by_chance",
)
Spreads = dict[str, dict[str, tuple[float, float]]]  # mean and standard deviation, over what, of what

_CURVE_POINTS = 8
_CONFIDENT = 0.95  # an unlabelled row joins the lesson only if the tagger is as sure of it as this


class RowsError(ValueError):
    """A file of rows cannot be used; the message names file, line and mend."""


class NothingToDrawWithError(Exception):
    """--curve needs matplotlib, which is not installed; run `pip install matplotlib`, or leave out --curve"""


def run_evaluate(args: argparse.Namespace, out: TextIO = sys.stdout) -> int:
    """Judge the tagger as `args` of `bot.commands.evaluate` say. Returns 0, or 2 if a file cannot be used."""
    try:
        topics = load_topics(args.topics)
        test = read_rows(args.test, topics)
        train = read_rows(args.train, topics) if args.train else []
        unlabelled = _read_texts(args.unlabelled) if args.unlabelled else []
        if args.curve:
            _can_draw()
    except (TopicFileError, RowsError, NothingToDrawWithError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if args.threshold is None:
        args.threshold = TOPIC_THRESHOLD
    tagger = TownTagger((), topics, topic_threshold=args.threshold)
    tagger.warm_up()
    spreads: Spreads = {}
    if args.folds:
        foldings = [_cross_validated(tagger, test, args.folds, seed, unlabelled) for seed in range(args.repeats)]
        pooled = [
            figures([each for part in parts for each in part[0]], args.threshold, sum(part[1] for part in parts))
            for parts in foldings
        ]
        whole = pooled[0]
        spreads["folds"] = _spreads([figures(part[0], args.threshold, part[1]) for part in foldings[0]])
        if args.repeats > 1:
            spreads["repeats"] = _spreads(pooled)
    else:
        judged, seconds = _judge(_taught(tagger, train, unlabelled, test), test)
        whole = figures(judged, args.threshold, seconds)
    curve = _curve(tagger, train, test, args.threshold) if args.curve and train else []
    if args.curve:
        _draw(curve, args.curve)
    _print(whole, spreads, curve, args.json, out)
    return 0


def read_rows(path: Path, topics: Sequence[Topic]) -> list[Correction]:
    """Labelled rows; a label is the id or name of a topic or subtopic. Raises RowsError."""
    known: dict[str, str] = {}
    for topic in topics:
        for subtopic in topic.subtopics:
            known |= {subtopic.name: subtopic.id, subtopic.id: subtopic.id}
    for topic in topics:
        known |= {topic.name: topic.id, topic.id: topic.id}
    rows = []
    for line, row in _csv(path, ("label", "text")):
        if row["label"] not in known:
            raise RowsError(
                f"{path}: line {line}: label {row['label']!r} is not in the topic tree; mend the row or the tree"
            )
        rows.append(Correction(row["text"], known[row["label"]], row.get("user", "")))
    return rows


def _read_texts(path: Path) -> list[str]:
    return [row["text"] for _, row in _csv(path, ("text",))]


def _csv(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise RowsError(f"{path}: line 1: no column {missing[0]!r}; name the columns {', '.join(columns)}")
            return [(reader.line_num, row) for row in reader if (row["text"] or "").strip()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RowsError(f"{path}: cannot be read ({error}); give a CSV file in UTF-8") from error


def _taught(
    tagger: TownTagger, train: Sequence[Correction], unlabelled: Sequence[str], test: Sequence[Correction]
) -> TownTagger:
    taught = tagger.learned(train) if train else tagger
    if not unlabelled:
        return taught
    tested = {row.text for row in test}
    return taught.self_taught([text for text in unlabelled if text not in tested], _CONFIDENT)


def _judge(tagger: TownTagger, test: Sequence[Correction]) -> tuple[list[Judged], float]:
    topic_of = tagger.topic_of
    started = time.perf_counter()
    tagged = tagger.tag_all([row.text for row in test])
    seconds = time.perf_counter() - started
    judged = []
    for row, tagging in zip(test, tagged, strict=True):
        best = tagging.topics[0].id if tagging.topics else ""
        judged.append(Judged(topic_of.get(row.label, row.label), best, tagging.confidence))
    return judged, seconds


def _cross_validated(
    tagger: TownTagger, rows: Sequence[Correction], count: int, seed: int, unlabelled: Sequence[str]
) -> list[tuple[list[Judged], float]]:
    """Guesses by taggers that had not met the rows; how sure to be is fitted inside what they had met."""
    fold = folds([row.label for row in rows], count, seed)
    parts = []
    for number in range(count):
        train = [row for row, at in zip(rows, fold, strict=True) if at != number]
        test = [row for row, at in zip(rows, fold, strict=True) if at == number]
        parts.append(_judge(_taught(tagger, train, unlabelled, test), test))
    return parts


def _curve(
    tagger: TownTagger, train: Sequence[Correction], test: Sequence[Correction], threshold: float
) -> list[tuple[int, float, float]]:
    """Rows learned, macro-F1 and calibration error, at a few steps on the way."""
    steps = sorted({round(len(train) * part / _CURVE_POINTS) for part in range(_CURVE_POINTS + 1)})
    points = []
    for step in steps:
        judged, seconds = _judge(tagger.learned(train[:step]) if step else tagger, test)
        found = figures(judged, threshold, seconds)
        points.append((step, found.macro_f1, found.calibration_error))
    return points


def _can_draw() -> None:
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise NothingToDrawWithError(NothingToDrawWithError.__doc__) from error


def _draw(curve: Sequence[tuple[int, float, float]], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([point[0] for point in curve], [point[1] for point in curve], marker="o", label="macro-F1")
    axes.plot([point[0] for point in curve], [point[2] for point in curve], marker="s", label="calibration error")
    axes.set_xlabel("corrections learned")
    axes.set_ylim(0, 1)
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=120)


def _spreads(each: Sequence[Figures]) -> dict[str, tuple[float, float]]:
    return {name: spread([float(getattr(some, name)) for some in each]) for name in _NAMES}


def _print(
    whole: Figures, spreads: Spreads, curve: Sequence[tuple[int, float, float]], as_json: bool, out: TextIO
) -> None:
    if as_json:
        answer = {**asdict(whole), "folds": {}, **spreads, "curve": list(curve)}
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    out.write(f"{'rows':24}{whole.rows}\n")
    for name in _NAMES:
        tails = (f"   {over} {pairs[name][0]:.3f} ± {pairs[name][1]:.3f}" for over, pairs in spreads.items())
        tail = "".join(tails)
        out.write(f"{name:24}{getattr(whole, name):.3f}{tail}\n")
    out.write(f"{'texts_per_second':24}{whole.texts_per_second:.0f}\n\nconfusion (right label: guesses)\n")
    for right, guesses in whole.confusion.items():
        row = ", ".join(f"{guess or '(none)'} {count}" for guess, count in guesses.items())
        out.write(f"  {right}: {row}\n")
    for step, score, error in curve:
        out.write(f"learned {step}: macro_f1 {score:.3f}, calibration_error {error:.3f}\n")
