"""A process starts with the right settings, or does not start and says why in one line."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOW = """
import json, sys
from django.conf import settings
names = sys.argv[1:]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def python(*arguments: str, data_dir: Path, **environment: str):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(data_dir),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def settings_with(data_dir: Path, *names: str, **environment: str):
    result = python("-c", SHOW, *names, data_dir=data_dir, **environment)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("PORT", "70000", "expected a whole number from 1 to 65535, got '70000'"),
        ("DEBUG", "perhaps", "expected true or false, got 'perhaps'"),
        ("SECRET_KEY", "short", "must have at least 32 characters"),
        ("ALLOWED_HOSTS", "a,,b", "expected a comma-separated list, got an empty part in 'a,,b'"),
        ("CSRF_TRUSTED_ORIGINS", "x.org", "'x.org' must start with https:// or http://"),
        (
            "DATABASE_URL",
            "mysql://localhost/x",
            "expected a URL starting with sqlite:// or postgres:// or postgresql://",
        ),
        ("DATABASE_URL", "postgres://localhost", "names no database"),
        ("DATABASE_URL", "postgres://h/x?sslmod=require", "unknown option 'sslmod'"),
        ("DATABASE_URL", "sqlite:///no/such/directory/x", "there is no directory "),
        ("BROKER_URL", "amqp://h", "expected a URL starting with orm://"),
        ("BROKER_URL", "orm://?poll=3", "unknown option 'poll'; known options: none"),
        ("STORAGE_URL", "s3:bucket", "expected a URL starting with file:// or s3://"),
        ("STORAGE_URL", "file://host/x", "expected file:///absolute/directory"),
        ("CACHE_URL", "memcached://h", "expected a URL starting with locmem://"),
        ("EMAIL_URL", "smtp://", "names no server"),
        ("PUBLIC_URL", "catalog.example.com", "expected a URL starting with https:// or http://"),
        ("PUBLIC_URL", "https://h/path", "expected an address such as https://catalog.example.com"),
        ("PUBLIC_URL", "https://u:p@h", "expected an address such as https://catalog.example.com"),
        ("LOG_LEVEL", "LOUD", "expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL, got 'LOUD'"),
        ("OUTBOUND_ALLOWED_HOSTS", "10.0.0.1", "expected host:port, got '10.0.0.1'"),
        ("OUTBOUND_ALLOWED_HOSTS", "h:99999", "expected host:port, got 'h:99999'"),
        ("OPENAI_BASE_URL", "api.openai.com", "expected a URL starting with https://"),
        ("OPENAI_BASE_URL", "https://h/?q=1", "expected an address such as"),
        ("OPENAI_BASE_URL", "https://u:p@h/v1", "expected an address such as"),
        ("OPENAI_API_KEY", "sk-1 sk-2", "expected a key, without spaces or line breaks"),
        ("PIXELAPI_KEY", "schlüssel", "expected a key, without spaces or line breaks"),
        ("UPLOAD_MAX_ROWS", "-5", "expected a whole number from 1 to 100000000, got '-5'"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line(tmp_path, name, value, problem):
    result = python("manage.py", "check", data_dir=tmp_path, **{name: value})

    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Configuration error: {name}: {problem}")


def test_a_data_directory_that_cannot_be_made_stops_the_start(tmp_path):
    file = tmp_path / "file"
    file.write_text("")

    result = python("manage.py", "check", data_dir=file / "data")

    assert result.returncode == 2
    assert result.stderr == (
        f"Configuration error: DATA_DIR: cannot use {file / 'data'}: Not a directory\n"
    )


def test_a_wrong_value_stops_the_web_server_too(tmp_path):
    result = python(
        *("-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"),
        data_dir=tmp_path,
        LOG_LEVEL="LOUD",
    )

    assert result.returncode == 2
    assert result.stderr.startswith("Configuration error: LOG_LEVEL: ")
    assert result.stderr.count("\n") == 1


def test_without_any_variable_the_application_is_safe_and_local(tmp_path):
    names = ("DEBUG", "ALLOWED_HOSTS", "DATABASES", "SECRET_KEY", "SESSION_COOKIE_SECURE")

    found = settings_with(tmp_path / "data", *names)

    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "data" / "catalog.sqlite3")
    assert found["SESSION_COOKIE_SECURE"] is False
    assert len(found["SECRET_KEY"]) == 64
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "http://localhost:8000"),
        ({"PORT": "8001"}, "http://localhost:8001"),
        ({"PUBLIC_URL": "https://catalog.example.com/"}, "https://catalog.example.com"),
    ],
    ids=["default", "port", "given"],
)
def test_links_in_mail_begin_where_people_reach_the_application(tmp_path, environment, url):
    assert settings_with(tmp_path, "PUBLIC_URL", **environment) == {"PUBLIC_URL": url}


def test_a_generated_secret_is_kept_for_its_owner_alone(tmp_path):
    first = settings_with(tmp_path, "SECRET_KEY")["SECRET_KEY"]
    second = settings_with(tmp_path, "SECRET_KEY")["SECRET_KEY"]

    kept = tmp_path / "secret_key"
    assert first == second == kept.read_text().strip()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["media", "secret_key"]


@pytest.mark.parametrize(
    ("environment", "secure"),
    [
        ({"ALLOWED_HOSTS": "localhost"}, False),
        ({"ALLOWED_HOSTS": "catalog.example.com"}, True),
        ({"ALLOWED_HOSTS": "localhost,catalog.example.com"}, True),
        ({"ALLOWED_HOSTS": "catalog.example.com", "SECURE": "false"}, False),
        ({"SECURE": "true"}, True),
    ],
)
def test_naming_a_public_host_turns_https_rules_on(tmp_path, environment, secure):
    found = settings_with(
        tmp_path,
        *("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"),
        "SECURE_HSTS_SECONDS",
        **environment,
    )

    assert found == {
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_HSTS_SECONDS": 2_592_000 if secure else 0,
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgres://us%40er:p%2Fw@db.example.com:5433/shop?sslmode=require",
            {
                "NAME": "shop",
                "USER": "us@er",
                "PASSWORD": "p/w",
                "HOST": "db.example.com",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            "postgresql://postgres:@/shop?host=/run/postgresql",
            {
                "NAME": "shop",
                "USER": "postgres",
                "PASSWORD": "",
                "HOST": "/run/postgresql",
                "PORT": "",
                "OPTIONS": {},
            },
        ),
    ],
)
def test_postgres_is_reached_as_its_url_says(tmp_path, url, expected):
    found = settings_with(tmp_path, "DATABASES", DATABASE_URL=url)["DATABASES"]["default"]

    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert {key: found[key] for key in expected} == expected


def test_sqlite_takes_its_lock_at_the_start_of_a_transaction(tmp_path):
    options = settings_with(tmp_path, "DATABASES")["DATABASES"]["default"]["OPTIONS"]

    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)
    assert "PRAGMA journal_mode=WAL;" in options["init_command"]
    assert "PRAGMA synchronous=NORMAL;" in options["init_command"]


def test_the_queue_never_redelivers_what_may_still_run(tmp_path):
    cluster = settings_with(tmp_path, "Q_CLUSTER")["Q_CLUSTER"]

    assert cluster["orm"] == "default"
    assert cluster["retry"] >= 3 * cluster["timeout"] + 60
    assert (cluster["queue_limit"], cluster["bulk"], cluster["max_attempts"]) == (1, 1, 1)
    assert cluster["ack_failures"] is True
    assert set(cluster["ALT_CLUSTERS"]) == {"imagery"}


def test_outbound_hosts_are_pairs(tmp_path):
    found = settings_with(
        tmp_path, "OUTBOUND_ALLOWED_HOSTS", OUTBOUND_ALLOWED_HOSTS="Cdn.local:8080, [::1]:81"
    )

    assert "('cdn.local', 8080)" in found["OUTBOUND_ALLOWED_HOSTS"]
    assert "('::1', 81)" in found["OUTBOUND_ALLOWED_HOSTS"]


def test_every_variable_is_documented_with_its_type_and_default():
    from config.settings.environment import env

    documented = {}
    for line in (ROOT / "docs" / "configuration.md").read_text().splitlines():
        if line.startswith("| `"):
            name, kind, default, _ = (
                cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))
            )
            documented[name.strip("`")] = (kind, default.strip("`"))

    assert documented == {
        variable.name: (variable.kind, variable.default) for variable in env.declared.values()
    }
