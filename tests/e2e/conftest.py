# SPDX-License-Identifier: MIT
"""The stack, once a session: MariaDB (or MySQL), the worker, nginx and a mail server, all private
and all real. Every test begins with empty tables, the directory below and an empty mailbox."""
import ssl

import pytest

from stack import env, exchanges, outbox, tokens
from stack.api import PAUSES, Api
from stack.cli import UNAVAILABLE, Cli
from stack.directory import Directory
from stack.keys import openssl
from stack.ledger import Ledger
from stack.many import LISTS
from stack.mysql import server_class
from stack.nginx import Nginx
from stack.receiver import Receiver
from stack.recorder import THREADS, Recorder
from stack.smtp import MailServer
from stack.tables import add_sweep
from stack.times import in_days
from stack.worker import Worker


@pytest.fixture(scope="session")
def folder():
    path = env.temporary_folder()
    yield path
    env.remove_folder(path)


@pytest.fixture(scope="session")
def server(folder):
    """The database server."""
    server = server_class()(folder / "db")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mail():
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def common_settings(mail):
    """All that does not name a schema."""
    return {
        "MENTORWATCH_MAIL_RELAY": mail.address,
        "MENTORWATCH_MAIL_FROM": "mentorwatch@example.org",
        "MENTORWATCH_MAIL_FROM_NAME": "Mentorwatch Øst",
        "MENTORWATCH_MAIL_HELLO": "mentorwatch.example.org",
        "MENTORWATCH_MAIL_TIMEOUT": "10",
        "MENTORWATCH_NOTIFY_STATE": "/nonexistent",  # the tables are emptied between tests
        "MENTORWATCH_NOTIFY_TEMPLATES": str(env.SOURCE / "src/notify/templates"),
        "MENTORWATCH_TOKEN_SECRET": tokens.SECRET,
    }


@pytest.fixture(scope="session")
def new_schema(folder, server, common_settings):
    """Make a migrated schema of its own, under three accounts: new_schema(name) → database, settings."""
    def make(name):
        database = server.new_database(name)
        Cli({**common_settings, **database.settings()}).good("migrate")
        return database, {**common_settings, **database.separate_accounts(folder)}
    return make


@pytest.fixture(scope="session")
def schema(new_schema):
    return new_schema("mw")


@pytest.fixture(scope="session")
def settings(schema):
    return schema[1]


@pytest.fixture(scope="session")
def database(schema):
    return schema[0]


@pytest.fixture(scope="session")
def ledger(database):
    return Ledger(database)


@pytest.fixture(scope="session")
def worker(folder, settings):
    worker = Worker(folder, settings)
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture(scope="session")
def nginx(folder, worker):
    nginx = Nginx(folder / "nginx", worker.socket)
    nginx.start()
    yield nginx
    nginx.stop()


@pytest.fixture(scope="session")
def api(nginx):
    return Api(nginx)


@pytest.fixture(scope="session")
def coordinator(api):
    """The API as a coordinator of Oslo sees it; below: as others do."""
    return api.signed_in(tokens.of("coordinator", "org-oslo"))


@pytest.fixture(scope="session")
def org_admin(api):
    return api.signed_in(tokens.of("org_admin", "org-oslo"))


@pytest.fixture(scope="session")
def global_admin(api):
    return api.signed_in(tokens.of("global_admin"))


@pytest.fixture(scope="module")
def new_site(folder):
    """Start another worker with an nginx in front, until the module's tests are done:
    new_site(name, settings, **options) → Api."""
    parts = []

    def make(name, settings, **options):
        worker = Worker(folder, settings, name=name, **options)
        worker.start()
        nginx = Nginx(folder / f"nginx-{name}", worker.socket)
        nginx.start()
        parts.extend((worker, nginx))
        return Api(nginx)
    yield make
    for part in reversed(parts):
        part.stop()


@pytest.fixture(scope="session")
def certificate(folder):
    """For a server on 127.0.0.1, which nobody but the certificate's own file vouches for: a
    context, and that file."""
    key, chain = folder / "server.key", folder / "server.crt"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=server.test", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(key), "-out", str(chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context, str(chain)


@pytest.fixture(scope="session")
def cli(settings):
    return Cli(settings)


@pytest.fixture(autouse=True)
def directory(request):
    """Begin afresh: empty tables, empty mailbox, and the people whom tests may name."""
    if "schema" not in request.fixturenames:
        return None
    database = request.getfixturevalue("database")
    database.empty()
    request.getfixturevalue("mail").forget()
    directory = Directory(database)
    directory.fill()
    return directory


# Messages that wait.

@pytest.fixture
def queue(api, cli, mail, database):
    """Put expiry notices of these mentors into the outbox, with a mail server that was away for as
    long: queue("mentor-1", …)."""
    def fill(*mentors):
        mail.away()
        for mentor in mentors:
            api.record(mentor, in_days(-400), in_days(-1))
        assert cli.run("sweep", "--accept").status == UNAVAILABLE
        database.run("DELETE FROM relays")
        mail.back()
    return fill


@pytest.fixture
def watcher():
    """Who is told of each sweep (jobs.ping_url)."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="session")
def receiver():
    """Whom push messages go to, in the tests of faults and of the cluster."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def crowd(directory):
    return [directory.add_mentor(f"m-{n:02}", email=f"m-{n:02}@example.org") for n in range(30)]


@pytest.fixture
def recorder(settings, folder, directory):
    """With a log of its own."""
    number = len(list(folder.glob("recorder-*.log")))
    worker = Worker(folder, settings, name=f"recorder-{number}", threads=THREADS)
    worker.start()
    yield Recorder(worker)
    worker.stop()


@pytest.fixture
def shared(database, ledger, directory):
    """Has recording take long enough that many meet. Fails where no transaction was shared: the test
    would show nothing."""
    ledger.slow_down("certifications", 0.002)

    def commits():
        return int(database.one("SHOW GLOBAL STATUS LIKE 'Com_commit'")["Value"])
    before, after = commits(), {}
    yield after
    assert commits() - before < after["requests"] * 0.8, "none was shared"


@pytest.fixture
def reader(api, global_admin):
    return lambda path: global_admin if path == PAUSES else api


@pytest.fixture
def wrong(database, reader):
    """Every query of every list whose total is not what COUNT(*) says."""
    def look(of=LISTS):
        found = []
        for path in of:
            table, queries = LISTS[path]
            for query, sql in queries:
                counted = database.value(f"SELECT COUNT(*) FROM {table} WHERE {sql}")
                total = reader(path).get(path, limit=1, **query).total
                if total != counted:
                    found.append((path, query, total, counted))
        return found
    return look


@pytest.fixture
def reminded(api, mail, ledger):
    """A reminder for 30 days waits; the certification that it is about."""
    mail.refused[outbox.MAILBOX] = mail.refused["nora.asen@example.org"] = "450 busy"
    certification = outbox.remind(api)
    outbox.await_tried(ledger)
    assert outbox.the_message(ledger)["state"] == "queued"
    mail.forget()
    ledger.time_passes()
    return certification


# What the doctor looks at.

@pytest.fixture
def well(database):
    """Cron has done its part: the last sweep was a good one, three hours ago."""
    add_sweep(database, "good", hours_ago=3)


@pytest.fixture
def settings_file(tmp_path, settings):
    """The settings as a file, and the command line that reads it."""
    path = tmp_path / "mentorwatch.conf"
    sections = {}
    for name, value in settings.items():
        section, key = name.removeprefix("MENTORWATCH_").lower().split("_", 1)
        sections.setdefault(section, []).append(f"{key} = {value}")
    path.write_text("".join(f"[{section}]\n" + "\n".join(lines) + "\n"
                            for section, lines in sections.items()))
    path.chmod(0o600)
    return path, Cli({"MENTORWATCH_CONFIG": str(path)})


@pytest.fixture
def site_url(nginx):
    return f"http://127.0.0.1:{nginx.port}"


# What a failed test shows, and what ends a session.

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for name in ("worker", "nginx"):
            part = item.funcargs.get(name)
            if part is not None:
                report.sections.append((f"log of {name}", part.log()))


def pytest_sessionfinish(session):
    exchanges.keep()
    reports = env.sanitizer_reports()
    if reports:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    for report in env.sanitizer_reports():
        terminalreporter.section(f"sanitizer report {report.name}")
        terminalreporter.write(report.read_text(errors="replace"))
