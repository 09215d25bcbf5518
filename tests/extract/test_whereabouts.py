"""Where the gazetteer puts an event."""

import pytest

from tests.extract.told import article, read

Where = tuple[str | None, str | None, int | None, str | None]  # place, country, latitude in whole degrees, precision

TOLD: list[tuple[str, str | None, Where]] = [
    ("A fire in Paris, Texas, killed two people.", None, ("Paris", "US", 34, "city")),
    ("A fire in Paris killed two people.", None, ("Paris", "FR", 49, "city")),
    ("Six soldiers died in Helmand province, Afghan officials said.", None, ("Helmand", "AF", 31, "region")),
    ("A landslide in Honduras killed two people.", None, ("Honduras", "HN", 15, "country")),
    # Inside the wording.
    ("Two people were killed in Brevard County Jail in Florida.", None, ("Brevard County Jail", "US", 28, "county")),
    # A dateline's city that the body does not name, told from its namesakes by what the dateline or the body adds.
    ("A fire killed two people, police said.", "LIMA, 4 Oct", ("Lima", "PE", -12, "city")),
    ("A fire killed two people, police said.", "COLUMBUS, Ohio", ("Columbus", "US", 40, "city")),
    ("A fire killed two people, police said.", "COLUMBUS, Ga.", ("Columbus", "US", 32, "city")),
    ("A fire killed two people, Spanish police said. Spain mourns.", "CORDOBA", ("Cordoba", "ES", 38, "city")),
    # No place of the map.
    ("Our men killed two soldiers.", "CLANDESTINE", (None, None, None, None)),
    ("A fire in Orsola killed two people.", None, ("Orsola", None, None, None)),
    # No place worded: the one country that the sentences name, if it is one.
    ("An Afghan blast killed two people, Kabul police said.", None, (None, "AF", None, "country")),
    ("A blast killed two people, Washington and London said.", None, (None, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "dateline", "where"), TOLD, ids=[f"{text} {line or ''}" for text, line, _ in TOLD])
def test_an_event_lies_where_its_article_says(text: str, dateline: str | None, where: Where) -> None:
    (event,) = read(article(text) | {"dateline": dateline}).events.to_dicts()

    latitude = None if event["lat"] is None else round(event["lat"])
    assert (event["place"], event["country"], latitude, event["where_precision"]) == where


def test_where_an_event_lies_does_not_depend_on_the_other_articles_of_the_batch() -> None:
    alone = read(article("A fire in Paris killed two people.")).events
    beside = article("A fire in Dallas, Texas, killed two. Texas, Texas.", name="b")
    together = read(article("A fire in Paris killed two people."), beside).events

    assert together.filter(article_id="a").equals(alone)
