-- status is derived from the dates and never stored. auto_pause_applied_at is the moment at which
-- the expiry job acted on the current cycle; NULL: not yet. version counts changes.

CREATE TABLE certifications (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    certification_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    certification_type VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    issued_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    revoked_at DATETIME(3) NULL,
    auto_pause_applied_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    PRIMARY KEY (seq),
    UNIQUE KEY certification_by_id (certification_id),
    KEY certifications_of_mentor (mentor_id, certification_type, expires_at),
    KEY certifications_by_expiry (expires_at, seq),
    KEY certifications_by_type (certification_type, expires_at, seq),
    KEY certifications_due (auto_pause_applied_at, expires_at, seq),
    CONSTRAINT certification_expires_after_issue CHECK (expires_at > issued_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- One row for each mentor about whom something was ever written. Whoever changes a mentor's
-- certifications or pauses updates this row first, so that such changes come one after the other,
-- on one server and on a cluster alike.

CREATE TABLE mentor_locks (
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    taken BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (mentor_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
