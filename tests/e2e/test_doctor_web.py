# SPDX-License-Identifier: MIT
"""mentorwatch doctor: what comes through the web server, good, and broken with what to do."""
import contextlib
import http.server
import threading

import pytest

from stack import env
from stack.doctor import assert_wrong, diagnose
from stack.nginx import Nginx

pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture
def other_site(folder, worker):
    """The site with its file changed: other_site(old, new, …) → its address."""
    started = []

    def make(*changes, socket=None):
        name = f"nginx-doctor-{len(started)}"
        nginx = Nginx(folder / name, socket or worker.socket)
        started.append(nginx)
        path = nginx.folder / "mentorwatch.conf"
        text = path.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text)
        nginx.start()
        return f"http://127.0.0.1:{nginx.port}"
    yield make
    for nginx in started:
        nginx.stop()
        env.remove_folder(nginx.folder)


@contextlib.contextmanager
def answering(status, body=b"", headers=(), date="Sun, 01 Mar 2026 08:00:00 GMT"):
    """A web server that says this to everybody; its address."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp=None):
            return date

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


READY = b'{"status":"ok","database":"ok","schema_version":12}'


@pytest.mark.usefixtures("well")
def test_a_site_that_nobody_answers_is_told(cli):
    found = assert_wrong(cli, "web", "server.url",
                         arguments=["--url", f"http://127.0.0.1:{env.free_port()}"])
    assert found.result("path") == ["skipped"]
    assert found.result("hidden files") == ["skipped"]


@pytest.mark.usefixtures("well")
def test_what_is_no_address_is_told(cli):
    found = diagnose(cli, "--url", "mentors.example.org")
    assert "is no https: or http: address" in found.says("web")


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize("answer, words", [
    ((404, b"<html>"), "let the web server pass /api/"),
    ((200, b"<html>Welcome to nginx"), "something else"),
    ((302, b"", [("Location", "https://example.org/readyz")]), "redirects"),
    ((502, b"<html>"), "start mentorwatch.fcgi"),
    ((503, b'{"type":"urn:mentorwatch:problem:unavailable","title":"x","status":503,'
           b'"detail":"the database cannot be reached"}'), "the database cannot be reached")])
def test_a_site_that_is_not_ours_is_told(cli, answer, words):
    with answering(*answer) as url:
        assert_wrong(cli, "web", words, arguments=["--url", url])


@pytest.mark.usefixtures("well")
def test_a_program_that_does_not_run_is_told(cli, other_site, folder):
    assert_wrong(cli, "web", "start mentorwatch.fcgi",
                 arguments=["--url", other_site(socket=folder / "nobody.sock")])


@pytest.mark.usefixtures("well")
def test_a_web_server_with_another_time_is_told(cli):
    with answering(200, READY) as url:
        found = diagnose(cli, "--url", url)
    assert found.result("web") == ["ok"]
    assert found.result("web clock") == ["wrong"]
    assert "days apart" in found.says("web clock") and "NTP" in found.says("web clock")


IN_FRONT = "    location / {\n"


@pytest.mark.usefixtures("well")
def test_a_path_that_does_not_come_through_is_told(cli, other_site):
    url = other_site((IN_FRONT, "    location /api/ { return 404; }\n" + IN_FRONT))
    found = assert_wrong(cli, "path", "/api/v1/pause-notifications", "HTTP 404", ".htaccess",
                         arguments=["--url", url])
    assert found.result("doubled path") == ["skipped"]


@pytest.mark.usefixtures("well")
def test_a_doubled_path_that_does_not_come_through_is_told(cli, other_site):
    url = other_site((IN_FRONT, "    location ~ ^/api/.+/api/ { return 404; }\n" + IN_FRONT))
    assert_wrong(cli, "doubled path", "/api/v1/pause-notifications/api/v1/pause-notifications",
                 arguments=["--url", url])


@pytest.mark.usefixtures("well")
def test_a_header_that_does_not_come_through_is_told(cli, other_site):
    url = other_site(('fastcgi_param HTTP_PROXY "";',
                      'fastcgi_param HTTP_PROXY ""; fastcgi_param HTTP_AUTHORIZATION "";'))
    assert_wrong(cli, "authorization", "CGIPassAuth", "fastcgi_param", arguments=["--url", url])


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize("levels", [0, 1, 2])
def test_a_configuration_that_the_web_shows_is_told(settings_file, other_site, levels):
    path, cli = settings_file
    root = path.parents[levels]
    shown = path.relative_to(root)
    url = other_site((IN_FRONT, f"    location ~ conf$ {{ root {root}; }}\n" + IN_FRONT))
    found = assert_wrong(cli, "hidden files", f"{url}/{shown}", "move", "secret",
                         arguments=["--url", url])
    assert "only-for-tests" not in found.done.out + found.done.err
