"""`tag`: one line of text in, one JSON object out."""

import json
from collections.abc import Iterable
from typing import TextIO

from bot.domain.tagging import Tagger


def run_tag(tagger: Tagger, lines: Iterable[str], out: TextIO) -> None:
    """Write one JSON object a line to `out`, as soon as it is known; empty lines are passed over."""
    for line in lines:
        text = line.strip()
        if not text:
            continue
        tagging = tagger.tag(text)
        answer = {
            "text": text,
            "village": tagging.village,
            "topic": tagging.topic,
            "subtopic": tagging.subtopic,
            "confidence": tagging.confidence,
            "flags": sorted(tagging.flags),
            "why": list(tagger.why(text)),
        }
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
