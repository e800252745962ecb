# SPDX-License-Identifier: MIT
"""What `mentorwatch doctor` has found."""
from .cli import GOOD

WRONG = 1


class Diagnosis:
    def __init__(self, done):
        report = done.json()
        self.done = done
        self.findings = report["findings"]
        assert report["well"] is (done.status == GOOD), done
        assert done.status == (WRONG if self.of("wrong") else GOOD), done

    def of(self, result):
        return [finding for finding in self.findings if finding["result"] == result]

    def result(self, check):
        return [finding["result"] for finding in self.findings if finding["check"] == check]

    def says(self, check):
        return " ".join(f["says"] for f in self.findings if f["check"] == check)


def diagnose(cli, *arguments):
    return Diagnosis(cli.run("doctor", "--json", *arguments))


def assert_wrong(cli, check, *words, arguments=()):
    """That one alone is, and says what to do in these words."""
    found = diagnose(cli, *arguments)
    assert {f["check"] for f in found.of("wrong")} == {check}, found.done
    for word in words:
        assert word in found.says(check), found.done
    return found
