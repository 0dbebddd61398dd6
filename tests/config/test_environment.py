"""Values are read strictly: what cannot be used is refused, with its name and what was expected."""

import pytest

from config.settings.environment import Environment, WrongValue, only_options


def reading(**values: str) -> Environment:
    return Environment(values)


@pytest.mark.parametrize("raw", ["true", "TRUE", "1", "yes", "on", " true "])
def test_words_that_mean_yes(raw):
    assert reading(FLAG=raw).boolean("FLAG", default=False) is True


@pytest.mark.parametrize("raw", ["false", "False", "0", "no", "off"])
def test_words_that_mean_no(raw):
    assert reading(FLAG=raw).boolean("FLAG", default=True) is False


@pytest.mark.parametrize("raw", ["", "  "])
def test_an_empty_value_counts_as_not_set(raw):
    env = reading(A=raw)

    assert env.boolean("A", default=True) is True
    assert env.integer("A", default=7, minimum=1, maximum=9) == 7
    assert env.text("A", default="x") == "x"
    assert env.names("A", default=("x",)) == ["x"]
    assert env.choice("A", choices=("x", "y"), default="y") == "y"
    assert env.url("A", schemes=("orm",), default="orm://").scheme == "orm"
    assert env.url("A", schemes=("orm",)).scheme == ""


def test_an_unclear_boolean_is_refused():
    with pytest.raises(WrongValue, match=r"^FLAG: expected true or false, got 'maybe'$"):
        reading(FLAG="maybe").boolean("FLAG", default=False)


@pytest.mark.parametrize("raw", ["abc", "0", "10", "-1", "1.5", "1e0", "٣", "1_0", "+3"])
def test_a_number_out_of_range_or_not_a_number_is_refused(raw):
    with pytest.raises(WrongValue, match=r"^N: expected a whole number from 1 to 9, got "):
        reading(N=raw).integer("N", default=1, minimum=1, maximum=9)


def test_the_ends_of_a_range_are_taken():
    assert reading(N="1").integer("N", default=5, minimum=1, maximum=9) == 1
    assert reading(N="9").integer("N", default=5, minimum=1, maximum=9) == 9


def test_a_list_is_split_at_commas():
    assert reading(L="a, b ,c").names("L") == ["a", "b", "c"]


@pytest.mark.parametrize("raw", ["a,,b", ",", "a,"])
def test_a_list_with_a_hole_is_refused(raw):
    with pytest.raises(WrongValue, match=r"^L: expected a comma-separated list"):
        reading(L=raw).names("L")


def test_something_else_than_the_choices_is_refused():
    with pytest.raises(WrongValue, match=r"^C: expected one of x, y, got 'z'$"):
        reading(C="z").choice("C", choices=("x", "y"), default="x")


def test_a_url_is_taken_apart():
    url = reading(U="s3://key:s%2Fecret@bucket/prefix?region=eu-1&endpoint_url=http://h:9").url(
        "U", schemes=("file", "s3")
    )

    assert (url.scheme, url.parts.hostname, url.parts.path) == ("s3", "bucket", "/prefix")
    assert url.options == {"region": "eu-1", "endpoint_url": "http://h:9"}


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("ftp://host", "expected a URL starting with file:// or s3://"),
        ("s3:bucket", "expected a URL starting with file:// or s3://"),
        ("bucket", "expected a URL starting with file:// or s3://"),
        ("s3://host:port", "is not a URL: "),
        ("s3://bucket?a=1&a=2", "names the same option twice"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_showing_it(raw, problem):
    with pytest.raises(WrongValue, match=rf"^U: {problem}") as caught:
        reading(U=raw).url("U", schemes=("file", "s3"))

    assert "host:port" not in str(caught.value)


def test_an_option_nobody_reads_is_refused():
    url = reading(U="s3://bucket?regoin=eu").url("U", schemes=("s3",))

    with pytest.raises(WrongValue, match=r"^U: unknown option 'regoin'; known options: region$"):
        only_options("U", url, frozenset({"region"}))
