# SPDX-License-Identifier: MIT
"""Tables full of rows, by SQL alone, so that millions take minutes.

Certification n is cert_0000000001 and so on. Ten in a row belong to one mentor, each of another
type. Those of every tenth mentor expired yesterday when `expired` is asked for; all others are
valid for years, so that no reminder is due."""

TYPES = ("first_aid", "driving", "peer_support", "safeguarding", "data_protection", "group_work",
         "crisis", "fire_safety", "lifting", "ethics")
CHUNK = 250_000  # rows in one transaction


def directory(database, mentors, channels):
    database.run("INSERT IGNORE INTO organisations VALUES ('org_bench', 'Bench')")
    database.run(
        "INSERT IGNORE INTO coordinators (coordinator_id, organisation_id, name, email, channels,"
        " language) SELECT CONCAT('coord_', seq), 'org_bench', CONCAT('Coordinator ', seq),"
        " CONCAT('c', seq, '@example.org'), %s, 'en' FROM seq_0_to_99", channels)
    database.run(
        "INSERT IGNORE INTO mentors (mentor_id, organisation_id, coordinator_id, name, email,"
        " channels, language) SELECT CONCAT('mntr_', LPAD(seq, 8, '0')), 'org_bench',"
        " CONCAT('coord_', seq %% 100), CONCAT('Mentor ', seq), CONCAT('m', seq, '@example.org'),"
        f" %s, 'en' FROM seq_0_to_{mentors - 1}", channels)


def certifications(database, count, expired=False, channels="in_app"):
    """`count` of them and their mentors. With channels "in_app", nothing is left to deliver."""
    mentors = max(1, count // 10)
    directory(database, mentors, channels)
    types = ", ".join(f"'{word}'" for word in TYPES)
    expiry = ("IF(((seq - 1) DIV 10) % 10 = 0, UTC_DATE() - INTERVAL 1 DAY,"
              if expired else "IF(FALSE, NULL,")
    expiry += " UTC_DATE() + INTERVAL 400 + seq % 1500 DAY)"
    for first in range(1, count + 1, CHUNK):
        last = min(first + CHUNK - 1, count)
        database.run(
            "INSERT INTO certifications (certification_id, mentor_id, certification_type,"
            " issued_at, expires_at, created_at, updated_at, counted) SELECT"
            " CONCAT('cert_', LPAD(seq, 10, '0')),"
            " CONCAT('mntr_', LPAD((seq - 1) DIV 10, 8, '0')),"
            f" ELT(1 + seq % 10, {types}), '2024-01-01', {expiry},"
            f" '2024-01-01', '2024-01-01', TRUE FROM seq_{first}_to_{last}")
    # As a migration leaves rows that were there before: nobody has recounted them yet.
    database.run("DELETE FROM counts")
    database.run("ANALYZE TABLE certifications, mentors")


def certification_id(number):
    return f"cert_{number:010d}"


def mentor_id(number):
    return f"mntr_{number:08d}"
