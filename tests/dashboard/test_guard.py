"""The guard: nothing foreign runs, this machine alone is answered, and whoever else comes needs the token."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.dashboard.app import dashboard
from flows.dashboard.guard import guard, is_loopback, token_for
from flows.dashboard.tries import MOST, SECONDS, Tries
from tests.dashboard.served import serving

TOKEN = "a-token-of-the-desk"
BEARER = {"authorization": f"Bearer {TOKEN}"}
PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A reader on this machine; nothing is published."""
    app = guard(dashboard(tmp_path_factory.mktemp("none")), "127.0.0.1", 1, None)
    with serving(app) as url, httpx.Client(base_url=url) as client:
        yield client


@pytest.fixture(scope="module")
def beyond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    guarded = guard(dashboard(tmp_path_factory.mktemp("none")), "0.0.0.0", 1, TOKEN)
    with serving(guarded) as url:
        yield guarded, url


@pytest.fixture
def abroad(beyond: tuple[Any, str]) -> Iterator[httpx.Client]:
    """A reader from elsewhere, who has not shown the token yet nor tried a wrong one."""
    guarded, url = beyond
    guarded.tries.wrong.clear()
    with httpx.Client(base_url=url) as client:
        yield client


@pytest.mark.parametrize("path", ["/sql", "/static/style.css", "/nowhere", "/json/nowhere", "/"])
def test_every_answer_lets_nothing_foreign_run(at_home: httpx.Client, path: str) -> None:
    headers = at_home.get(path).headers

    policy = {words.split()[0]: words.split()[1:] for words in headers["content-security-policy"].split(";")}
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["connect-src"] == ["'self'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] in ("private, no-cache", "no-store")


@pytest.mark.parametrize(
    "host", ["news.example", "127.0.0.1.news.example", "localhost.", "10.0.0.1", "a@localhost", ""]
)
def test_a_name_that_leads_here_from_elsewhere_is_not_answered(at_home: httpx.Client, host: str) -> None:
    answer = at_home.get("/static/style.css", headers={"host": host})

    assert answer.status_code == 403
    assert "localhost or 127.0.0.1 only" in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "127.0.0.2", "[::1]", "[::1]:8000"])
def test_the_names_of_this_machine_are_answered_behind_a_tunnel_too(at_home: httpx.Client, host: str) -> None:
    assert at_home.get("/static/style.css", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/sql", "/token", "/static/style.css"])
def test_pages_are_only_read(at_home: httpx.Client, method: str, path: str) -> None:
    answer = at_home.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/stories", "/json/stories", "/sql.csv?q=x", "/static/vega.js", "/static/../app.py"])
def test_without_the_token_nothing_is_shown(abroad: httpx.Client, path: str) -> None:
    as_page, as_data = abroad.get(path, headers=PAGE), abroad.get(path)

    assert as_page.status_code == 303
    assert as_page.headers["location"].startswith("/token?next=%2F")
    assert (as_data.status_code, as_data.headers["www-authenticate"]) == (401, "Bearer")
    assert "Bearer TOKEN" in as_data.json()["error"]


def test_the_page_that_asks_for_the_token_stands_alone(abroad: httpx.Client) -> None:
    page = abroad.get("/token?next=/sql")
    parts = [abroad.get(path).status_code for path in ("/static/style.css", "/static/icon.svg")]

    assert (page.status_code, parts) == (200, [200, 200])
    assert 'value="/sql"' in page.text
    assert TOKEN not in page.text


def test_who_gives_the_token_is_let_in_and_sent_where_he_was_going(abroad: httpx.Client) -> None:
    let_in = abroad.post("/token", data={"token": f" {TOKEN}\n", "next": "/static/vega.js?a=1"})

    assert (let_in.status_code, let_in.headers["location"]) == (303, "/static/vega.js?a=1")
    cookie = let_in.headers["set-cookie"].lower()
    assert cookie.startswith("newsledger_1=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert abroad.get("/static/vega.js").status_code == 200


def test_a_link_with_the_token_loses_it(abroad: httpx.Client) -> None:
    let_in = abroad.get("/nowhere/a%20b?q=1&token=" + TOKEN + "&empty=")

    assert (let_in.status_code, let_in.headers["location"]) == (303, "/nowhere/a%20b?q=1&empty=")
    assert abroad.get("/nowhere").status_code == 404


def test_a_program_bears_the_token(abroad: httpx.Client) -> None:
    assert abroad.get("/static/vega.js", headers=BEARER).status_code == 200
    assert abroad.get("/static/vega.js").status_code == 401


@pytest.mark.parametrize(
    "then", ["//news.example/", "https://news.example/", "/\\news.example", "/\n/a", "javascript:1", ""]
)
def test_nobody_is_sent_elsewhere(abroad: httpx.Client, then: str) -> None:
    let_in = abroad.post("/token", data={"token": TOKEN, "next": then})

    assert let_in.headers["location"] == "/"


def test_an_address_that_looks_like_another_host_leads_home(abroad: httpx.Client) -> None:
    asked = str(abroad.base_url).rstrip("/") + f"//news.example/?token={TOKEN}"

    first = abroad.get(asked)
    again = abroad.get(asked)

    assert str(first.request.url).count("//") == 2
    assert [first.headers["location"], again.headers["location"]] == ["/", "/"]


@pytest.mark.parametrize("wrong", ["x", "", "ä" * 20, TOKEN[:-1], TOKEN + "x"])
def test_a_wrong_token_opens_nothing(abroad: httpx.Client, wrong: str) -> None:
    answers = [
        abroad.post("/token", data={"token": wrong}),
        abroad.get("/stories", params={"token": wrong}),
        abroad.get("/stories", headers={"authorization": b" ".join([b"Bearer", *wrong.encode().split()])}),
        abroad.get("/stories", headers={"authorization": f"Basic {TOKEN}"}),
        abroad.get("/stories", headers={"cookie": f"newsledger_1={TOKEN}"}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 5
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_who_guesses_is_not_heard_any_more(abroad: httpx.Client) -> None:
    wrong = [abroad.post("/token", data={"token": "guess"}).status_code for _ in range(MOST)]
    right = abroad.post("/token", data={"token": TOKEN})
    borne = abroad.get("/stories", headers=BEARER)

    assert wrong == [401] * MOST
    assert (right.status_code, borne.status_code) == (429, 429)
    assert right.headers["retry-after"] == "300"


def test_after_five_minutes_a_right_token_is_heard_again() -> None:
    now = [0.0]
    tries = Tries(lambda: now[0])
    for _ in range(MOST):
        tries.is_right("a", False)

    heard = [tries.is_right("a", True), tries.is_right("b", True)]
    now[0] = SECONDS
    heard.append(tries.is_right("a", True))

    assert heard == [None, True, True]


def test_a_form_that_is_no_token_is_not_read_to_its_end(abroad: httpx.Client) -> None:
    assert abroad.post("/token", content=b"token=" + b"x" * 1_000_000).status_code == 413


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "news.example", "", "192.168.0.1"])
def test_others_are_never_answered_without_a_token(host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NEWSLEDGER_TOKEN", raising=False)
    token, is_made = token_for(host)

    assert not is_loopback(host)
    assert token
    assert is_made
    assert len(token) > 40
    with pytest.raises(ValueError, match="no token"):
        guard(dashboard(tmp_path), host, 1, None)


def test_a_token_that_is_given_is_asked_for_on_this_machine_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSLEDGER_TOKEN", raising=False)
    none = token_for("localhost")
    monkeypatch.setenv("NEWSLEDGER_TOKEN", TOKEN)

    assert (none, token_for("::1")) == ((None, False), (TOKEN, False))
