# SPDX-License-Identifier: MIT
"""The people whom tests may name. The directory belongs to a larger platform, so they are put
where the platform puts them: into the tables."""


class Directory:
    COORDINATOR = "coord-nora"
    COORDINATOR_ADDRESS = "nora.asen@example.org"
    ENGLISH_COORDINATOR = "coord-maya"
    MENTOR = "mentor_id, organisation_id, coordinator_id, name, email, language"
    MENTORS = tuple(f"mentor-{n}" for n in range(1, 10))

    def __init__(self, database):
        self.database = database

    def fill(self):
        self.database.run("INSERT INTO organisations VALUES ('org-oslo', 'Oslo')")
        self.add_coordinator(self.COORDINATOR, "Nora Åsen", self.COORDINATOR_ADDRESS, "nb")
        self.add_coordinator(self.ENGLISH_COORDINATOR, "Maya Patel", "maya@example.org", "en")
        self.database.run(
            f"INSERT INTO mentors ({self.MENTOR}) VALUES " + ", ".join(
                f"('{mentor}', 'org-oslo', '{self.COORDINATOR}', 'Mentor {mentor[7:]}',"
                f" '{mentor}@example.org', 'nb')" for mentor in self.MENTORS))

    def add_coordinator(self, coordinator_id, name, email, language="nb"):
        self.database.run(
            "INSERT INTO coordinators (coordinator_id, organisation_id, name, email, language)"
            " VALUES (%s, 'org-oslo', %s, %s, %s)", coordinator_id, name, email, language)

    def add_mentor(self, mentor_id, name="Kari Nordmann", email="kari@example.org",
                   coordinator_id=COORDINATOR, language="nb"):
        self.database.run(
            f"INSERT INTO mentors ({self.MENTOR}) VALUES (%s, 'org-oslo', %s, %s, %s, %s)",
            mentor_id, coordinator_id, name, email, language)
        return mentor_id

    def remove_mentor(self, mentor_id):
        self.database.run("DELETE FROM mentors WHERE mentor_id = %s", mentor_id)
