-- The directory: who there is, and how to reach them. It belongs to a larger platform; here it is
-- filled by `mentorwatch import`, and each table may be replaced by a view over the platform's
-- own. That is why nothing outside this file refers to these tables by a foreign key.
-- channels: the preferred ones, best first, comma between: 'email', 'push,in_app'.

CREATE TABLE organisations (
    organisation_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    name VARCHAR(255) NOT NULL,
    PRIMARY KEY (organisation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE coordinators (
    coordinator_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    organisation_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    name VARCHAR(255) NOT NULL,
    email VARCHAR(254) NULL,
    push_target VARCHAR(1024) NULL,
    channels VARCHAR(64) NOT NULL DEFAULT 'email',
    language VARCHAR(8) NULL,
    PRIMARY KEY (coordinator_id),
    KEY coordinators_of_organisation (organisation_id, coordinator_id),
    CONSTRAINT coordinator_organisation FOREIGN KEY (organisation_id)
        REFERENCES organisations (organisation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE mentors (
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    organisation_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    coordinator_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    name VARCHAR(255) NOT NULL,
    email VARCHAR(254) NULL,
    push_target VARCHAR(1024) NULL,
    channels VARCHAR(64) NOT NULL DEFAULT 'email',
    language VARCHAR(8) NULL,
    PRIMARY KEY (mentor_id),
    KEY mentors_of_organisation (organisation_id, mentor_id),
    KEY mentors_of_coordinator (coordinator_id, mentor_id),
    CONSTRAINT mentor_organisation FOREIGN KEY (organisation_id)
        REFERENCES organisations (organisation_id),
    CONSTRAINT mentor_coordinator FOREIGN KEY (coordinator_id)
        REFERENCES coordinators (coordinator_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
