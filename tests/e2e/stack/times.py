# SPDX-License-Identifier: MIT
"""Moments as the API writes them."""
import datetime


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def at(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(
        tzinfo=datetime.timezone.utc)


def in_days(days):
    """So many days from now; negative: ago."""
    return at(now() + datetime.timedelta(days=days))


def day(text):
    return text[:10]
