"""`school`: fit the sense that comes with the program, or tell by cross-validation how well it would do."""

import argparse
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TextIO

import numpy as np

from bot.tagging.figures import spread
from bot.tagging.normalise import Normalised, normalise
from bot.tagging.schooling import Book, Ints, book_of, schooled, temperature_of
from bot.tagging.segment import Segmenter
from bot.tagging.sense import CHATTER_FROM, SEALED_FROM, URGENT_FROM, Floats, Head, Sense
from bot.tagging.sentences import Sentence, SentencesError, read_sentences
from bot.tagging.signs import groups_of_pairs
from bot.tagging.topic_file import packaged_topics
from bot.tagging.topics import KeywordPrior

PRIMER = "primer.csv"
_FOLDS = 5
_FROM = {Head.URGENT: URGENT_FROM, Head.SEALED: SEALED_FROM, Head.CHATTER: CHATTER_FROM}


def run_school(args: argparse.Namespace, out: TextIO = sys.stdout) -> int:
    """Do as `args` of `bot.commands.school` say. Returns 0, or 2 if a file cannot be used."""
    try:
        sentences = [each for path in args.sentences or [_data(PRIMER)] for each in read_sentences(path)]
    except SentencesError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    book = packaged_book(sentences)
    answers = unseen_answers(book, args.folds)
    temperature = temperature_of(answers[:, len(Head) :], book.topics)
    for line in _figures(book, answers, args.folds, temperature):
        out.write(line + "\n")
    if args.out:
        schooled(book, temperature=temperature).save(args.out)
        out.write(f"{args.out}: {len(book.texts)} sentences\n")
    return 0


def packaged_book(sentences: Sequence[Sentence]) -> Book:
    """`sentences` with the topic tree and the words of one kind that come with the program."""
    segmenter = Segmenter()
    prior = KeywordPrior(packaged_topics(), segmenter.telling, segmenter.is_whole)
    return book_of(
        sentences,
        prior.subtopics,
        lambda text: normalise(text).text,
        lambda plain: prior.score(Normalised(plain, plain)).weights,
        groups_of_pairs(),
    )


def packaged_digest() -> str:
    """Of what the packaged sense should have been schooled on."""
    return packaged_book(read_sentences(_data(PRIMER))).digest


def unseen_answers(book: Book, folds: int = _FOLDS) -> Floats:
    """Every answer (heads, then logits of subtopics) to each text by a sense that had not met it in schooling."""
    fold = np.random.default_rng(0).permutation(len(book.texts)) % folds
    answers = np.zeros((len(book.texts), len(Head) + len(book.subtopics)), np.float32)
    for number in range(folds):
        sense = schooled(book.take(np.flatnonzero(fold != number)))
        for row in np.flatnonzero(fold == number).tolist():
            answers[row] = _answers(sense, book, row)
    return answers


def _answers(sense: Sense, book: Book, row: int) -> Floats:
    said = sense.read(book.texts[row])
    logits = said.leaning + np.float32(sense.sharpness) * book.keywords[row]
    return np.concatenate([np.array([said.urgent, said.sealed, said.chatter], np.float32), logits])


def _figures(book: Book, answers: Floats, folds: int, temperature: float) -> list[str]:
    fold = np.random.default_rng(0).permutation(len(book.texts)) % folds
    lines = [f"{'sentences':24}{len(book.texts)}"]
    for head, least in _FROM.items():
        meant = book.flags[:, head] > 0
        heard = answers[:, head] >= least
        lines.append(_line(f"{head.name.lower()} heard", [heard[(fold == one) & meant] for one in range(folds)]))
        lines.append(_line("  false", [heard[(fold == one) & ~meant] for one in range(folds)]))
    known = book.topics >= 0
    right = answers[:, len(Head) :].argmax(axis=1) == book.topics
    lines.append(_line("subtopic right", [right[(fold == one) & known] for one in range(folds)]))
    lines.append(f"{'temperature':24}{temperature:.2f}")
    return lines


def _line(name: str, parts: Sequence["Ints | np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"]) -> str:
    mean, wide = spread([float(part.mean()) for part in parts if len(part)])
    return f"{name:24}{mean:.3f} ± {wide:.3f}"


def _data(name: str) -> Path:
    return Path(str(files("bot").joinpath("data", name)))
