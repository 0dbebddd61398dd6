"""An address is taken apart once, strictly, and what it hides is refused."""

import pytest

from outbound.errors import Refused
from outbound.targets import host_of, read_target


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://a.example", "http://a.example/"),
        ("HTTPS://A.Example:443/b", "https://a.example/b"),
        ("https://a.example:8443/b?c=d e#f", "https://a.example:8443/b?c=d%20e"),
        ("http://a.example./b", "http://a.example/b"),
        ("http://münchen.example/ä ö", "http://xn--mnchen-3ya.example/%C3%A4%20%C3%B6"),
        ("http://a.example/%2Fb%20c", "http://a.example/%2Fb%20c"),
        ("http://[2606:4700:4700:0::1111]:8080/b", "http://[2606:4700:4700::1111]:8080/b"),
        ("http://2130706433/b", "http://2130706433/b"),
        ("http://\uff11\uff12\uff17.0.0.1/", "http://127.0.0.1/"),
    ],
)
def test_an_address_is_asked_for_in_one_plain_form(url, asked):
    assert read_target(url).url == asked


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://a.example/b", "unsupported_scheme"),
        ("file:///etc/passwd", "unsupported_scheme"),
        ("gopher://a.example/", "unsupported_scheme"),
        ("data:image/png;base64,AAAA", "unsupported_scheme"),
        ("//a.example/b", "unsupported_scheme"),
        ("", "unsupported_scheme"),
        ("http://user@a.example/", "credentials_in_url"),
        ("http://user:secret@a.example/", "credentials_in_url"),
        ("http://a.example:80@127.0.0.1/", "credentials_in_url"),
        ("http://@a.example/", "credentials_in_url"),
        ("http://a.example\\@127.0.0.1/", "invalid_url"),
        ("http://a.example/\r\nHost: b", "invalid_url"),
        ("http://a.exa\tmple/", "invalid_url"),
        ("http://a.example:port/", "invalid_url"),
        ("http://a.example:99999/", "invalid_url"),
        ("http:///b", "invalid_url"),
        ("http://a b.example/", "invalid_url"),
        ("http://a..example/", "invalid_url"),
        ("http://a%2eexample/", "invalid_url"),
        ("http://[::1/", "invalid_url"),
        ("http://[fe80::1%25eth0]/", "unsafe_address"),
        (f"http://{'a' * 64}.example/", "invalid_url"),
        (f"http://a.example/{'b' * 4_000}", "invalid_url"),
    ],
)
def test_anything_but_a_plain_web_address_is_refused(url, code):
    with pytest.raises(Refused) as refused:
        read_target(url)

    assert refused.value.code == code
    assert refused.value.is_permanent


@pytest.mark.parametrize("port", [1, 22, 25, 110, 1023])
def test_ports_of_other_services_are_refused(port):
    target = read_target(f"http://a.example:{port}/")

    with pytest.raises(Refused, match=f"Port {port} is not one"):
        target.require_usual_port(except_for=frozenset())
    target.require_usual_port(except_for={("a.example", port)})


@pytest.mark.parametrize("port", [80, 443, 1024, 8080, 65_535])
def test_ports_of_web_servers_are_usual(port):
    read_target(f"http://a.example:{port}/").require_usual_port(except_for=frozenset())


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/c", "https://a.example/c"),
        ("c?d", "https://a.example/b/c?d"),
        ("//c.example/d", "https://c.example/d"),
        ("http://c.example", "http://c.example/"),
    ],
)
def test_a_redirect_leads_on_from_where_it_was_given(location, url):
    assert read_target("https://a.example/b/").joined(location).url == url


@pytest.mark.parametrize("location", ["file:///etc/passwd", "http://u:p@b.example/", "http://\\"])
def test_a_redirect_is_held_to_the_same_rules(location):
    with pytest.raises(Refused):
        read_target("https://a.example/").joined(location)


def test_whose_server_it_is_can_be_told_of_any_text():
    assert host_of("https://A.example:8443/b") == "a.example"
    assert host_of("http://[::1/") == ""
    assert host_of("nonsense") == ""
