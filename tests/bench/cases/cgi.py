# SPDX-License-Identifier: MIT
"""plain CGI: from exec to the end of the answer, the connection to the database included"""
import statistics
import subprocess
import time

from kit import fill, processes, report
from stack import env

ROWS = 100_000
TIMES = 40


def run(stack):
    schema = stack.schema("bench", ROWS, expired=True)
    path = "/api/v1/certifications/" + fill.certification_id(1)
    environment = env.clean_environment({
        **schema.settings, "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_METHOD": "GET", "REQUEST_URI": path, "PATH_INFO": path, "SCRIPT_NAME": "",
        "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80"})

    def once(command):
        return processes.measured(command, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    said = subprocess.run([env.fcgi_program()], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, check=True).stdout
    if fill.certification_id(1).encode() not in said:
        raise RuntimeError(f"not an answer: {said!r}")
    commands = {"ours": [env.fcgi_program()], "true(1), what a process costs": ["true"]}
    runs = {name: [] for name in commands}
    for _ in range(TIMES):
        for name, command in commands.items():
            runs[name].append(once(command))
            time.sleep(0.005)
    rows = []
    for name, seen in runs.items():
        walls = sorted(1000 * wall for _, wall, _ in seen)
        rows.append([name, f"{statistics.median(walls):.1f}", f"{walls[0]:.1f}", f"{walls[-1]:.1f}",
                     f"{1000 * statistics.mean(cpu for _, _, cpu in seen):.1f}"])
    report.table(f"one request, {TIMES} times in turn",
                 ["program", "median ms", "least", "most", "own CPU ms"], rows)
    report.goal("milliseconds from exec to answer",
                statistics.median(1000 * wall for _, wall, _ in runs["ours"]), 25, at_most=True)
