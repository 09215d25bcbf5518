"""The address that names an article: what is one, and what must stay two."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.collect.urls import canonical_url, site_of, stated_canonical
from flows.lexicon import rule_parts, stages_that_read

STORY = "https://example.org/news/storm-hits-coast"

ONE_ARTICLE = {
    "http": "http://example.org/news/storm-hits-coast",
    "www": "https://www.example.org/news/storm-hits-coast",
    "upper case of scheme and host": "HTTPS://WWW.Example.ORG/news/storm-hits-coast",
    "the port of http": "http://example.org:80/news/storm-hits-coast",
    "the port of https": "https://example.org:443/news/storm-hits-coast",
    "a final dot": "https://example.org./news/storm-hits-coast",
    "a final slash": "https://example.org/news/storm-hits-coast/",
    "an empty query": "https://example.org/news/storm-hits-coast?",
    "a fragment": "https://example.org/news/storm-hits-coast#comments",
    "a text fragment": "https://example.org/news/storm-hits-coast#:~:text=the%20storm",
    "blanks around": " \n https://example.org/news/storm-hits-coast\t",
    "a line break within": "https://example.org/news/\nstorm-hits-coast",
    "dot segments": "https://example.org/a/../news/./storm-hits-coast",
    "double slashes": "https://example.org//news//storm-hits-coast",
    "needless escapes": "https://example.org/%6Eews/storm%2Dhits%2dcoast",
    "credentials": "https://reader:secret@example.org/news/storm-hits-coast",
    "a campaign": "https://example.org/news/storm-hits-coast?utm_source=rss&utm_medium=feed&UTM_Campaign=x",
    "a campaign behind an HTML escape": "https://example.org/news/storm-hits-coast?fbclid=1&amp;utm_source=rss",
    "clicks": "https://example.org/news/storm-hits-coast?fbclid=a&gclid=b&msclkid=c&mc_cid=d&mc_eid=e&_ga=1.2",
    "a referrer": "https://example.org/news/storm-hits-coast?ref=home",
    "the feed that lists it": "https://example.org/news/storm-hits-coast?source=rss",
    "a share button": "https://example.org/news/storm-hits-coast?share=twitter",
    "a session in the path": "https://example.org/news/storm-hits-coast;jsessionid=0A1B",
    "a session in the query": "https://example.org/news/storm-hits-coast?PHPSESSID=0a1b",
    "AMP as last part": "https://example.org/news/storm-hits-coast/amp",
    "AMP as last part with a slash": "https://example.org/news/storm-hits-coast/amp/",
    "AMP as first part": "https://example.org/amp/news/storm-hits-coast",
    "AMP between": "https://example.org/news/amp/storm-hits-coast",
    "AMP as ending": "https://example.org/news/storm-hits-coast.amp",
    "AMP as file": "https://example.org/news/storm-hits-coast/amp.html",
    "AMP as parameter": "https://example.org/news/storm-hits-coast?amp=1",
    "AMP as bare parameter": "https://example.org/news/storm-hits-coast?amp",
    "AMP as type": "https://example.org/news/storm-hits-coast?outputType=amp",
    "AMP as host": "https://amp.example.org/news/storm-hits-coast",
    "an AMP cache": "https://example-org.cdn.ampproject.org/c/s/example.org/news/storm-hits-coast",
    "an AMP cache of a www host": "https://www-example-org.cdn.ampproject.org/v/s/www.example.org/news/storm-hits-coast"
    "?amp_js_v=0.1&usqp=mq331AQ",
    "an AMP cache of a page of http": "https://example-org.cdn.ampproject.org/c/example.org/news/storm-hits-coast",
    "a viewer of AMP": "https://www.google.com/amp/s/example.org/news/storm-hits-coast",
    "a mobile host": "https://m.example.org/news/storm-hits-coast",
    "a long mobile host": "https://mobile.example.org/news/storm-hits-coast?utm_source=x#top",
    "a mobile host below www": "https://www.m.example.org/news/storm-hits-coast",
    "a redirector": "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fnews%2Fstorm-hits-coast&usg=A",
    "a redirector of a news search": "http://www.bing.com/news/apiclick.aspx?ref=FexRss&url="
    "https%3a%2f%2fwww.example.org%2fnews%2fstorm-hits-coast&c=1",
    "a redirector in a redirector": "https://a.test/l.php?u=https%3A%2F%2Fb.test%2Furl%3Fq%3D"
    "https%253A%252F%252Fexample.org%252Fnews%252Fstorm-hits-coast",
}


@pytest.mark.parametrize("url", ONE_ARTICLE.values(), ids=ONE_ARTICLE)
def test_the_same_article_has_one_address(url: str) -> None:
    assert canonical_url(url) == STORY


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a.amp.html", "https://example.org/a.html"),
        ("https://example.org/a?b=2&a=1&b=1", "https://example.org/a?a=1&b=2&b=1"),
        ("https://example.org/a?q=storm+coast", "https://example.org/a?q=storm%20coast"),
        ("https://example.org/Straße ä%e4", "https://example.org/Stra%C3%9Fe%20%C3%A4%E4"),
        ("https://example.org/50%-off", "https://example.org/50%25-off"),
        ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a"),
        ("https://xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"),
        ("https://example.org:8080/a", "https://example.org:8080/a"),
        ("http://127.0.0.1:8123/a", "https://127.0.0.1:8123/a"),
        ("http://[::1]:80/a", "https://[::1]/a"),
        ("https://example.org/#!/story/7", "https://example.org/#!/story/7"),
        ("https://example.org/#/story/7", "https://example.org/#/story/7"),
        ("https://www.gov.uk/a", "https://www.gov.uk/a"),
        ("https://m.example.co.uk/a", "https://example.co.uk/a"),
        ("https://m.com/a", "https://m.com/a"),
        ("https://en.m.example.org/wiki/Storm", "https://en.example.org/wiki/Storm"),
        ("https://example.org/amp", "https://example.org/amp"),
        ("https://example.org/url?q=storm", "https://example.org/url?q=storm"),
        ("https://example.org/story?url=https://other.test/a", "https://example.org/story?url=https://other.test/a"),
        ("mailto:news@example.org", "mailto:news@example.org"),
        ("/news/1", "/news/1"),
        (" nothing of the kind ", "nothing of the kind"),
        ("https://", "https://"),
        ("", ""),
    ],
)
def test_an_address_is_written_in_one_way(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/?id=1", "https://example.org/?id=2"),
        ("https://example.org/?p=12", "https://example.org/?p=13"),
        ("https://example.org/?12", "https://example.org/?13"),
        ("https://example.org/view?article=storm", "https://example.org/view?article=flood"),
        ("https://example.org/view?uid=1", "https://example.org/view?uid=2"),
        ("https://example.org/view?galleryid=1", "https://example.org/view?galleryid=2"),
        ("https://example.org/view?reference=1", "https://example.org/view?reference=2"),
        ("https://example.org/view?source=reuters", "https://example.org/view?source=afp"),
        ("https://example.org/#!storm", "https://example.org/#!flood"),
        ("https://example.org/Storm", "https://example.org/storm"),
        ("https://mobile.example.org/?p=12", "https://example.org/?p=12"),
        ("https://sport.example.org/a", "https://example.org/a"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/a?b=1%262", "https://example.org/a?b=1&2"),
        ("https://example.org/electronics/amp/12", "https://example.org/electronics/12"),
        ("https://example.org/share?u=https://a.test/1", "https://example.org/share?u=https://a.test/2"),
        ("https://example.org/c/s/a.html", "https://a.html/"),
    ],
)
def test_two_articles_stay_two(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        "https:// http:// www. m. amp. a.test example.co.uk :80 :8 / // . .. amp .amp .html url ? & = # #! %2F %41 %zz @"
        " utm_source=x id=1 q= u=https%3A%2F%2F url=http://b.test/ ;jsessionid=1 /c/s/ /amp/s/ a-test. é ß \ud800 [ ] +",
    )
)
TEXTS = st.text(max_size=60) | st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS | TEXTS.map(lambda text: f"https://{text}"))
def test_any_text_has_an_address_that_is_its_own(text: str) -> None:
    once = canonical_url(text)

    assert canonical_url(once) == once


@settings(max_examples=100, deadline=None)
@given(
    st.from_regex(r"[a-z]{1,9}\.(?:test|co\.uk)", fullmatch=True),
    st.dictionaries(
        st.from_regex(r"x[a-z]{1,5}", fullmatch=True), st.from_regex(r"\w{1,9}", fullmatch=True), min_size=1
    ),
)
def test_host_and_parameters_that_may_choose_are_kept(host: str, parameters: dict[str, str]) -> None:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())

    named = canonical_url(f"http://www.{host}/a-story?utm_source=rss&{query}")

    assert named.startswith(f"https://{host}/a-story?")
    assert {one.partition("=")[0] for one in named.partition("?")[2].split("&")} == set(parameters)


def test_an_endless_address_is_left_alone() -> None:
    url = "https://a.test/url?url=" * 100_000

    assert canonical_url(url) == url


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("news.example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.co", "example.co"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_a_site_is_what_somebody_registered(host: str, site: str) -> None:
    assert site_of(host) == site


def page(*lines: str) -> bytes:
    return f"<!doctype html><html><head><title>x</title>{''.join(lines)}</head><body><p>x</p></body></html>".encode()


def link(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


@pytest.mark.parametrize(
    ("url", "stated"),
    [
        ("https://example.org/news/storm-hits-coast?tok=a1", "https://example.org/news/storm-hits-coast"),
        ("https://example.org/news/storm-hits-coast?tok=a1", "/news/storm-hits-coast"),
        ("https://example.org/a/storm-hits-coast", "https://www.example.org/b/storm-hits-coast"),
        ("https://example.org/view?id=123456", "https://example.org/news/123456-storm"),
        ("https://example.org/news/123456", "https://example.org/news/storm-123456.html"),
        ("https://example.org/short", "https://example.org/short"),
    ],
)
def test_a_stated_address_of_the_same_article_is_believed(url: str, stated: str) -> None:
    believed = stated_canonical(url, page(link(stated)))

    assert believed == canonical_url(stated if stated.startswith("https") else f"https://example.org{stated}")


@pytest.mark.parametrize(
    ("url", "stated"),
    [
        ("https://example.org/news/storm-hits-coast", "https://example.org/"),
        ("https://example.org/news/storm-hits-coast", "https://example.org/news"),
        ("https://example.org/news/storm-hits-coast", "https://other.test/news/storm-hits-coast"),
        ("https://example.org/news/storm-hits-coast", "https://example.org/news/flood-hits-coast"),
        ("https://example.org/news/index.html?id=1", "https://example.org/news/index.html"),
        ("https://example.org/all-the-news?id=1", "https://example.org/all-the-news"),
        ("https://example.org/all-the-news?story=storm", "https://example.org/all-the-news"),
        ("https://example.org/all-the-news-12345?x=storm-hits", "https://example.org/all-the-news-12345"),
        ("https://example.org/section-12345/storm", "https://example.org/section-12345"),
        ("https://example.org/storm-20260101", "https://example.org/day/20260101"),
        ("https://example.org/a/story", "https://example.org/b/story"),
        ("https://example.org/news/storm-hits-coast", "javascript:void(0)"),
        ("https://example.org/news/storm-hits-coast", "https://[broken/news/storm-hits-coast"),
        ("https://example.org/news/storm-hits-coast", " "),
    ],
)
def test_a_stated_address_that_may_be_anothers_is_not_believed(url: str, stated: str) -> None:
    assert stated_canonical(url, page(link(stated))) is None


def test_where_the_link_leads_home_the_address_for_sharing_may_tell() -> None:
    shared = '<meta property="og:url" content="https://example.org/storm-hits-coast">'

    believed = stated_canonical(
        "https://example.org/storm-hits-coast?tok=a", page(link("https://example.org/"), shared)
    )

    assert believed == "https://example.org/storm-hits-coast"


def test_a_comment_and_what_stands_far_down_state_nothing() -> None:
    url, stated = "https://example.org/storm-hits-coast?tok=a", link("https://example.org/storm-hits-coast")

    in_comment = stated_canonical(url, page(f"<!-- {stated} -->"))
    far_down = stated_canonical(url, page("x" * 100_000, stated))

    assert in_comment is None
    assert far_down is None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200).map(lambda noise: b'<link rel=canonical href="' + noise) | st.binary(max_size=200))
def test_any_bytes_state_an_address_or_none(body: bytes) -> None:
    stated = stated_canonical("https://example.org/storm-hits-coast", body)

    assert stated is None or stated.startswith("https://example.org/")


def test_a_new_parameter_makes_no_rebuild_due() -> None:
    assert stages_that_read("lexicon/url_parameters.csv") == set()
    assert "lexicon/url_parameters.csv" not in rule_parts()
