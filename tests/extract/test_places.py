"""Which names are places, and which of its namesakes each is."""

import polars as pl
import pytest

from flows.extract.gazetteer import fold
from tests.extract.told import article, read


def places(text: str, published: str | None = "2020-11-22") -> list[tuple[str, str | None, str | None]]:
    """(name, canonical, country) of each place of the text."""
    mentions = read(article(text, published=published)).mentions.filter(type="place")
    return list(mentions.select("name", "canonical", "country").iter_rows())


NAMESAKES = [
    ("A fire in Paris killed two people.", "Paris", "FR"),
    ("A fire in Paris, Texas, killed two people.", "Paris, Texas", "US"),
    ("A fire in Paris killed two people. The Lamar County sheriff in Texas said so.", "Paris, Texas", "US"),
    ("French police said a fire in Paris killed two. A Texas senator was told.", "Paris", "FR"),
    ("A storm hit Georgia and Alabama on Friday.", "Georgia", "US"),
    ("Russia and Georgia signed the accord in Tbilisi, said a Georgian diplomat.", "Georgia", "GE"),
    ("Officials in Washington said on Monday that talks would go on.", "Washington, District of Columbia", "US"),
    ("A landslide in Washington state killed three people.", "Washington", "US"),
    ("A landslide near Everett, Washington, killed three people.", "Everett, Washington", "US"),
    ("Three people died near Springfield, Ill., on Monday.", "Springfield, Illinois", "US"),
    ("Police in Springfield, Massachusetts, arrested a man.", "Springfield, Massachusetts", "US"),
    ("A blast in Birmingham killed one. British police said so.", "Birmingham", "GB"),
    ("A blast in Birmingham, Ala., killed one.", "Birmingham, Alabama", "US"),
    ("A man was shot in London, Ontario, on Friday.", "London", "CA"),
    ("A man was shot in London on Friday.", "London", "GB"),
    ("The army shelled Tripoli, in northern Lebanon, Lebanese officials said.", "Tripoli", "LB"),
    ("The army shelled Tripoli, Libyan officials said.", "Tripoli", "LY"),
    ("Iraqi troops entered Mosul on Friday.", "Mosul", "IQ"),
    ("A bomb exploded in Kandahar province, Afghan officials said.", "Kandahar", "AF"),
    ("Soldiers were ambushed in Afghanistan's Helmand province.", "Helmand", "AF"),
    ("A clash in the department of Antioquia in Colombia left five dead.", "Antioquia", "CO"),
    ("A shooting in New York left one dead.", "New York City", "US"),
    ("A shooting in Buffalo, New York, left one dead.", "Buffalo, New York", "US"),
    ("A shooting in New York state left one dead.", "New York", "US"),
    ("The quake struck near Port-au-Prince.", "Port-au-Prince", "HT"),
    ("The quake struck near São Paulo.", "São Paulo", "BR"),
    ("The quake struck near Sao Paulo.", "São Paulo", "BR"),
    ("Shells fell on Kiev overnight, Ukrainian officials said.", "Kyiv", "UA"),
    ("A blast in Fallujah killed nine people.", "Al Fallūjah", "IQ"),
    ("Two men died in St. Petersburg, Russia.", "Saint Petersburg", "RU"),
    ("Two men died in St. Petersburg, Fla., on Sunday.", "St. Petersburg", "US"),
    ("Deputies of the Cook County sheriff searched homes in Illinois.", "Cook County, Illinois", "US"),
    ("A man was found dead in San Jose, California.", "San Jose", "US"),
    ("A man was found dead in San Jose, Costa Rica.", "San José, San José", "CR"),
    ("Rebels attacked Goma in the Democratic Republic of the Congo.", "Goma", "CD"),
    ("A man drowned in Mobile, Ala., on Friday.", "Mobile", "US"),
    ("A man drowned in Reading, England, on Friday.", "Reading", "GB"),
    ("A truck drove into a crowd in Nice. French police shot the driver.", "Nice", "FR"),
    ("The Jackson, Mississippi, police arrested a man.", "Jackson, Mississippi", "US"),
    ("SAN SALVADOR, 12 DEC 89 -- A BOMB EXPLODED IN THE CAPITAL.", "San Salvador", "SV"),
    ("GUERRILLAS ATTACKED A BARRACKS IN MEDELLIN, COLOMBIA, TODAY.", "Medellín", "CO"),
    ("King Abdullah of Jordan met the Israeli prime minister.", "Jordan", "JO"),
    ("The U.S. Embassy in Nairobi was closed.", "Nairobi", "KE"),
    ("Fighting spread in the Gaza Strip.", "Gaza Strip", "PS"),
    ("Refugees fled to Cox's Bazar.", "Cox’s Bāzār", "BD"),
    ("LIMA, MAY 7 -- U.S. DIPLOMATS LEFT THE CITY.", "Lima", "PE"),
    ("He praised the Republic of Panama.", "Panama", "PA"),
    ("Moscow said that it would not withdraw.", "Moscow", "RU"),
]


@pytest.mark.parametrize(("text", "canonical", "country"), NAMESAKES, ids=[case[0][:60] for case in NAMESAKES])
def test_a_name_is_the_likeliest_of_its_namesakes(text: str, canonical: str, country: str) -> None:
    assert (canonical, country) in [place[1:] for place in places(text)]


NO_PLACES = [
    ("Mobile phones were banned.", "Mobile"),
    ("Reading the verdict took an hour.", "Reading"),
    ("Most people left. Police said so.", "Police"),
    ("Alan Jackson was shot. Jackson said he forgave the man.", "Jackson"),
    ("President Lincoln was shot in a theater.", "Lincoln"),
    ("Chad Smith, 34, was arrested.", "Chad"),
    ("Paris Holloway, a nurse, was hurt.", "Paris"),
    ("Kim Washington told the court that she saw it. Washington wept.", "Washington"),
    ("The man and his son Jordan were found dead.", "Jordan"),
    ("The White House said that the talks would go on.", "White House"),
    ("The New York Times reported the deaths.", "New York"),
    ("Shots were fired on Houston Street on Friday.", "Houston"),
    ("The war in the Middle East goes on.", "Middle East"),
    ("Jordan, 34, was arrested on Friday.", "Jordan"),
    ("March brought no peace. Hope faded.", "Hope"),
    ("She was flown to Providence Regional Medical Center.", "Providence"),
    ("THEY TOLD US TO LEAVE. ALL OF US LEFT.", "US"),
    ("MOST OF THE POLICE SAID THE SAME.", "POLICE"),
]


@pytest.mark.parametrize(("text", "name"), NO_PLACES, ids=[case[0][:60] for case in NO_PLACES])
def test_people_and_ordinary_words_are_no_places(text: str, name: str) -> None:
    assert name not in [place[0] for place in places(text)]


def test_a_name_that_may_be_two_places_keeps_its_coordinates_open() -> None:
    mentions = read(article("A man was shot in Suffolk County, U.S. police said.")).mentions.filter(
        name="Suffolk County"
    )

    assert mentions.select("country", "canonical", "lat", "lon").rows() == [("US", None, None, None)]


def test_a_namesake_far_from_all_that_the_article_names_is_left_open() -> None:
    text = (
        "Salvadoran troops entered the town of Victoria. El Salvador's army and Honduran and Salvadoran police watched."
    )
    mentions = read(article(text)).mentions.filter(name="Victoria")

    assert mentions.select("country", "canonical", "lat").rows() == [(None, None, None)]


def test_a_place_has_its_coordinates() -> None:
    mentions = read(article("A quake struck Lima, Peru.")).mentions.filter(name="Lima")

    assert mentions["lat"].to_list() == [pytest.approx(-12.0, abs=0.2)]
    assert mentions["lon"].to_list() == [pytest.approx(-77.0, abs=0.2)]


def test_names_are_compared_without_case_and_accents() -> None:
    names = pl.Series(["Springfield", "Łódź", "St. John’s", "Washington, D.C.", None])

    assert fold(names).to_list() == ["springfield", "lodz", "st. john 's", "washington d.c.", None]
