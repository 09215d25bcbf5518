"""Claims: who did it, who says so, and who says no."""

import pytest

from tests.extract.told import article, read


def claims(text: str) -> list[tuple[str, str, str | None, str | None]]:
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
def test_a_claim_names_actor_stance_and_who_asserts_it(
    text: str, claim: tuple[str, str, str | None, str | None]
) -> None:
    assert claims(text)[-1] == claim


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen attacked the town.",
        "Terrorists claimed many lives.",
        "The minister stopped short of blaming the Taliban.",
        "Attacks by the Taliban have been on the rise.",
        "The Taliban met negotiators in Doha.",
        "Petra Hall pleaded guilty to speeding.",
    ],
)
def test_no_claim_is_made_of_less(text: str) -> None:
    assert claims(text) == []
