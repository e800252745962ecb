# SPDX-License-Identifier: MIT
"""`mentorwatch import`: the directory from CSV files, all of it or nothing."""
import pytest

from stack.cli import BAD_DATA, GOOD, UNAVAILABLE, USAGE, Cli

ORGANISATIONS = "organisation_id,name\norg-1,Første\norg-2,\"Andre, og siste\"\n"
COORDINATORS = ("coordinator_id,organisation_id,name,email,channels,language\n"
                "c-1,org-1,Åse,ase@example.org,email,nb\n")
MENTORS = ("mentor_id,organisation_id,coordinator_id,name,email,push_target,channels,language\n"
           "m-1,org-1,c-1,Kari,kari@example.org,,email,nb\n"
           "m-2,org-2,,Ola,,https://push.example.org/m-2,\"push,in_app\",\n")


@pytest.fixture
def write(tmp_path):
    def file(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)
    return file


@pytest.fixture
def nobody(database, directory):
    """A directory without anybody."""
    database.empty()
    return database


@pytest.fixture
def whole(write):
    """Three good files, in an order in which each refers to what comes later."""
    return [write("mentors.csv", MENTORS), write("coordinators.csv", COORDINATORS),
            write("organisations.csv", ORGANISATIONS)]


def people(database):
    counts = database.counts()
    return counts["organisations"], counts["coordinators"], counts["mentors"]


def test_all_three_kinds_in_any_order(cli, nobody, whole):
    cli.good("import", *whole)
    assert people(nobody) == (2, 1, 2)
    assert nobody.one("SELECT * FROM mentors WHERE mentor_id = 'm-1'") == {
        "mentor_id": "m-1", "organisation_id": "org-1", "coordinator_id": "c-1", "name": "Kari",
        "email": "kari@example.org", "push_target": None, "channels": "email", "language": "nb"}
    assert nobody.one("SELECT * FROM mentors WHERE mentor_id = 'm-2'") == {
        "mentor_id": "m-2", "organisation_id": "org-2", "coordinator_id": None, "name": "Ola",
        "email": None, "push_target": "https://push.example.org/m-2", "channels": "push,in_app",
        "language": None}
    assert nobody.value("SELECT name FROM organisations WHERE organisation_id = 'org-2'") == \
        "Andre, og siste"


def test_an_imported_mentor_can_hold_a_certification(cli, api, nobody, whole):
    cli.good("import", *whole)
    created = api.record("m-1", "2026-01-01T00:00:00Z", "2098-01-01T00:00:00Z")
    assert created["mentor_id"] == "m-1"


def test_importing_again_changes_nothing(cli, nobody, whole):
    cli.good("import", *whole)
    before = nobody.checksums()
    cli.good("import", *whole)
    assert nobody.checksums() == before


def test_who_is_there_already_is_replaced(cli, nobody, whole, write):
    cli.good("import", *whole)
    cli.good("import", write("more.csv", "mentor_id,organisation_id,name\n"
                                         "m-1,org-2,Kari Gift\nm-3,org-1,Per\n"))
    row = nobody.one("SELECT * FROM mentors WHERE mentor_id = 'm-1'")
    assert (row["name"], row["organisation_id"], row["email"]) == ("Kari Gift", "org-2", None)
    assert people(nobody) == (2, 1, 3)


def test_standard_input_is_a_file(cli, nobody):
    cli.good("import", "-", stdin=ORGANISATIONS.encode())
    assert people(nobody) == (2, 0, 0)


@pytest.mark.parametrize("content", [
    "\ufeff" + ORGANISATIONS,
    ORGANISATIONS.replace("\n", "\r\n"),
    "organisation_id;name\norg-1;Første\norg-2;Andre, og siste\n",
    "organisation_id\tname\norg-1\tFørste\norg-2\tAndre, og siste\n",
    "organisation_id,name\n\norg-1,Første\n\norg-2,Andre\n\n",
    "\"organisation_id\",\"name\"\n\"org-1\",\"Første\"\n\"org-2\",\"Andre \"\"den\"\" siste\"",
    "organisation_id,name\norg-1,Første\norg-2,Andre",
], ids=["byte order mark", "CRLF", "semicolons", "tabs", "blank lines", "quotes", "no last LF"])
def test_what_spreadsheets_write_is_read(cli, nobody, write, content):
    cli.good("import", write("organisations.csv", content))
    assert nobody.value("SELECT name FROM organisations WHERE organisation_id = 'org-1'") == \
        "Første"
    assert people(nobody) == (2, 0, 0)


BAD_LINES = {
    "unknown column": ("mentor_id,organisation_id,name,colour\nm-3,org-1,Per,red\n", [1],
                       "colour"),
    "missing column": ("mentor_id,name\nm-3,Per\n", [1], "organisation_id"),
    "column twice": ("mentor_id,organisation_id,name,name\nm-3,org-1,Per,Pål\n", [1], "name"),
    "unknown kind": ("person_id,name\nm-3,Per\n", [1], "mentor_id"),
    "nothing at all": ("", [1], "header"),
    "cell missing": ("mentor_id,organisation_id,name\nm-3,org-1\n", [2], ""),
    "cell too many": ("mentor_id,organisation_id,name\nm-3,org-1,Per,x\n", [2], ""),
    "empty id": ("mentor_id,organisation_id,name\n,org-1,Per\n", [2], "mentor_id"),
    "long id": ("mentor_id,organisation_id,name\n" + "m" * 65 + ",org-1,Per\n", [2], "mentor_id"),
    "empty name": ("mentor_id,organisation_id,name\nm-3,org-1,\n", [2], "name"),
    "bad address": ("mentor_id,organisation_id,name,email\nm-3,org-1,Per,per\n", [2], "email"),
    "address with more": ("mentor_id,organisation_id,name,email\n"
                          "m-3,org-1,Per,\"per@example.org, pal@example.org\"\n", [2], "email"),
    "bad channel": ("mentor_id,organisation_id,name,channels\nm-3,org-1,Per,fax\n", [2],
                    "channels"),
    "bad language": ("mentor_id,organisation_id,name,language\nm-3,org-1,Per,se\n", [2],
                     "language"),
    "unknown organisation": ("mentor_id,organisation_id,name\nm-3,org-9,Per\n", [2], "org-9"),
    "unknown coordinator": ("mentor_id,organisation_id,coordinator_id,name\nm-3,org-1,c-9,Per\n",
                            [2], "c-9"),
    "broken quotes": ("mentor_id,organisation_id,name\nm-3,org-1,\"Per\nm-4,org-1,Pål\n", [2], ""),
    "bad UTF-8": (b"mentor_id,organisation_id,name\nm-3,org-1,P\xe5l\n", [2], ""),
    "several lines": ("mentor_id,organisation_id,name\n,org-1,Per\nm-4,org-1,Pål\nm-5,org-1,\n"
                      "m-6,org-1,Ann,x\n", [2, 4, 5], ""),
    "after a cell of two lines": ("mentor_id,organisation_id,name,email\n"
                                  "m-3,org-1,Per,per@example.org\n"
                                  "m-4,org-1,\"Pål\nPer\",pal@example.org\nm-5,org-1,,\n", [5], ""),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_bad_lines_are_told_by_number_and_nothing_is_imported(cli, nobody, whole, write, case):
    content, lines, word = BAD_LINES[case]
    cli.good("import", *whole)
    before = nobody.checksums()
    bad = write("bad.csv", content)
    done = cli.run("import", write("good.csv", "organisation_id,name\norg-7,Ny\n"), bad)
    assert done.status == BAD_DATA, done
    for line in lines:
        assert f"{bad}:{line}" in done.err, done
    assert word in done.err
    assert nobody.checksums() == before


def test_faults_of_several_files_are_told_together(cli, nobody, write):
    first = write("first.csv", "organisation_id,name\n,Første\n")
    second = write("second.csv", "coordinator_id,organisation_id,name\nc-1,org-1,\n")
    done = cli.run("import", first, second)
    assert done.status == BAD_DATA
    assert f"{first}:2" in done.err and f"{second}:2" in done.err


def test_references_to_nobody_are_all_told(cli, nobody, write):
    bad = write("bad.csv", "mentor_id,organisation_id,name\nm-1,org-1,Per\nm-2,org-2,Pål\n")
    done = cli.run("import", bad)
    assert done.status == BAD_DATA
    assert f"{bad}:2" in done.err and f"{bad}:3" in done.err
    assert people(nobody) == (0, 0, 0)


def test_one_id_twice_in_a_file_is_refused(cli, nobody, write):
    bad = write("bad.csv", "organisation_id,name\norg-1,Første\norg-2,Andre\norg-1,Tredje\n")
    done = cli.run("import", bad)
    assert done.status == BAD_DATA, done
    assert f"{bad}:4" in done.err
    assert people(nobody) == (0, 0, 0)


def test_a_file_that_is_not_there_is_told(cli, nobody):
    done = cli.run("import", "/nonexistent/people.csv")
    assert done.status not in (GOOD, 70), done
    assert "/nonexistent/people.csv" in done.err


def test_an_import_needs_a_file(cli):
    assert cli.run("import").status == USAGE


def test_without_a_database_it_says_so(cli, whole):
    away = Cli({**cli.settings, "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/db.sock"})
    assert away.run("import", *whole).status == UNAVAILABLE


def test_thousands_are_imported_in_one_go(cli, nobody, write):
    rows = "".join(f"m-{n},org-1,Mentor {n},m{n}@example.org\n" for n in range(3000))
    cli.good("import", write("organisations.csv", ORGANISATIONS),
             write("mentors.csv", "mentor_id,organisation_id,name,email\n" + rows))
    assert people(nobody)[2] == 3000
