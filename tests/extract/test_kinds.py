"""A kind is lexicon rows: rescued, infected and laid off are shipped so, another needs no code."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.extract.told import counts


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Divers rescued 12 boys from the cave.", ("rescued", 12, 12, "total")),
        ("A man was rescued from the river.", ("rescued", 1, 1, "total")),
        ("More than 300 people were pulled to safety.", ("rescued", 301, None, "total")),
        ("At least 40 migrants were rescued at sea, the coast guard said.", ("rescued", 40, None, "total")),
        ("Two women were rescued and flown to a hospital.", ("rescued", 2, 2, "total")),
        ("Officials said 340 patients were infected.", ("infected", 340, 340, "total")),
        ("The ministry reported 54 new infections on Monday.", ("infected", 54, 54, "total")),
        ("Officials confirmed 27 new cases of cholera.", ("infected", 27, 27, "total")),
        ("Two nurses tested positive for the virus.", ("infected", 2, 2, "total")),
        ("So far this year, 163 people have been infected.", ("infected", 163, 163, "cumulative")),
        ("The plant laid off 900 workers.", ("laid_off", 900, 900, "total")),
        ("About 2,000 employees will be laid off.", ("laid_off", 2000, 2000, "total")),
        ("The firm announced 250 layoffs.", ("laid_off", 250, 250, "total")),
        ("Some 60 workers were made redundant.", ("laid_off", 60, 60, "total")),
    ],
)
def test_rescued_infected_and_laid_off_are_counted(sentence: str, told: tuple[str, int, int | None, str]) -> None:
    assert counts(sentence) == [told]


@pytest.mark.parametrize(
    "sentence",
    [
        "He rescued a dog.",
        "The plan would rescue the economy.",
        "The court heard 12 cases.",
        "The wound was infected.",
        "He was laid off 12 years ago.",
    ],
)
def test_what_befell_no_people_is_no_count(sentence: str) -> None:
    assert counts(sentence) == []


def test_a_new_kind_is_rows_of_a_lexicon_and_nothing_else(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "seeds" / "lexicon", tmp_path / "lexicon")
    with (folder / "harm.csv").open("a", encoding="utf-8") as rows:
        rows.write("vaccinated,vaccinated,participle,a test\nvaccinations,vaccinated,noun,a test\n")
    with (folder / "people.csv").open("a", encoding="utf-8") as rows:
        rows.write("beekeepers,plural,beekeepers,person,a test\n")
    code = (
        "import json; from tests.extract.told import article, read\n"
        "facts = read(article('Nurses vaccinated 80 beekeepers on Monday. So far this year, 163 people have been "
        "vaccinated. At least 12 vaccinations failed.'))\n"
        "print(json.dumps(facts.counts.select('kind', 'low', 'victim_class', 'scope').rows()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"NEWSLEDGER_LEXICON": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == [
        ["vaccinated", 80, "beekeepers", "total"],
        ["vaccinated", 163, "people", "cumulative"],
        ["vaccinated", 12, None, "total"],
    ]
