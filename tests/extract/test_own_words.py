"""What groups say of themselves: by a speaker, by a message over several sentences, by a whole text."""

import pytest

from tests.extract.told import article, read


def claims(text: str) -> list[tuple[str, str, str | None]]:
    return list(read(article(text)).claims.select("stance", "actor", "asserted_by").iter_rows())


@pytest.mark.parametrize(
    "text",
    [
        "According to the ELN, its fighters killed ten soldiers.",
        "Ten soldiers were killed by its fighters, the ELN said.",
        "The ELN said that in the morning its units had attacked the barracks.",
        "The ELN said it targeted a police post with missiles.",
        "The ELN claimed that it killed five soldiers.",
        "The ELN, in a communique, claims to have killed ten soldiers.",
        "“Our fighters killed ten soldiers,” a spokesman for the ELN said.",
        "The ELN met. In a statement on its channel, the group said its fighters fired on the base.",
        "The ELN met. Omar Haddad, the group's spokesman, said its drones struck the airport.",
        "The ELN -- a rebel army in the hills -- claimed responsibility for the raid.",
    ],
)
def test_a_deed_of_the_speakers_own_people_is_claimed(text: str) -> None:
    assert claims(text) == [("claimed", "ELN", "ELN")]


@pytest.mark.parametrize(
    "text",
    [
        "The ELN said its fighters had not attacked the barracks.",
        "The ELN said Ruritania withdrew and its fighters left.",
        "Police said their officers killed two men.",
        "The ELN said its units captured two rifles.",
        "The group said its fighters killed two men.",
        "The Ruritanian army raid began at noon.",
    ],
)
def test_what_is_nobodys_own_deed_is_not_claimed(text: str) -> None:
    assert "claimed" not in [stance for stance, *_ in claims(text)]


def test_whose_fighters_they_are_is_open_behind_another_name() -> None:
    told = claims("The ELN said Hamas withdrew after its fighters attacked the post.")

    assert ("claimed", "ELN", "ELN") not in told


@pytest.mark.parametrize(
    "text",
    [
        "A man phoned a radio station and claimed responsibility for the bombing. He said he belonged to the ELN.",
        "A caller claimed responsibility for the bombing. The caller said that the ELN had planted the bomb.",
        "A note signed by the ELN was left at the scene. The note said the ELN had killed the mayor.",
        "A caller said that the ELN was responsible for the death of the judge.",
        "An unknown man called a radio station to say that the ELN had killed the judge.",
        "The attackers left leaflets signed by the ELN after they killed the judge.",
    ],
)
def test_a_message_claims_for_whom_it_speaks(text: str) -> None:
    assert claims(text) == [("claimed", "ELN", "ELN")]


@pytest.mark.parametrize(
    "text",
    [
        "No one claimed responsibility for the bombing. A spokesman for the ELN declined to speak.",
        "The caller said that the Ruritanian army had planted the bomb.",
        "A note was left at the scene. The note said the ELN had killed the mayor.",
        "An unknown man called a radio station to say that the Ruritanian army had killed the judge.",
        "A man told neighbours that the ELN had killed the judge.",
        "Leaflets signed by the ELN were found at the market.",
    ],
)
def test_a_message_of_nobody_claims_nothing(text: str) -> None:
    assert "claimed" not in [stance for stance, *_ in claims(text)]


@pytest.mark.parametrize(
    "text",
    [
        "[COMMUNIQUE] [THE ELN] [TEXT] ON MONDAY OUR FORCES AMBUSHED A PATROL AT THE BRIDGE.",
        "TO THE PEOPLE: ON MONDAY OUR FORCES AMBUSHED A PATROL AT THE BRIDGE. [SIGNED] ELN",
        "Statement by the ELN. On Monday our fighters attacked the barracks at the bridge.",
        "CLANDESTINE, 2 MAY -- THE ELN IS STRONG. TODAY WE ATTACKED THE POLICE POST IN THE HILLS. LONG LIVE THE ELN.",
        "[COMMUNIQUE] [THE ELN] [TEXT] THE ELN KILLED TWO POLICEMEN AT THE BRIDGE ON MONDAY.",
        "SANTIAGO, 2 MAY (CLANDESTINE RADIO PATRIA LIBRE) -- TODAY WE ATTACKED THE POLICE POST IN THE HILLS.",
    ],
)
def test_a_text_that_a_group_signs_or_broadcasts_tells_its_own_deeds(text: str) -> None:
    assert claims(text) == [("claimed", "ELN", "ELN")]


@pytest.mark.parametrize(
    "text",
    [
        "[COMMUNIQUE] [THE ELN] [TEXT] ON MONDAY THE ARMY SAID: OUR FORCES AMBUSHED A PATROL AT THE BRIDGE.",
        "CLANDESTINE, 2 MAY -- ELN [ELECTRICITY LINE NETWORK] IS CLOSED. WE ATTACKED THE ELN OFFICE IN THE HILLS.",
        "[INTERVIEW] [TEXT] ON MONDAY OUR FORCES AMBUSHED A PATROL AT THE BRIDGE.",
        "The mayor read a statement. On Monday our fighters attacked the barracks of the ELN.",
    ],
)
def test_our_forces_of_somebody_else_are_no_groups(text: str) -> None:
    assert ("claimed", "ELN", "ELN") not in claims(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The bombing was claimed by a group calling itself Red Dawn.", "Red Dawn"),
        ("The murder was claimed by the so-called Army of the Poor.", "Army of the Poor"),
        ("A GROUP CALLING ITSELF THE PEOPLE'S AVENGERS CLAIMED RESPONSIBILITY FOR IT.", "PEOPLE'S AVENGERS"),
        ("THE ANTI-COMMUNIST COMMAND CLAIMED RESPONSIBILITY FOR IT.", "ANTI-COMMUNIST COMMAND"),
    ],
)
def test_a_group_that_names_itself_is_taken_at_its_word(text: str, name: str) -> None:
    assert claims(text) == [("claimed", name, name)]


@pytest.mark.parametrize(
    "text",
    [
        "A group calling itself poor claimed responsibility for the bombing.",
        "Calling itself ready, the club claimed responsibility for the accident.",
    ],
)
def test_what_is_said_of_a_group_is_not_its_name(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The ELN claimed the action.",
        "The bombing was claimed in a call to the radio by the ELN.",
        "The ELN said that it “executed” the mayor.",
    ],
)
def test_an_act_is_claimed_by_any_name(text: str) -> None:
    assert claims(text) == [("claimed", "ELN", "ELN")]


def test_an_action_in_court_is_no_claim() -> None:
    assert claims("The ELN claimed the action was unlawful.") == []
