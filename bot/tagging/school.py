"""`school`: fit the sense that comes with the program, or tell by cross-validation how well it would do."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from bot.tagging.descent import Ints
from bot.tagging.figures import spread
from bot.tagging.hearing import CHATTER_FROM, SEALED_FROM, URGENT_FROM
from bot.tagging.likewords import NoVectorsError, read_vectors
from bot.tagging.normalise import Normalised, normalise
from bot.tagging.schooling import Book, book_of, schooled, temperature_of
from bot.tagging.segment import Segmenter
from bot.tagging.sense import Floats, Head, Sense
from bot.tagging.sentences import Sentence, SentencesError, read_sentences
from bot.tagging.signs import groups_of_pairs
from bot.tagging.topic_file import packaged_topics
from bot.tagging.topics import KeywordPrior

PRIMER = "primer.csv"
_FROM = {Head.URGENT: URGENT_FROM, Head.SEALED: SEALED_FROM, Head.CHATTER: CHATTER_FROM}
_STEPS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
_EVERYDAY = 200  # the dictionary's count from which on a word is kept that no sentence holds


def run_school(args: argparse.Namespace, out: TextIO = sys.stdout) -> int:
    """Do as `args` of `bot.commands.school` say. Returns 0, or 2 if a file cannot be used."""
    try:
        sentences = [each for path in args.sentences or [_data(PRIMER)] for each in read_sentences(path)]
        vectors = read_vectors()
    except (SentencesError, NoVectorsError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    book, everyday = packaged_book(sentences), everyday_grams()

    def fit(some: Book) -> Sense:
        return schooled(some, vectors, everyday)

    temperature = 1.0
    for name, part in _partings(book, args.folds):
        answers = unseen_answers(book, part, fit)
        met = part >= 0
        temperature = temperature_of(answers[met, len(Head) :], book.right[met])
        for line in _figures(name, book, answers, part, temperature):
            out.write(line + "\n")
    if args.out:
        schooled(book, vectors, everyday, temperature).save(args.out)
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


def everyday_grams() -> Callable[[int], bool]:
    """Tells whether a gram is a word that everybody uses."""
    segmenter = Segmenter()

    def everyday(key: int) -> bool:
        word = chr(key >> 16) + chr(key & 0xFFFF) if key > 0xFFFF else chr(key)
        return segmenter.frequency(word) >= _EVERYDAY

    return everyday


def _partings(book: Book, folds: int) -> Iterator[tuple[str, Ints]]:
    """Ways to part the book: by chance, and by author. The first author wrote most and is met by every sense."""
    if folds > 1:
        yield f"{folds} folds by chance", np.random.default_rng(0).permutation(len(book.texts)) % folds
    authors = [author for author, _ in Counter(book.authors).most_common()]
    if len(authors) > 1:
        yield "an author never met", np.array([authors.index(author) - 1 for author in book.authors], np.int64)


def unseen_answers(book: Book, part: Ints, fit: Callable[[Book], Sense]) -> Floats:
    """Every answer (heads, then logits of subtopics) to each text by a sense that had not met its part; -1 is met."""
    answers = np.zeros((len(book.texts), len(Head) + len(book.subtopics)), np.float32)
    for number in range(int(part.max()) + 1):
        sense = fit(book.take(np.flatnonzero(part != number)))
        for row in np.flatnonzero(part == number).tolist():
            answers[row] = _answers(sense, book, row)
    return answers


def _answers(sense: Sense, book: Book, row: int) -> Floats:
    said = sense.read(book.texts[row])
    logits = said.leaning + np.float32(sense.sharpness) * book.keywords[row]
    return np.concatenate([np.array([said.urgent, said.sealed, said.chatter], np.float32), logits])


def _figures(name: str, book: Book, answers: Floats, part: Ints, temperature: float) -> list[str]:
    lines = [f"{name} ({int((part >= 0).sum())} sentences)"]
    for head, least in _FROM.items():
        meant = book.flags[:, head] > 0
        lines += _line(f"{head.name.lower()} heard", answers[:, head] >= least, meant, part)
        lines += _line("  false", answers[:, head] >= least, ~meant, part)
    meant = book.flags[:, Head.URGENT] > 0
    for step in _STEPS:
        lines += _line(f"urgent heard from {step}", answers[:, Head.URGENT] >= step, meant, part)
        lines += _line("  false", answers[:, Head.URGENT] >= step, ~meant, part)
    right = book.right[np.arange(len(answers)), answers[:, len(Head) :].argmax(axis=1)]
    lines += _line("subtopic right", right, book.topics >= 0, part)
    return [*lines, f"{'temperature':24}{temperature:.2f}"]


def _line(name: str, heard: NDArray[np.bool_], of: NDArray[np.bool_], part: Ints) -> list[str]:
    parts = [heard[(part == number) & of] for number in range(int(part.max()) + 1)]
    mean, wide = spread([float(each.mean()) for each in parts if len(each)])
    return [f"{name:24}{mean:.3f} ± {wide:.3f}"]


def _data(name: str) -> Path:
    return Path(str(files("bot").joinpath("data", name)))
