# SPDX-License-Identifier: MIT
"""mentorwatch doctor: all of it, and what it sees on this host and of the database, each good, and
broken with what to do about it."""
import contextlib

import pytest

from stack.cli import GOOD, USAGE, Cli
from stack.doctor import WRONG, Diagnosis, assert_wrong, diagnose
from stack.keys import openssl
from stack.mariadb import APP_RIGHTS, APP_USER, MariaDB
from stack.tables import add_sweep

CHECKS = ["configuration", "files", "state", "templates", "tokens", "database", "hosts", "schema",
          "rights", "clock", "web", "web clock", "path", "doubled path", "authorization", "hidden files", "mail",
          "test mail", "push", "sweep", "dispatch"]

pytestmark = pytest.mark.usefixtures("directory")


# All of it

@pytest.mark.usefixtures("well")
def test_all_is_ok_where_all_is_well(settings_file, site_url, mail):
    path, cli = settings_file
    (path.parent / "state").mkdir(0o700)
    cli = cli.with_settings(NOTIFY_STATE=path.parent / "state")
    found = diagnose(cli, "--url", site_url, "--mail", "kari@example.org")
    assert list(dict.fromkeys(f["check"] for f in found.findings)) == CHECKS
    assert [f for f in found.findings if f["result"] != "ok"] == []
    assert mail.mail_to("kari@example.org")["Subject"] == "mentorwatch can send mail"
    assert "3 hours ago" in found.says("sweep")


@pytest.mark.usefixtures("well")
def test_what_is_not_asked_for_is_skipped_and_nothing_is_wrong(cli, mail):
    found = diagnose(cli)
    assert found.done.status == GOOD
    assert {f["check"] for f in found.of("skipped")} == {
        "state", "web", "web clock", "path", "doubled path", "authorization", "hidden files",
        "test mail"}
    assert "server.url" in found.says("web") and "--mail" in found.says("test mail")
    assert not mail.mails


@pytest.mark.usefixtures("well")
def test_people_read_a_line_for_each(cli, site_url):
    done = cli.good("doctor", "--url", site_url)
    lines = done.out.splitlines()
    assert len(lines) == len(CHECKS) + 2
    assert all(line.split()[0] in ("ok", "skipped") for line in lines)
    assert done.err == ""


@pytest.mark.usefixtures("well")
def test_the_setting_names_the_site_as_well(cli, site_url):
    assert diagnose(cli.with_settings(SERVER_URL=site_url + "/")).result("path") == ["ok"]


def test_no_secret_is_said(settings, site_url):
    secret = "Oo0-secret-that-nobody-may-see-0oO"
    cli = Cli(settings).with_settings(
        DATABASE_PASSWORD=secret, MAIL_USER="kari", MAIL_PASSWORD=secret, TOKEN_SECRET=secret,
        API_SERVICE_TOKEN=secret, PUSH_SECRET="whsec_" + "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0")
    done = cli.run("doctor", "--url", site_url, "--mail", "kari@example.org")
    assert done.status == WRONG
    assert secret not in done.out + done.err and "whsec" not in done.out + done.err


def test_it_leaves_nothing_in_the_database(cli, database, site_url):
    before = database.checksums()
    diagnose(cli, "--url", site_url)
    assert database.checksums() == before


def test_it_takes_no_arguments(cli):
    assert cli.run("doctor", "all").status == USAGE


# On this host

def test_bad_settings_are_told_and_nothing_else_is_looked_at(cli):
    found = assert_wrong(cli.with_settings(MAIL_TLS="maybe"), "configuration", "MAIL_TLS")
    assert found.result("database") == ["skipped"]


def test_a_file_that_is_not_there_is_told(cli, tmp_path):
    done = cli.run("--config", str(tmp_path / "none.conf"), "doctor", "--json")
    assert "none.conf" in Diagnosis(done).says("configuration")


@pytest.mark.usefixtures("well")
def test_a_file_that_everybody_may_read_is_told(settings_file):
    path, cli = settings_file
    path.chmod(0o644)
    assert_wrong(cli, "configuration", f"chmod 640 {path}")


@pytest.mark.usefixtures("well")
def test_a_file_that_others_may_write_is_told(settings_file):
    path, cli = settings_file
    path.chmod(0o620)
    assert_wrong(cli, "files", f"chmod go-w {path}")


@pytest.mark.usefixtures("well")
def test_a_file_where_the_web_may_see_it_is_told(settings_file):
    path, cli = settings_file
    (path.parent / ".htaccess").write_text("")
    assert_wrong(cli, "files", "which the web may see", "move it elsewhere")


@pytest.mark.usefixtures("well")
def test_a_key_that_others_may_read_is_told(cli, tmp_path):
    key, public = tmp_path / "key.pem", tmp_path / "public.pem"
    openssl("genpkey", "-algorithm", "RSA", "-out", str(key))
    openssl("pkey", "-in", str(key), "-pubout", "-out", str(public))
    rs256 = cli.with_settings(TOKEN_ALGORITHM="RS256", TOKEN_SECRET="", TOKEN_KEY_FILE=public,
                              TOKEN_PRIVATE_KEY_FILE=key)
    key.chmod(0o600)
    found = diagnose(rs256)
    assert found.result("files") == ["ok"]
    assert "RS256" in found.says("tokens")
    key.chmod(0o644)
    assert_wrong(rs256, "files", f"chmod o= {key}")
    key.unlink()
    assert_wrong(rs256, "files", "token.private_key_file")


@pytest.mark.usefixtures("well")
def test_where_deliveries_cannot_be_remembered_is_told(cli, tmp_path):
    folder = tmp_path / "state"
    remembering = cli.with_settings(NOTIFY_STATE=folder)
    found = diagnose(remembering)
    assert found.result("state") == ["skipped"] and f"no folder {folder}" in found.says("state")
    folder.write_text("")
    assert_wrong(remembering, "state", "notify.state", str(folder))
    folder.unlink()
    folder.mkdir(0o700)
    assert diagnose(remembering).result("state") == ["ok"]
    folder.chmod(0o777)
    assert_wrong(remembering, "state", f"chmod go-w {folder}")


@pytest.mark.usefixtures("well")
def test_templates_that_are_not_there_are_told(cli, tmp_path):
    assert_wrong(cli.with_settings(NOTIFY_TEMPLATES=tmp_path), "templates", "notify.templates",
                 str(tmp_path))


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize("secret, word", [("", "token.secret"), ("short", "32")])
def test_a_site_that_accepts_no_token_is_told(cli, secret, word):
    assert_wrong(cli.with_settings(TOKEN_SECRET=secret), "tokens", word)


# The database

@pytest.mark.parametrize("change, words", [
    ({"PASSWORD": "wrong"}, ["database.password", "mentorwatch"]),
    ({"NAME": "none_of_ours"}, ["database.name", "none_of_ours"]),
    ({"SOCKET": "/nowhere.sock"}, ["database.socket"]),
    ({"HOST": "127.0.0.1", "PORT": "1", "SOCKET": ""}, ["database.port"])])
def test_a_database_that_does_not_let_us_in_is_told(cli, change, words):
    broken = cli.with_settings(**{f"DATABASE_{key}": value for key, value in change.items()})
    found = assert_wrong(broken, "database", *words)
    for check in ("rights", "schema", "clock", "push", "sweep", "dispatch"):
        assert found.result(check) == ["skipped"]


def test_a_schema_that_is_not_there_is_told(server, cli):
    server.run(f"GRANT ALL ON gone.* TO {APP_USER}@localhost")
    try:
        assert_wrong(cli.with_settings(DATABASE_NAME="gone"), "database",
                     "there is no schema gone")
    finally:
        server.run(f"REVOKE ALL ON gone.* FROM {APP_USER}@localhost")


class OldMariaDB(MariaDB):
    more_options = ("--version=10.5.9-MariaDB",)


def test_a_database_that_is_too_old_is_told(folder, settings):
    server = OldMariaDB(folder / "olddb")
    server.start()
    try:
        database = server.new_database("mw")
        assert_wrong(Cli({**settings, **database.settings()}), "database", "MariaDB 10.5.9",
                     "too old", "10.6")
    finally:
        server.stop()


@pytest.fixture
def apart(new_schema):
    """A schema of its own: database, command line."""
    database, settings = new_schema("mw_doctor")
    add_sweep(database, "good", hours_ago=1)
    return database, Cli(settings)


@contextlib.contextmanager
def without(server, right, on, account):
    server.run(f"REVOKE {right} ON {on} FROM {account}@localhost")
    try:
        yield
    finally:
        server.run(f"GRANT {right} ON {on} TO {account}@localhost")


def as_pattern(schema):
    """As `mentorwatch grants` names it, and so REVOKE must."""
    return "`" + schema.replace("_", r"\_") + "`.*"


OWNER = f"{APP_USER}_migrate"


@pytest.mark.parametrize("right", ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER",
                                   "INDEX", "DROP"])
def test_a_right_that_the_owner_of_the_schema_misses_is_told(apart, server, right):
    database, cli = apart
    assert diagnose(cli).result("rights") == ["ok", "ok", "ok"]
    with without(server, right, as_pattern(database.name), OWNER):
        found = diagnose(cli)
    assert found.result("rights") == ["ok", "ok", "wrong"], found.done
    assert right in found.says("rights").split(f"{OWNER} may not ")[1].split(":")[0]
    assert f'"mentorwatch grants migrate {OWNER}@HOST"' in found.says("rights")
    assert found.done.status == WRONG
    assert diagnose(cli).result("rights") == ["ok", "ok", "ok"]
    assert "doctor_probe" not in database.tables()


@pytest.mark.parametrize("role, account, right, table", [
    ("app", APP_USER, "SELECT", "mentors"), ("app", APP_USER, "INSERT", "messages"),
    ("app", APP_USER, "DELETE", "idempotency_keys"),
    ("sweep", f"{APP_USER}_sweep", "UPDATE", "leases")])
def test_a_right_on_a_table_that_is_missing_is_told(apart, server, role, account, right, table):
    database, cli = apart
    before = database.checksums()
    with without(server, right, f"{database.name}.{table}", account):
        found = diagnose(cli)
    assert sorted(found.result("rights")) == ["ok", "ok", "wrong"], found.done
    assert f"{account} may not {right} on {table}: " in found.says("rights"), found.done
    assert f'"mentorwatch grants {role} {account}@HOST"' in found.says("rights")
    assert database.checksums() == before


@pytest.fixture
def alone(apart, server):
    """All with one account, which may all on the schema."""
    database, cli = apart
    server.run(f"GRANT {APP_RIGHTS} ON {database.name}.* TO {APP_USER}@localhost")
    return database, cli.with_settings(DATABASE_SWEEP_ACCOUNT="", DATABASE_MIGRATE_ACCOUNT="")


def test_one_account_is_looked_at_once(alone, server):
    database, cli = alone
    assert diagnose(cli).result("rights") == ["ok"]
    with without(server, "CREATE, INDEX", f"{database.name}.*", APP_USER):
        found = assert_wrong(cli, "rights", f"{APP_USER} may not CREATE: ")
    assert len(found.result("rights")) == 1


def test_an_account_that_is_not_let_in_is_told(apart, tmp_path):
    path = tmp_path / "account.conf"
    path.write_text("[database]\nuser = nobody\npassword = none\n")
    path.chmod(0o600)
    found = assert_wrong(apart[1].with_settings(DATABASE_SWEEP_ACCOUNT=path), "rights",
                         "does not let nobody in")
    assert sorted(found.result("rights")) == ["ok", "ok", "wrong"]
    path.chmod(0o620)
    found = diagnose(apart[1].with_settings(DATABASE_SWEEP_ACCOUNT=path))
    assert f"chmod go-w {path}" in found.says("files")
    assert_wrong(apart[1].with_settings(DATABASE_MIGRATE_ACCOUNT=tmp_path / "none.conf"), "rights",
                 "none.conf")


def test_a_schema_that_is_too_old_is_told(server, common_settings):
    database = server.new_database("mw_empty")
    found = assert_wrong(Cli({**common_settings, **database.settings()}), "schema",
                         'run "mentorwatch migrate"')
    assert found.result("sweep") == ["skipped"]


def test_a_schema_that_is_not_this_programs_is_told(apart):
    database, cli = apart
    database.run("UPDATE schema_migrations SET checksum = REVERSE(checksum) WHERE version = 3")
    assert_wrong(cli, "schema", "0003-pauses.sql", "restore it")
    database.run("UPDATE schema_migrations SET checksum = REVERSE(checksum) WHERE version = 3")
    database.run("INSERT INTO schema_migrations (version, name, checksum, started_at, finished_at)"
                 " SELECT MAX(version) + 1, 'later.sql', '', NOW(), NOW() FROM schema_migrations")
    assert_wrong(cli, "schema", "this program knows only")


@pytest.mark.parametrize("apart_by, words", [("+ 7300", "2 hours apart"),
                                             ("- 95", "1 minute apart")])
@pytest.mark.usefixtures("well")
def test_a_database_with_another_time_is_told(server, cli, apart_by, words):
    server.run(f"SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() {apart_by}'")
    try:
        found = diagnose(cli)
    finally:
        server.run("SET GLOBAL init_connect = ''")
    assert found.result("clock") == ["wrong"]
    assert words in found.says("clock") and "NTP" in found.says("clock")
