"""Whom a server lets in is settled before it starts; what cannot be safe is one sentence."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import served

from dashboard.access.auth_section import LoginMisconfigured
from dashboard.access.roles import RolesUnreadable
from dashboard.access.serving import InsideStudy, NeedsLogin, named_secrets, settle
from dashboard.launch import launch, launch_with
from data_contracts.errors import UnderstudyError

SECRET = "kR9vXm2LqT7wZb4NcY8sHd3JfG6pVu1A"
AUTH = f"""
[auth]
redirect_uri = "https://understudy.example.org/shadow/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "understudy"
client_secret = "s3cret"
server_metadata_url = "https://login.example.org/.well-known/openid-configuration"
"""
NAMED = f"""
[auth]
redirect_uri = "http://localhost:{{port}}/oauth2callback"
cookie_secret = "{SECRET}"
[auth.example]
client_id = "understudy"
client_secret = "s3cret"
server_metadata_url = "https://login.example.org/.well-known/openid-configuration"
client_kwargs = {{ prompt = "login" }}
"""


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.toml"
    path.write_text(AUTH)
    return path


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.7", "example.org"])
def test_without_a_login_the_server_stays_on_this_computer(host: str) -> None:
    with pytest.raises(NeedsLogin, match=r"needs a login.*--secrets"):
        settle(host, 8501, None, None)
    for local in ("localhost", "127.0.0.1", "::1"):
        assert settle(local, 8501, None, None).login is None


def test_a_roles_file_without_a_login_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(NeedsLogin, match="roles file"):
        settle("localhost", 8501, None, tmp_path / "roles.toml")


def test_with_a_login_the_server_may_listen_to_others(secrets: Path) -> None:
    doors = settle("0.0.0.0", 8501, secrets, None)
    assert doors.address == "https://understudy.example.org/shadow"
    options = dict(doors.options())
    assert options["server.address"] == "0.0.0.0"
    assert options["server.baseUrlPath"] == "shadow"
    assert options["browser.serverAddress"] == "understudy.example.org"
    assert options["secrets.files"] == str(secrets)
    hosts = [value for name, value in doors.options() if name == "server.allowedHosts"]
    assert hosts == ["understudy.example.org", "localhost", "127.0.0.1", "::1"]
    assert launch_with([], doors).environment["UNDERSTUDY_LOGIN"] == "required"


def test_a_provider_with_a_name_and_a_port_that_fills_itself_in(secrets: Path) -> None:
    secrets.write_text(NAMED)
    doors = settle("localhost", 8777, secrets, None)
    assert doors.address == "http://localhost:8777"


WRONG = {
    "cookie_secret` is missing": AUTH.replace("cookie_secret", "secret"),
    "cookie_secret` can be guessed": AUTH.replace(SECRET, "x" * 40),
    "`cookie_secret` can be guessed": AUTH.replace(SECRET, SECRET[:31]),
    "`client_id`": AUTH.replace('client_id = "understudy"', ""),
    "`client_secret`": AUTH.replace("s3cret", " "),
    "`server_metadata_url`": AUTH.replace("server_metadata_url", "metadata_url"),
    "`[auth.my_own]` has an underscore": NAMED.replace("auth.example", "auth.my_own"),
    "`[auth.example]` has no `client_id`": NAMED.replace("client_id", "id"),
    "`redirect_uri` is missing": AUTH.replace("redirect_uri", "redirect"),
    "it must end with `/oauth2callback`": AUTH.replace("/oauth2callback", "/callback"),
    "it must end with": AUTH.replace("/oauth2callback", "/oauth2callback?x=1"),
    "a whole address": AUTH.replace("https://understudy.example.org", "understudy"),
    "it must be `https`": AUTH.replace("https://understudy", "http://understudy"),
    "beyond this computer it must be `https`": AUTH.replace("https://login", "http://login"),
    "on port 8501": NAMED.replace("{port}", "8502"),
    "a whole address, as": AUTH.replace("example.org/shadow", "example.org:port/shadow"),
    "lets in every organisation": AUTH.replace(
        "login.example.org/", "login.microsoftonline.com/common/v2.0/"
    ),
    "it is not TOML": AUTH.replace('"', ""),
    "there is no section `[auth]`": "[other]",
    "there is no section": 'auth = "yes"',
}


@pytest.mark.parametrize("found", WRONG)
def test_a_login_that_cannot_work_is_one_sentence(secrets: Path, found: str) -> None:
    secrets.write_text(WRONG[found])
    with pytest.raises(LoginMisconfigured) as fault:
        settle("localhost", 8501, secrets, None)
    assert found in str(fault.value)
    assert str(secrets) in str(fault.value)
    assert SECRET not in str(fault.value)
    assert "s3cret" not in str(fault.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, secrets: Path) -> None:
    with pytest.raises(LoginMisconfigured, match="No such file"):
        settle("localhost", 8501, tmp_path / "none.toml", None)
    with pytest.raises(RolesUnreadable, match="No such file"):
        settle("localhost", 8501, secrets, tmp_path / "none.toml")


def test_who_is_let_in_is_never_settled_inside_a_study(tmp_path: Path, secrets: Path) -> None:
    study = tmp_path / "flights"
    study.mkdir()
    inside = study / "file.toml"
    inside.write_text(AUTH)
    link = tmp_path / "link.toml"
    link.symlink_to(inside)
    for file in (inside, link, study / ".." / "flights" / "file.toml"):
        with pytest.raises(InsideStudy):
            settle("localhost", 8501, file, None, [study])
        with pytest.raises(InsideStudy):
            settle("localhost", 8501, secrets, file, [study])


def test_the_login_is_found_where_streamlit_would_look(
    tmp_path: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    for place in (home, work):
        (place / ".streamlit").mkdir(parents=True)
    monkeypatch.chdir(work)
    monkeypatch.setattr(Path, "home", lambda: home)
    assert named_secrets(None, {}) is None
    (work / ".streamlit" / "secrets.toml").write_text("[other]")
    assert named_secrets(None, {}) is None
    (home / ".streamlit" / "secrets.toml").write_text(AUTH)
    assert named_secrets(None, {}) == home / ".streamlit" / "secrets.toml"
    assert named_secrets(None, {"UNDERSTUDY_SECRETS": str(secrets)}) == secrets
    assert named_secrets(Path("mine.toml"), {"UNDERSTUDY_SECRETS": "x"}) == Path("mine.toml")


@pytest.mark.parametrize(
    "arguments",
    [["--host", "0.0.0.0"], ["--secrets", "none.toml"], ["--roles", "none.toml"]],
)
def test_the_command_line_says_it_and_ends(tmp_path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-P", "-m", "dashboard.launch", *arguments]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=_environment(), timeout=60
    )
    assert done.returncode == UnderstudyError.exit_code
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("folder", ["../../etc", "/etc/passwd", "..", "\u202e", "--secrets"])
def test_a_folder_that_is_no_study_is_not_served(tmp_path: Path, folder: str) -> None:
    command = [sys.executable, "-P", "-m", "pipelines.cli", "dashboard", "--", folder]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=_environment(), timeout=60
    )
    assert done.returncode == UnderstudyError.exit_code
    assert "study" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, **more}


def test_no_configuration_file_or_variable_opens_what_we_keep_shut(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text(
        "[server]\nenableCORS = false\nenableXsrfProtection = false\naddress = '0.0.0.0'\n"
    )
    program = (
        "import json, sys; from streamlit.web import cli; from streamlit import config;"
        "cli.bootstrap.run = lambda *a, **k: print(json.dumps({n: config.get_option(n) for n in"
        " ('server.address', 'server.enableCORS', 'server.enableXsrfProtection',"
        " 'server.trustedUserHeaders', 'server.allowedHosts')}));"
        "cli.main(sys.argv[1:], standalone_mode=False)"
    )
    hostile = _environment(
        STREAMLIT_SERVER_TRUSTED_USER_HEADERS='{"X-Email": "email"}',
        STREAMLIT_SERVER_ALLOWED_HOSTS="*",
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *launch([]).arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=hostile,
        timeout=60,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "server.address": "localhost",
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.trustedUserHeaders": {},
        "server.allowedHosts": ["localhost", "127.0.0.1", "::1"],
    }, done.stderr


@pytest.fixture(scope="module")
def address(
    study: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with served(study("tiny"), home=tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 101),
        ({"Host": "rebound.example"}, 403),
        ({"Host": "rebound.example", "Origin": "http://rebound.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_a_foreign_page_cannot_open_a_session(
    address: str, headers: dict[str, str], status: int
) -> None:
    place = urlsplit(address).netloc
    upgrade = {
        "Host": place,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    asked = http.client.HTTPConnection(place, timeout=20)
    asked.request("GET", "/_stcore/stream", headers={**upgrade, **headers})
    assert asked.getresponse().status == status
    asked.close()
