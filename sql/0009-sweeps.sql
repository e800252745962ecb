-- One row for each sweep that was begun, by the clock of the host that ran it. result: running,
-- good, failures (done, but something could not be handled), braked (done, but nobody was paused),
-- left (done, but a job was left to another run), refused (nothing was done, the clock must be
-- wrong), failed (cut off by an error or by another sweep). figures: the JSON that the sweep
-- reports; NULL until it ends.

CREATE TABLE sweeps (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    host VARCHAR(255) NOT NULL,
    started_at DATETIME(3) NOT NULL,
    completed_at DATETIME(3) NULL,
    result VARCHAR(16) NOT NULL,
    says VARCHAR(500) NULL,
    figures LONGTEXT NULL,
    PRIMARY KEY (seq),
    KEY sweeps_by_result (result, seq),
    CONSTRAINT sweep_result CHECK (result IN
        ('running', 'good', 'failures', 'braked', 'left', 'refused', 'failed'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- What the jobs decided for each cycle of a certification, the last time that they looked:
-- threshold_days is the reminder's, and 0 for the expiry. For whoever asks why.

CREATE TABLE decisions (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    certification_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    expires_on DATE GENERATED ALWAYS AS (DATE(expires_at)) STORED,
    threshold_days INT NOT NULL,
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    detail VARCHAR(500) NULL,
    job_run_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    decided_at DATETIME(3) NOT NULL,
    PRIMARY KEY (seq),
    UNIQUE KEY decision_once (certification_id, expires_on, threshold_days),
    KEY decisions_of_mentor (mentor_id, seq),
    CONSTRAINT decision_outcome CHECK (outcome IN
        ('queued', 'already_sent', 'superseded', 'no_address', 'not_listed', 'paused', 'failed'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- When a lease was taken, and when its holder was last heard of.

ALTER TABLE leases ADD COLUMN taken_at DATETIME(3) NULL;

ALTER TABLE leases ADD COLUMN heartbeat_at DATETIME(3) NULL;
