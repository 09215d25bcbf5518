"""Any bytes: each ends as a text without what nobody sees, or is refused with what helps."""

import contextlib
import time

import pytest

from flows.clean.decode import MOST_TEXT, Unreadable, decode_html, decode_text, tidy

WORDS = "<p>Das Feuer im Hafen zerstörte drei Lagerhäuser, sagte der Bürgermeister über die Nacht.</p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'<meta charset="utf-8">' + WORDS.encode(), WORDS),
        (WORDS.encode("utf-8-sig"), WORDS),
        (WORDS.encode("utf-16"), WORDS),
        (WORDS.encode("utf-16-le"), WORDS),
        (WORDS.encode("utf-16-be"), WORDS),
        (WORDS.encode("utf-32"), WORDS),
        (b'<meta charset="iso-8859-1">' + "<p>“zerstört”</p>".encode("cp1252"), "<p>“zerstört”</p>"),
        (b'<meta charset="windows-1251">' + "<p>Пожар в порту</p>".encode("cp1251"), "Пожар в порту"),
        (b'<meta charset="x-sjis">' + "<p>港で火事</p>".encode("cp932"), "港で火事"),
        (b'<?xml version="1.0" encoding="gb2312"?>' + "<p>港口大火</p>".encode("gb18030"), "港口大火"),
        (b'<meta charset="iso-8859-1">' + WORDS.encode(), WORDS),
        (b'<meta charset="utf-8">' + (WORDS * 9).encode("cp1252"), "Lagerhäuser"),
        ((WORDS * 9).encode("cp1252"), "Lagerhäuser"),
        (b'<meta charset="punycode">' + (WORDS * 9).encode("cp1252"), "Lagerhäuser"),
        ((WORDS * 9).encode() + b"\xe4\xff", "Lagerhäuser"),
    ],
)
def test_a_page_is_read_whatever_its_charset(body: bytes, text: str) -> None:
    assert text in decode_html(body)


@pytest.mark.parametrize("body", [b"%PDF-1.7 ...", b"\x89PNG\r\n", b"PK\3\4", bytes(range(32)) * 9, b"\0" * 99])
def test_what_is_no_page_is_refused_as_binary(body: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        decode_html(body)

    assert refused.value.args[0] == "binary"


@pytest.mark.proof
@pytest.mark.parametrize(
    "body", [b"<p>" + b"fire " * 10_000_000, b"<script " * 6_250_000, b"<!-- " * 10_000_000, b"\xe9<" * 25_000_000]
)
def test_fifty_megabytes_take_seconds(body: bytes) -> None:
    start = time.perf_counter()
    with contextlib.suppress(Unreadable):
        assert len(decode_html(body)) < MOST_TEXT

    assert time.perf_counter() - start < 20


def test_scripts_do_not_make_a_page_too_large() -> None:
    page = decode_html(
        b"<script>" + b"x" * 2 * MOST_TEXT + b"</script><STYLE>" + b"y" * MOST_TEXT + b"</STYLE><p>Fire</p>"
    )

    assert "<p>Fire</p>" in page
    assert len(page) < 100


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("mil\u200blion", "million"),
        ("1\u200b2 dead", "12 dead"),
        ("har\u00adbour", "harbour"),
        ("4\u200c0", "40"),
        ("\u202e21\u202c dead", "21 dead"),
        ("a\0b\x07\x9fc", "abc"),
        ("one\r\ntwo\rthree\u2028four\x85five\x0csix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("half \ud83d done", "half  done"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d🚒 tab\there", "👩\u200d🚒 tab\there"),
    ],
)
def test_a_text_holds_what_a_reader_sees(text: str, seen: str) -> None:
    assert tidy(text) == seen


def test_a_plain_text_is_unicode_or_refused_with_what_helps() -> None:
    assert decode_text("Feuer über Malaga".encode("utf-16")) == "Feuer über Malaga"
    with pytest.raises(Unreadable, match="iconv"):
        decode_text("Feuer über Malaga".encode("cp1252"))
    with pytest.raises(Unreadable, match="NUL"):
        decode_text(b"Fire\0")
