"""One tagger of the invented town for all tests of the tagger."""

import pytest

from bot.tagging.tagger import TownTagger
from bot.tagging.topic_file import packaged_topics
from tests.tagging.sample_town import VILLAGES


@pytest.fixture(scope="session")
def tagger() -> TownTagger:
    return TownTagger(VILLAGES, packaged_topics())
