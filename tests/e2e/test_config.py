# SPDX-License-Identifier: MIT
"""Settings: one file, overridden key by key by the environment, and nothing misspelt."""
import shutil
import subprocess

import pytest

from stack import env
from stack.cli import CONFIG, GOOD, USAGE, Cli


def ini(settings):
    """Our MENTORWATCH_SECTION_KEY variables as a file."""
    sections = {}
    for name, value in settings.items():
        section, key = name.removeprefix("MENTORWATCH_").lower().split("_", 1)
        sections.setdefault(section, []).append(f"{key} = {value}")
    return "".join(f"[{section}]\n" + "\n".join(lines) + "\n\n"
                   for section, lines in sections.items())


@pytest.fixture
def file(tmp_path, settings):
    """The whole stack's settings in a file that only its owner may read."""
    path = tmp_path / "mentorwatch.conf"
    path.write_text(ini(settings))
    path.chmod(0o640)
    return path


def with_text(file, text):
    file.write_text(file.read_text() + text)
    return file


def check(cli, *arguments):
    """Any command that needs the settings and the database."""
    return cli.run(*arguments, "sweep", "--dry-run", "--json")


def test_a_file_named_by_the_option_is_used(file):
    assert check(Cli({}), "--config", str(file)).status == GOOD


def test_a_file_named_by_the_environment_is_used(file):
    assert check(Cli({"MENTORWATCH_CONFIG": str(file)})).status == GOOD


def test_the_option_wins_over_the_environment(file, tmp_path):
    broken = tmp_path / "broken.conf"
    broken.write_text("nonsense")
    assert check(Cli({"MENTORWATCH_CONFIG": str(broken)}), "--config", str(file)).status == GOOD


def test_a_file_beside_the_program_is_used(file):
    program = file.parent / "mentorwatch"
    shutil.copy(env.cli_program(), program)
    done = subprocess.run([program, "sweep", "--dry-run", "--json"], capture_output=True,
                          env=env.clean_environment(), check=False)
    assert done.returncode == GOOD, done.stderr


def test_a_variable_wins_over_the_file(file):
    with_text(file, "[database]\nsocket = /nonexistent/db.sock\n")
    socket = [line for line in file.read_text().splitlines() if line.startswith("socket")][0]
    cli = Cli({"MENTORWATCH_CONFIG": str(file),
               "MENTORWATCH_DATABASE_SOCKET": socket.partition(" = ")[2]})
    assert check(cli).status == GOOD


def test_comments_and_blank_lines_are_fine(file):
    with_text(file, "\n; a remark\n# another\n\n[log]\nlevel = debug ; said here too\n")
    assert check(Cli({}), "--config", str(file)).status == GOOD


def test_a_value_may_hold_an_equals_sign_and_utf8(file):
    with_text(file, "[mail]\nfrom_name = Mentor = Øst\n")
    assert check(Cli({}), "--config", str(file)).status == GOOD


BAD_SETTINGS = {
    "unknown key": ("[database]\nhots = db\n", "database.hots"),
    "unknown section": ("[databse]\nhost = db\n", "databse.host"),
    "key without a section": ("", "host"),
    "too small": ("[server]\nthreads = 0\n", "server.threads"),
    "too large": ("[server]\nthreads = 257\n", "server.threads"),
    "no number": ("[server]\nthreads = many\n", "server.threads"),
    "number with a unit": ("[jobs]\nlease = 120s\n", "jobs.lease"),
    "empty number": ("[jobs]\nbatch =\n", "jobs.batch"),
    "unknown word": ("[mail]\ntls = maybe\n", "mail.tls"),
    "unknown level": ("[log]\nlevel = loud\n", "log.level"),
    "unknown language": ("[notify]\nlanguage = se\n", "notify.language"),
}


@pytest.mark.parametrize("case", BAD_SETTINGS)
def test_a_bad_setting_is_refused_by_its_name(file, case):
    text, name = BAD_SETTINGS[case]
    if not text:
        file.write_text("host = db\n" + file.read_text())
    done = check(Cli({}), "--config", str(with_text(file, text)))
    assert done.status == CONFIG, done
    assert name in done.err
    assert done.out == ""


@pytest.mark.parametrize("variable, value", [
    ("MENTORWATCH_DATABASE_HOTS", "db"),
    ("MENTORWATCH_NONSENSE", "1"),
    ("MENTORWATCH_SERVER_THREADS", "257"),
    ("MENTORWATCH_MAIL_TLS", "maybe"),
    ("MENTORWATCH_", "1"),
])
def test_a_bad_variable_is_refused_by_its_name(settings, variable, value):
    done = check(Cli({**settings, variable: value}))
    assert done.status == CONFIG, done
    assert variable in done.err


def test_all_that_is_wrong_is_told_at_once(file):
    with_text(file, "[server]\nthreads = 0\nthraeds = 4\n[log]\nlevel = loud\n")
    done = Cli({"MENTORWATCH_JOBS_BATCH": "0"}).run("--config", str(file), "sweep")
    assert done.status == CONFIG
    for name in ("server.threads", "server.thraeds", "log.level", "MENTORWATCH_JOBS_BATCH"):
        assert name in done.err


def test_a_line_that_is_no_setting_is_told_by_its_number(file):
    lines = len(file.read_text().splitlines())
    done = check(Cli({}), "--config", str(with_text(file, "this is nothing\n")))
    assert done.status == CONFIG
    assert str(lines + 1) in done.err or str(lines + 2) in done.err


@pytest.mark.parametrize("name", ["/nonexistent/mentorwatch.conf", "/"])
def test_a_file_that_cannot_be_read_is_told(settings, name):
    done = check(Cli(settings), "--config", name)
    assert done.status == CONFIG, done
    assert name in done.err


# Passwords

@pytest.mark.parametrize("mode", [0o644, 0o604, 0o666])
def test_a_password_that_everybody_can_read_is_refused(file, mode):
    file.chmod(mode)
    done = check(Cli({}), "--config", str(file))
    assert done.status == CONFIG, done
    assert "password" in done.err and "only-for-tests" not in done.err


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o440])
def test_a_password_that_few_can_read_is_fine(file, mode):
    file.chmod(mode)
    assert check(Cli({}), "--config", str(file)).status == GOOD


def test_without_a_password_everybody_may_read_the_file(file, settings):
    secrets = {name: settings[name] for name in ("MENTORWATCH_DATABASE_PASSWORD",
                                                 "MENTORWATCH_TOKEN_SECRET")}
    file.write_text("".join(line for line in file.read_text().splitlines(keepends=True)
                            if line.partition(" = ")[2].strip() not in secrets.values()))
    file.chmod(0o644)
    cli = Cli(secrets)
    assert check(cli, "--config", str(file)).status == GOOD


def test_the_worker_takes_the_same_file_and_refuses_the_same(file):
    file.chmod(0o644)
    done = subprocess.run(
        [env.fcgi_program(), "--socket", str(file.parent / "w.sock"), "--config", str(file)],
        capture_output=True, env=env.clean_environment(), timeout=env.PATIENCE, check=False)
    assert done.returncode == CONFIG
    assert b"password" in done.stderr


def test_a_password_is_never_shown(settings):
    for arguments in (["settings"], ["routes"], ["help"], ["sweep", "-v"]):
        done = Cli(settings).run(*arguments)
        assert "only-for-tests" not in done.out + done.err


# The program's own words

def test_every_setting_has_a_line_in_the_manual_page(cli):
    page = cli.good("settings").out
    for section in ("database", "server", "mail", "notify", "jobs", "log"):
        assert f".Ss [{section}]" in page
    for key in ("socket", "max_body", "relay", "deadline", "grace_days", "level"):
        assert f".It Cm {key}" in page


def test_the_routes_are_listed(cli):
    listed = cli.good("routes").out
    for path in ("/api/v1/certifications/:id", "/api/v1/certifications/expiry-job/run",
                 "/healthz"):
        assert path in listed


@pytest.mark.parametrize("arguments", [["help"], ["help", "sweep"], ["help", "help"], ["--version"]])
def test_help_needs_no_settings(arguments):
    done = Cli({"MENTORWATCH_NONSENSE": "1"}).good(*arguments)
    assert "mentorwatch" in done.out


@pytest.mark.parametrize("arguments", [[], ["dance"], ["--nonsense"], ["help", "dance"]])
def test_bad_usage_is_told_with_its_own_status(cli, arguments):
    done = cli.run(*arguments)
    assert done.status == USAGE, done
    assert "mentorwatch" in done.err
