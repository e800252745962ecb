# SPDX-License-Identifier: MIT
"""How fast, beside what: ./dev bench [NAME...] [--peers] [--full].

docs/performance.md says how to read the tables. Each benchmark is a file in cases/."""
import argparse
import importlib
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from kit.site import Stack  # noqa: E402  the folders had to be named first

# In the order of a whole run: what fills large tables comes last.
NAMES = ("get", "post", "endpoints", "front", "cgi", "memory", "instructions", "delivery", "lists",
         "sweep")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--rounds", type=int, default=3, help="of each target; 3")
    parser.add_argument("--seconds", type=int, default=2, help="of a round; 2")
    parser.add_argument("--peers", action="store_true", help="install what the peers need")
    parser.add_argument("--full", action="store_true",
                        help="ten million rows in lists, a million in the sweep and of requests")
    options = parser.parse_args()
    options.names = list(dict.fromkeys(options.names)) or NAMES
    for name in options.names:
        if name not in NAMES:
            parser.error(f"no such benchmark: {name} (there are {', '.join(NAMES)})")
    stack = Stack(options)
    try:
        for name in options.names:
            begun = time.monotonic()
            benchmark = importlib.import_module(f"cases.{name}")
            print(f"\n## {name}: {benchmark.__doc__.splitlines()[0]}", flush=True)
            stack.begin(name)
            try:
                benchmark.run(stack)
            finally:
                stack.stop_parts()
            print(f"({name} took {time.monotonic() - begun:.0f} s)", flush=True)
    finally:
        stack.close()


if __name__ == "__main__":
    main()
