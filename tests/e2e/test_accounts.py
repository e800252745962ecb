# SPDX-License-Identifier: MIT
"""Three accounts of the database: the server, the jobs and the schema each have what they need and no
more. All other tests here run under them, too."""
import pymysql
import pytest

from stack.cli import CONFIG, USAGE, Cli
from stack.mariadb import APP_PASSWORD, APP_USER

DENIED = (1142, 1044)  # on a table, on a schema


@pytest.fixture
def as_account(server, database):
    """Says a statement as one of the accounts."""
    def say(whose, sql):
        user = APP_USER if whose == "app" else f"{APP_USER}_{whose}"
        connection = pymysql.connect(unix_socket=str(server.socket), user=user,
                                     password=APP_PASSWORD, database=database.name)
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
    return say


@pytest.mark.parametrize("sql", [
    "DROP TABLE units_of_nobody", "ALTER TABLE mentors ADD COLUMN x INT", "CREATE TABLE x (y INT)",
    "CREATE INDEX x ON mentors (name)", "UPDATE mentors SET email = 'thief@example.org'",
    "UPDATE coordinators SET email = 'thief@example.org'", "DELETE FROM organisations",
    "UPDATE message_attempts SET happened = NULL", "DELETE FROM schema_migrations",
    "UPDATE audit SET actor = 'nobody'", "DELETE FROM relays",
    "SELECT * FROM mysql.user"])
@pytest.mark.parametrize("whose", ["app", "sweep"])
def test_neither_server_nor_jobs_may(as_account, whose, sql):
    with pytest.raises(pymysql.err.OperationalError) as refused:
        as_account(whose, sql)
    assert refused.value.args[0] in DENIED, refused.value


@pytest.mark.parametrize("table", ["messages", "message_attempts", "expiry_logs", "decisions",
                                   "audit", "sweeps", "job_runs", "pauses", "reminders"])
def test_the_server_removes_no_record(as_account, table):
    """The jobs do, when it is old."""
    with pytest.raises(pymysql.err.OperationalError) as refused:
        as_account("app", f"DELETE FROM {table}")
    assert refused.value.args[0] in DENIED, refused.value
    as_account("sweep", f"DELETE FROM {table}")


@pytest.mark.parametrize("sql", ["INSERT INTO certifications (seq) VALUES (1)",
                                 "DELETE FROM certifications", "DELETE FROM mentor_locks",
                                 "UPDATE idempotency_keys SET status = 200"])
def test_the_jobs_may_not_what_only_the_server_does(as_account, sql):
    with pytest.raises(pymysql.err.OperationalError) as refused:
        as_account("sweep", sql)
    assert refused.value.args[0] in DENIED, refused.value


def test_every_table_has_its_rights(cli, database):
    for whose in ("app", "sweep"):
        granted = [line.split(" ON ")[1].split(".")[1].split()[0]
                   for line in cli.good("grants", whose, "x@localhost").out.splitlines()]
        assert granted == [table for table in database.tables() if table != "schema_lock"], \
            "that one is for migrate alone"


@pytest.fixture
def account(tmp_path, settings):
    """A file for database.migrate_account → how `import` ends with it."""
    def use(text, mode=0o640):
        path = tmp_path / "account.conf"
        path.write_text(text)
        path.chmod(mode)
        return Cli({**settings, "MENTORWATCH_DATABASE_MIGRATE_ACCOUNT": str(path)}).run("import",
                                                                                       "-")
    return use


def test_an_account_is_user_and_password_in_a_file_of_its_own(account):
    good = f"[database]\nuser = {APP_USER}_migrate\npassword = {APP_PASSWORD}\n"
    assert "import" not in account(good).err
    for text, mode, why in (
            (good, 0o644, "everybody can read it"),
            (good + "host = elsewhere\n", 0o640, "database.host"),
            ("[mail]\nrelay = x\n", 0o640, "is not part of an account"),
            ("user\n", 0o640, "line 1")):
        done = account(text, mode)
        assert done.status == CONFIG and why in done.err, done


def test_an_account_that_cannot_be_read_is_told(settings):
    away = Cli({**settings, "MENTORWATCH_DATABASE_SWEEP_ACCOUNT": "/nonexistent/account.conf"})
    done = away.run("dispatch")
    assert done.status == CONFIG and "/nonexistent/account.conf" in done.err
    assert "outbox" in away.run("status").out, "which is not of the jobs"


@pytest.mark.parametrize("arguments", [("app", "nobody"), ("app", "a'b@localhost"), ("app", "x@"),
                                       ("root", "x@localhost"), ("app", "x@y'")])
def test_grants_are_for_an_account(cli, arguments):
    done = cli.run("grants", *arguments)
    assert done.status == USAGE and not done.out and "mentorwatch: " in done.err


def test_a_schema_right_means_that_schema_alone(settings):
    out = Cli({**settings, "MENTORWATCH_DATABASE_NAME": "a_b`c"}).good(
        "grants", "migrate", "x@10.0.0.%").out
    assert out.endswith("ON `a\\_b``c`.* TO 'x'@'10.0.0.%';\n")
