# SPDX-License-Identifier: MIT
"""Tables for the terminal that are Markdown, too."""
from . import load


def table(title, head, rows):
    print(f"\n### {title}\n")
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]

    def line(row):
        first, *others = (cell.ljust(w) if i == 0 else cell.rjust(w)
                          for i, (cell, w) in enumerate(zip(row, widths)))
        print("| " + " | ".join([first, *others]) + " |")
    line(cells[0])
    print("|" + "|".join("-" * (w + 2) if i == 0 else "-" * (w + 1) + ":"
                         for i, w in enumerate(widths)) + "|")
    for row in cells[1:]:
        line(row)
    print(flush=True)


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def comparison(title, samples, ours):
    """Each target of interleaved rounds beside ours. Both ratios say how many times ours is faster;
    "cap" compares CPU time for each request alone, over all processes, and repeats best."""
    rows = []
    for name, rounds in samples.items():
        rates = [sample.rate for sample in rounds]
        parts = sorted({part for sample in rounds for part in sample.cpu})
        cost = ", ".join(
            f"{part} {sum(s.cpu[part] for s in rounds) / len(rounds):.0f}" for part in parts)
        rows.append([
            name, number(load.middle(samples, name)),
            f"{number(min(rates))}..{number(max(rates))}",
            f"{load.middle(samples, name, 'p99'):.1f}",
            f"{load.ratio(samples, ours, name):.2f}",
            f"{load.ratio(samples, ours, name, 'cap'):.2f}",
            sum(sample.bad for sample in rounds), cost])
    table(title, ["target", "per s", "min..max", "p99 ms", "ours / it", "cap ratio", "bad",
                  "CPU µs a request"], rows)


def goal(says, seen, wanted, at_most=False):
    """One line: what was wanted, what was seen."""
    good = seen <= wanted if at_most else seen >= wanted
    bound = "at most" if at_most else "at least"
    print(f"{'reached' if good else 'NOT YET'}: {says}: {number(seen)} ({bound} {number(wanted)})",
          flush=True)
