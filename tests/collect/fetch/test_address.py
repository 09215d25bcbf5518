"""Which addresses may be connected to, and how URLs are read."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.collect.fetch.address import read_target, refuse_address
from flows.collect.fetch.answer import Unanswered

ALWAYS = (
    "169.254.0.1 169.254.169.254 169.254.170.2 fe80::1 fe80::1%eth0 febf::1 fd00:ec2::254 fd20:ce::254 "
    "100.100.100.200 192.0.0.192 168.63.129.16 0.0.0.0 0.1.2.3 :: 224.0.0.1 239.255.255.250 ff02::1 ff0e::1 "
    "240.0.0.1 255.255.255.255 ::ffff:169.254.169.254 ::169.254.169.254 64:ff9b::169.254.169.254 "
    "64:ff9b:1::a9fe:a9fe 2002:a9fe:a9fe::1 ::ffff:0:169.254.169.254 2001:0:a9fe:a9fe:0:0:f7f7:f7f7 "
    "2001:0:808:808::5601:5601 ::ffff:255.255.255.255 ::ffff:0.0.0.0 100::1 2001:db8::1 5f00::1"
)
PRIVATE = (
    "127.0.0.1 127.8.8.8 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.127.255.255 192.0.2.1 "
    "198.18.0.1 203.0.113.9 ::1 fc00::1 fd12:3456::1 fec0::1 ::ffff:127.0.0.1 ::127.0.0.1 ::ffff:10.0.0.1 "
    "64:ff9b::10.0.0.1 64:ff9b:1::7f00:1 2002:7f00:1:: 2002:a00:1::5 2001:0:808:808::f5ff:fffe "
    "::ffff:100.64.0.1 ::ffff:0:192.168.0.1"
)
PUBLIC = (
    "8.8.8.8 1.1.1.1 172.32.0.1 100.63.255.255 100.128.0.1 2606:4700::1111 2a00:1450:4001::200e ::ffff:8.8.8.8 "
    "64:ff9b::8.8.8.8 2002:808:808::1 2001:0:808:808::f7f7:f7f7"
)


@pytest.mark.parametrize(
    ("address", "by_default", "with_private"),
    [
        *((address, False, False) for address in ALWAYS.split()),
        *((address, False, True) for address in PRIVATE.split()),
        *((address, True, True) for address in PUBLIC.split()),
    ],
)
def test_an_address_is_asked_where_it_may_be(address: str, by_default: bool, with_private: bool) -> None:
    refusals = [refuse_address(address, allow_private) for allow_private in (False, True)]

    assert [refusal is None for refusal in refusals] == [by_default, with_private]


ADDRESSES = st.one_of(
    st.ip_addresses(),
    st.ip_addresses(network="169.254.0.0/16"),
    st.ip_addresses(network="fe80::/10"),
    st.ip_addresses(v=4).map(lambda inner: IPv6Address(f"::ffff:{inner}")),
    st.ip_addresses(network="169.254.0.0/16").map(lambda inner: IPv6Address(f"::ffff:{inner}")),
    st.ip_addresses(network="169.254.0.0/16").map(lambda inner: IPv6Address(f"64:ff9b::{inner}")),
)


def inner_of(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address) and str(address).startswith(("64:ff9b::", "::ffff:")):
        return ip_address(int(address) & 0xFFFFFFFF)
    return address


@given(ADDRESSES, st.booleans())
def test_nothing_link_local_or_multicast_is_ever_asked(address: IPv4Address | IPv6Address, allow_private: bool) -> None:
    refusal = refuse_address(str(address), allow_private)

    inner = inner_of(address)
    assert refusal or not (inner.is_link_local or inner.is_multicast or inner.is_unspecified)


@given(ADDRESSES)
def test_nothing_private_is_asked_unless_that_is_allowed(address: IPv4Address | IPv6Address) -> None:
    refusal = refuse_address(str(address), allow_private=False)

    assert refusal or inner_of(address).is_global


@pytest.mark.parametrize(
    ("url", "asked", "host"),
    [
        ("http://example.org", "http://example.org/", "example.org"),
        ("https://example.org:443/a#part", "https://example.org/a", "example.org"),
        ("http://example.org:8080", "http://example.org:8080/", "example.org:8080"),
        ("https://example.org:80/", "https://example.org:80/", "example.org:80"),
        (
            "  HTTP://User:Word@EXAMPLE.org./a b?q=\u00fc&r=%C3%BC \n",
            "http://example.org./a%20b?q=%C3%BC&r=%C3%BC",
            "example.org",
        ),
        ("http://exa\nmple.org/a\tb", "http://example.org/ab", "example.org"),
        ("http://b\u00fccher.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("http://[::FFFF:127.0.0.1]:81/", "http://[::ffff:7f00:1]:81/", "::ffff:7f00:1:81"),
        ("http://0x7f.1/", "http://0x7f.1/", "0x7f.1"),
        ('http://e.org/"<>`{}|\\^[]%', "http://e.org/%22%3C%3E%60%7B%7D|\\^[]%", "e.org"),
        ("http://e.org/\x00\udcff", "http://e.org/%00%EF%BF%BD", "e.org"),
        ("http://e.org?q", "http://e.org/?q", "e.org"),
    ],
)
def test_a_url_is_asked_for_as_browsers_do(url: str, asked: str, host: str) -> None:
    target = read_target(url)

    assert (target.url, target.host) == (asked, host)


NO_URLS = [
    *("", " ", "/a", "example.org/a", "http://", "http:///a", "http://:80/", "//e.org/", "http://e.org:0/"),
    *("http://e.org:99999/", "http://e.org:x/", "http://[::1/", "http://[::g]/", "http://[v1.a]/", "http://a b/"),
    *("http://a..b/", "http://a\\b/", "http://%31/", "http://\u2488/", "http://\udcff/", f"http://{'a.' * 200}/"),
]


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        *((url, "not a URL") for url in NO_URLS),
        *((url, "not http") for url in ("file:///etc/passwd", "ftp://e.org/", "javascript:alert(1)", "data:,a")),
    ],
)
def test_what_cannot_be_asked_for_says_why(url: str, outcome: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read_target(url)

    assert caught.value.outcome == outcome
