"""What the client sends, whom it connects to and whom it trusts."""

import asyncio
import gzip
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.collect.fetch import OUTCOMES, Answer, Client, Robots
from flows.collect.fetch.answer import Unanswered
from flows.collect.fetch.content import Body, Limits
from flows.settings import Collecting
from tests.collect.misbehaving import PAGE, Misbehaving, cuts, first, on_loopback, say, says

QUICK = Collecting(pause_seconds=0, connect_seconds=0.5, read_seconds=0.5, wait_seconds=0)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as running:
        yield running


def ask(*asks: dict[str, Any], collecting: Collecting = QUICK, **how: Any) -> list[Answer]:
    """Ask for one after the other over one client; private addresses are allowed unless said otherwise."""

    async def run() -> list[Answer]:
        async with Client(collecting, **how) as client:
            return [await client.get(**({"allow_private": True} | one)) for one in asks]

    return asyncio.run(run())


def test_an_answer_tells_where_it_came_from_and_when(server: Misbehaving) -> None:
    before = datetime.now(UTC)

    (answer,) = ask({"url": server.url("redirect#part")})

    assert (answer.url, answer.final_url) == (server.url("redirect#part"), server.url("good"))
    assert (answer.hops, answer.status, answer.body) == ((server.url("redirect"),), 200, PAGE)
    assert dict(answer.headers)["etag"] == '"a"'
    assert before <= answer.asked_at <= answer.fetched_at


def test_a_redirect_that_is_not_followed_ends_where_it_leads(server: Misbehaving) -> None:
    (answer,) = ask({"url": server.url("redirect-to-metadata")})

    assert (answer.outcome, answer.final_url) == ("private address", "http://169.254.169.254/latest/meta-data/")
    assert answer.hops == (server.url("redirect-to-metadata"),)


def test_we_say_who_we_are_and_keep_passwords_and_cookies_to_ourselves(server: Misbehaving) -> None:
    url = server.url("cookie-wall").replace("//", "//user:word@")

    ask({"url": url}, collecting=Collecting(contact="https://example.org/bot", pause_seconds=0))

    sent = server.headers[-1]
    assert sent["user-agent"].startswith("newsledger/")
    assert sent["user-agent"].endswith(" (+https://example.org/bot)")
    assert not {"authorization", "cookie", "referer"} & set(sent)


def test_a_known_page_is_told_not_modified_and_a_body_behind_that_is_nobodys(server: Misbehaving) -> None:
    known = {"url": server.url("304-with-body"), "etag": '"a"', "last_modified": "Thu, 01 Jan 2026 12:00:00 GMT"}

    answer, following = ask(known, {"url": server.url("redirect")})

    assert (answer.outcome, answer.verdict, answer.body) == ("not modified", "good", b"")
    assert server.headers[1]["if-none-match"] == '"a"'
    assert server.headers[1]["if-modified-since"] == "Thu, 01 Jan 2026 12:00:00 GMT"
    assert (following.outcome, following.body) == ("fetched", PAGE)


def test_bytes_behind_an_answers_end_are_not_the_next_answer(server: Misbehaving) -> None:
    _, following = ask({"url": server.url("length-too-short")}, {"url": server.url("410")})

    assert following.outcome == "gone"


def test_a_validator_that_no_header_can_carry_is_left_out(server: Misbehaving) -> None:
    (answer,) = ask({"url": server.url("good"), "etag": '"a"\r\nX-Evil: 1', "last_modified": "\u2603"})

    assert answer.outcome == "fetched"
    assert not {"x-evil", "if-none-match", "if-modified-since"} & set(server.headers[-1])


def test_one_connection_serves_request_after_request(server: Misbehaving) -> None:
    ways = ("good", "404", "redirect", "gzip", "304-with-length", "good-chunked")

    ask(*[{"url": server.url(way), "etag": '"b"'} for way in ways])

    assert server.n_connections == 1


def test_a_connection_that_its_host_ended_meanwhile_is_no_try() -> None:
    good = says(say("200 OK", PAGE))
    with Misbehaving({"page": first(good, cuts(b""), cuts(b""), good)}) as server:
        answers = ask(*[{"url": server.url("page")}] * 2)

    assert [answer.outcome for answer in answers] == ["fetched"] * 2


@pytest.mark.parametrize(
    ("way", "accept", "outcome"),
    [
        ("good", "listing", "fetched"),
        ("octets", "listing", "fetched"),
        ("no-type-no-page", "listing", "fetched"),
        ("image", "listing", "not a listing"),
        ("pdf", "listing", "not a listing"),
        ("image", "any", "fetched"),
    ],
)
def test_a_listing_may_have_any_type_that_is_not_plainly_another(
    server: Misbehaving, way: str, accept: str, outcome: str
) -> None:
    (answer,) = ask({"url": server.url(way), "accept": accept})

    assert answer.outcome == outcome


@pytest.mark.parametrize(("most", "outcome"), [(len(PAGE), "fetched"), (len(PAGE) - 1, "too large")])
def test_no_more_is_taken_than_asked_for(server: Misbehaving, most: int, outcome: str) -> None:
    (answer,) = ask({"url": server.url("good-chunked"), "max_bytes": most})

    assert answer.outcome == outcome


def test_a_bomb_never_lies_in_memory() -> None:
    bomb = gzip.compress(gzip.compress(bytes(40_000_000)))
    taken = Body((("content-encoding", "gzip, gzip"),), Limits(10_000_000, 2_000_000))
    tracemalloc.start()

    with pytest.raises(Unanswered, match="unpacks too large"):
        taken.feed(bomb)

    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "url", ["http://localhost:{}/good", "http://127.1:{}/good", "http://2130706433:{}/good", "http://0x7f.1:{}/good"]
)
def test_this_machine_is_asked_only_where_the_source_allows_it(server: Misbehaving, url: str) -> None:
    url = url.format(server.port)

    refused, allowed = ask({"url": url, "allow_private": False}, {"url": url})

    assert (refused.outcome, refused.verdict) == ("private address", "refused")
    assert allowed.outcome == "fetched"


def test_a_connection_opened_for_a_source_that_may_serves_no_other(server: Misbehaving) -> None:
    allowed, refused = ask({"url": server.url("good")}, {"url": server.url("good"), "allow_private": False})

    assert (allowed.outcome, refused.outcome) == ("fetched", "private address")
    assert [path for path, *_ in server.asked] == ["robots.txt", "good"]


def test_a_name_that_resolves_to_loopback_on_the_second_look_is_refused(server: Misbehaving) -> None:
    looks = iter([["192.0.2.1"], ["127.0.0.1"], ["127.0.0.1"]])

    async def resolve(name: str, port: int) -> list[str]:
        return next(looks)

    robots = {f"http://a.test:{server.port}": Robots(datetime.now(UTC), 404, b"")}
    asks = [{"url": server.url("good", "a.test"), "allow_private": False}] * 2
    first, second = ask(*asks, robots=robots, resolve=resolve)

    assert (first.outcome, second.outcome) == ("private address", "private address")
    assert server.n_connections == 0


def test_a_connection_goes_to_the_address_that_was_judged_and_no_name_is_looked_up_twice(server: Misbehaving) -> None:
    looks = []

    async def resolve(name: str, port: int) -> list[str]:
        looks.append(name)
        return ["169.254.169.254", "::ffff:169.254.169.254", "127.0.0.1"]

    answers = ask(*[{"url": server.url("good-then-closed", "a.test")}] * 3, resolve=resolve)

    assert [answer.outcome for answer in answers] == ["fetched"] * 3
    assert len(looks) == server.n_connections


def test_proxies_of_the_environment_are_not_asked(server: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    (answer,) = ask({"url": server.url("good")})

    assert answer.outcome == "fetched"


def test_a_closed_port_refuses() -> None:
    with Misbehaving() as server:
        url = server.url("good")

    (answer,) = ask({"url": url})

    assert (answer.outcome, answer.verdict) == ("connection refused", "bad day")


def test_a_host_that_never_accepts_is_not_reachable() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())

        (answer,) = ask({"url": f"http://127.0.0.1:{listening.getsockname()[1]}/good"})

        for one in waiting:
            one.close()
    assert (answer.outcome, answer.verdict) == ("not reachable", "bad day")


@pytest.mark.parametrize(
    ("error", "outcome", "verdict"),
    [(socket.EAI_NONAME, "no such host", "broken"), (socket.EAI_AGAIN, "name not resolved", "bad day")],
)
def test_a_name_without_an_address_says_whose_fault_that_is(error: int, outcome: str, verdict: str) -> None:
    async def resolve(name: str, port: int) -> list[str]:
        raise socket.gaierror(error, "told by a test")

    (answer,) = ask({"url": "http://a.test/"}, resolve=resolve)

    assert (answer.outcome, answer.verdict) == (outcome, verdict)


async def nowhere(name: str, port: int) -> list[str]:
    return []


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.one_of(st.text(), st.text().map("http://{}".format), st.text().map("//e.org:{}".format)), max_size=30)
)
def test_no_text_at_an_addresss_place_raises(urls: list[str]) -> None:
    answers = ask(*({"url": url} for url in urls), resolve=nowhere)

    assert {answer.outcome for answer in answers} <= {"not a URL", "not http", "no such host"} <= set(OUTCOMES)


HEADS = ["HTTP/1.1 200 OK", "Content-Length: 5", "Content-Type: text/html", "Transfer-Encoding: chunked", "Location: /"]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.lists(st.one_of(st.sampled_from(HEADS), st.text())), st.binary()), max_size=20))
def test_no_bytes_at_an_answers_place_raise(told: list[tuple[list[str], bytes]]) -> None:
    wires = ["\r\n".join([*HEADS[:1], *lines, "", ""]).encode("utf-8", "replace") + body for lines, body in told]
    with Misbehaving({f"way-{number}": cuts(wire) for number, wire in enumerate(wires)}) as server:
        answers = ask(*({"url": server.url(f"way-{number}"), "accept": "any"} for number in range(len(wires))))

    assert {answer.outcome for answer in answers} <= set(OUTCOMES)


def tls_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


AUTHORITY = trustme.CA()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CERTIFICATES = {
    "fetched": AUTHORITY.issue_cert("a.test"),
    "of another name": AUTHORITY.issue_cert("b.test"),
    "expired": AUTHORITY.issue_cert("a.test", not_before=LONG_AGO, not_after=LONG_AGO.replace(year=2021)),
    "of nobody we trust": trustme.CA().issue_cert("a.test"),
}


@pytest.mark.parametrize("of", CERTIFICATES)
def test_a_certificate_is_trusted_only_where_it_is_whole(
    of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with Misbehaving(tls=tls_of(CERTIFICATES[of])) as server:
        (answer,) = ask({"url": server.url("good", "a.test")}, resolve=on_loopback)

    assert answer.outcome == ("fetched" if of == "fetched" else "certificate not trusted"), answer.detail


def test_plain_http_at_a_port_that_speaks_tls_is_cut_off() -> None:
    with Misbehaving(tls=tls_of(CERTIFICATES["fetched"])) as server:
        (answer,) = ask({"url": server.url("good").replace("https", "http")})

    assert (answer.outcome, answer.verdict) == ("robots.txt unreachable", "bad day")
    assert "cut off" in str(answer.detail)


def test_tls_at_a_port_that_speaks_plain_http_fails() -> None:
    def refuse() -> None:
        with listening.accept()[0] as connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(10_000)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=refuse, daemon=True).start()
        (answer,) = ask({"url": f"https://127.0.0.1:{listening.getsockname()[1]}/good"})

    assert (answer.outcome, answer.verdict) == ("TLS failed", "broken")
