"""Claims: who did it, who says so, and who says no."""

import pytest

from tests.extract.told import article, read

Claim = tuple[str, str, str | None, str | None]


def claims(text: str) -> list[Claim]:
    return list(read(article(text)).claims.select("stance", "actor", "asserted_by", "attributed_via").iter_rows())


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The Islamic State claimed responsibility for it.", ("claimed", "Islamic State", "Islamic State", None)),
        ("The attack was claimed by ISIS.", ("claimed", "Islamic State", "Islamic State", None)),
        ("Taleban insurgents, based in the hills, denied involvement.", ("denied", "Taliban", "Taliban", None)),
        (
            "Al-Shabab claimed responsibility, according to the SITE Intelligence Group.",
            ("claimed", "Al-Shabaab", "Al-Shabaab", "SITE Intelligence Group"),
        ),
        ("The government blamed Boko Haram for the raid.", ("blamed", "Boko Haram", "government", None)),
        ("The army attributed the attack to the FARC.", ("blamed", "FARC", "army", None)),
        ("The Front for Truth claimed responsibility.", ("claimed", "Front for Truth", "Front for Truth", None)),
        ("Alan Stone, 22, was charged with murder.", ("blamed", "Alan Stone", None, None)),
        ("Hamas is suspected of carrying out the bombing.", ("suspected", "Hamas", None, None)),
        ("An ISIS attack on the school killed nine.", ("reported", "Islamic State", None, None)),
        ("“This attack by the Taliban is base,” General Omar Haddad said.", ("blamed", "Taliban", "Omar Haddad", None)),
        ("Hezbollah shelled the town. The group denied responsibility.", ("denied", "Hezbollah", "Hezbollah", None)),
    ],
)  # fmt: skip
def test_a_claim_names_actor_stance_and_who_asserts_it(text: str, claim: Claim) -> None:
    assert claims(text)[-1] == claim


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The Tamil Tigers took credit for the bombing.", ("claimed", "LTTE", "LTTE", None)),
        ("Hamas claimed in a letter full responsibility for the raid.", ("claimed", "Hamas", "Hamas", None)),
        ("The Taliban met. In a statement, it claimed responsibility.", ("claimed", "Taliban", "Taliban", None)),
        ("Hamas said in a statement that its fighters killed two soldiers.", ("claimed", "Hamas", "Hamas", None)),
        ("“We killed the mayor,” the Taliban said.", ("claimed", "Taliban", "Taliban", None)),
        ("Petra Hall admitted killing her husband.", ("claimed", "Petra Hall", "Petra Hall", None)),
        ("The Taliban denied it was behind the blast.", ("denied", "Taliban", "Taliban", None)),
        ("The IRA had nothing to do with the murder.", ("denied", "IRA", "IRA", None)),
        ("The Ruritanian Defense Ministry denied the charges of murder.",
         ("denied", "Ruritanian Defense Ministry", "Ruritanian Defense Ministry", None)),
        ("The army denied responsibility and blamed the FARC.", ("blamed", "FARC", "army", None)),
        ("Prosecutors accused Hamas of killing the guard.", ("blamed", "Hamas", "Prosecutors", None)),
        ("The bishop held the air force responsible for the raid.", ("blamed", "air force", None, None)),
        ("On Monday, Ruritania accused Syldavia of shelling the town.", ("blamed", "Syldavia", "Ruritania", None)),
        ("Police identified the gunman as Alan Stone.", ("suspected", "Alan Stone", "Police", None)),
        ("Police charged Alan Stone, 22, with murder.", ("blamed", "Alan Stone", None, None)),
        ("The attack may have been carried out by the PKK.", ("suspected", "PKK", None, None)),
        ("Police said alleged PKK members killed two men.", ("blamed", "PKK", "Police", None)),
        ("Alleged PKK members killed two men.", ("suspected", "PKK", None, None)),
        ("The suspect, Alan Stone, shot two people.", ("suspected", "Alan Stone", None, None)),
        ("Police arrested Alan Stone in connection with the killing.", ("suspected", "Alan Stone", None, None)),
    ],
)  # fmt: skip
def test_many_wordings_make_the_same_claim(text: str, claim: Claim) -> None:
    assert claims(text)[-1] == claim


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("FARC guerrillas attacked the town.", "FARC"),
        ("Members of the 8th Front of the FARC blew up a bridge.", "FARC"),
        ("The mayor was kidnapped on Monday by the ELN.", "ELN"),
        ("Two villagers were killed in an ambush by the Shining Path.", "Shining Path"),
        ("The bombs were planted by Hamas.", "Hamas"),
        ("Hezbollah staged an attack on the post.", "Hezbollah"),
        ("The Taliban tried to kill the governor.", "Taliban"),
        ("Boko Haram fighters seized the town.", "Boko Haram"),
        ("Israeli troops shot a man dead. Israeli troops shot a boy.", "Israel Defense Forces"),
        ("The Justice Brigade killed two men.", "Justice Brigade"),
        ("THE POPULAR LIBERATION BRIGADE KILLED TWO MEN.", "POPULAR LIBERATION BRIGADE"),
        ("The Popular Army of Truth (PAT) is small. On Monday PAT killed two men.", "Popular Army of Truth"),
        ("Hall, 43, fled. Petra Hall is a nurse. Then Hall shot two people.", "Petra Hall"),
    ],
)  # fmt: skip
def test_what_an_outlet_tells_by_itself_is_reported(text: str, actor: str) -> None:
    assert claims(text)[-1] == ("reported", actor, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen attacked the town.",
        "Terrorists claimed many lives.",
        "The minister stopped short of blaming the Taliban.",
        "Attacks by the Taliban have been on the rise.",
        "The Taliban met negotiators in Doha.",
        "Petra Hall pleaded guilty to speeding.",
        "No group has claimed responsibility for the raid on Hamas.",
        "Two Hamas fighters were killed in the raid.",
        "Three FARC guerrillas killed in combat were buried.",
        "A raid on Hamas killed two men.",
        "The Taliban often attacked towns like this.",
        "The men wore military uniforms and killed two people.",
        "Petra Hall attacked the plan of Alan Stone.",
        "Alan Stone was arrested at the protest.",
        "A Springfield man is facing charges after he shot himself.",
        "The suspect, Los Angeles police said, killed three people.",
        "Colombian rebels attacked the town.",
        "Stone accused Hall of lying about the raid.",
        "No foreigner was killed by the Taliban.",
        "It is too early to blame the Taliban for the raid.",
        "Fitch (FAR) rates bonds. FAR killed the deal.",
        "She did not blame the Taliban for the raid.",
    ],
)
def test_no_claim_is_made_of_less(text: str) -> None:
    assert claims(text) == []


def test_the_rebels_are_those_of_the_only_group_that_the_text_names() -> None:
    start = "FMLN leaders met on Monday. "

    assert claims(start + "The rebels killed two men.")[-1][1] == "FMLN"
    assert claims(start + "Hamas and the ELN met too. The rebels killed two men.") == []


def test_an_army_without_its_country_is_the_one_named_before() -> None:
    text = "The Ruritanian army moved in. The army shelled the town."

    assert claims(text)[-1] == ("reported", "Ruritanian army", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "A call from the ELN claiming responsibility for the bombing reached the radio.",
        "A statement signed by the ELN claimed responsibility for the attack.",
        "An anonymous caller claimed responsibility for the bombing on behalf of the ELN.",
        "Responsibility for the bombing was claimed in the name of the ELN.",
        "A man who said he belonged to the ELN phoned a station and claimed responsibility for the killing.",
        "It was a raid on the ELN, which claimed responsibility for the killing of the mayor.",
        "The ELN claimed the attack.",
        "The ELN claimed last night's bombing.",
        "The ELN said it planted the bomb.",
    ],
)
def test_who_speaks_for_a_group_claims_for_it(text: str) -> None:
    assert claims(text) == [("claimed", "ELN", "ELN", None)]
    assert claims(text.upper())[0][:2] == ("claimed", "ELN")


def test_all_that_claim_together_are_named() -> None:
    told = claims("The ELN, the FARC and Hamas claimed responsibility for the bombings.")
    assert sorted(actor for _, actor, *_ in told) == ["ELN", "FARC", "Hamas"]
    assert claims("The ELN is thought to have killed the mayor.") == [("suspected", "ELN", None, None)]


@pytest.mark.parametrize(
    "text",
    [
        "After a raid on the ELN, nobody claimed responsibility.",
        "The ELN claimed the attack was staged.",
        "A caller who said he knew the ELN asked for money.",
        "Leaflets signed by the ELN were handed out at the market.",
        "The ELN has not claimed the attack.",
    ],
)
def test_who_only_stands_beside_a_claim_makes_none(text: str) -> None:
    assert claims(text) == []


def test_the_accuser_is_named_without_the_role() -> None:
    claims = read(article("Interior Ministry spokesman Adil Noor blamed the Taliban for the blast.")).claims

    assert claims.select("stance", "actor", "asserted_by").rows() == [("blamed", "Taliban", "Adil Noor")]
