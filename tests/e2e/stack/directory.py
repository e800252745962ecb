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

    def add_coordinator(self, coordinator_id, name, email, language="nb", organisation="org-oslo"):
        self.database.run(
            "INSERT INTO coordinators (coordinator_id, organisation_id, name, email, language)"
            " VALUES (%s, %s, %s, %s, %s)", coordinator_id, organisation, name, email, language)

    def add_mentor(self, mentor_id, name="Kari Nordmann", email="kari@example.org",
                   coordinator_id=COORDINATOR, language="nb", organisation="org-oslo"):
        self.database.run(
            f"INSERT INTO mentors ({self.MENTOR}) VALUES (%s, %s, %s, %s, %s, %s)",
            mentor_id, organisation, coordinator_id, name, email, language)
        return mentor_id

    def add_bergen(self):
        """Another organisation, with one coordinator and one mentor."""
        self.database.run("INSERT INTO organisations VALUES ('org-bergen', 'Bergen')")
        self.add_coordinator("coord-bergen", "Åse Brekke", "ase@example.org",
                             organisation="org-bergen")
        return self.add_mentor("mentor-bergen", coordinator_id="coord-bergen",
                               email="bergen@example.org", organisation="org-bergen")

    def prefers(self, person_id, channels):
        """By which channels a person wants to be told, best first; what can be pushed to has a
        target for it."""
        for table, key in (("mentors", "mentor_id"), ("coordinators", "coordinator_id")):
            self.database.run(
                f"UPDATE {table} SET channels = %s, push_target = %s WHERE {key} = %s",
                channels, "https://push.example.org/target" if "push" in channels else None,
                person_id)

    def remove_mentor(self, mentor_id):
        self.database.run("DELETE FROM mentors WHERE mentor_id = %s", mentor_id)
