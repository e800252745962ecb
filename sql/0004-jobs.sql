-- A run of a job. number counts the runs of one UTC day, whatever the job: job_26MAR2026_01.
-- failures: JSON, for the operator to read.

CREATE TABLE job_runs (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    job_run_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    job VARCHAR(32) NOT NULL,
    run_day DATE NOT NULL,
    number INT UNSIGNED NOT NULL,
    started_at DATETIME(3) NOT NULL,
    completed_at DATETIME(3) NULL,
    mentors_scanned BIGINT UNSIGNED NOT NULL DEFAULT 0,
    found BIGINT UNSIGNED NOT NULL DEFAULT 0,
    acted BIGINT UNSIGNED NOT NULL DEFAULT 0,
    failures LONGTEXT NULL,
    PRIMARY KEY (seq),
    UNIQUE KEY job_run_by_id (job_run_id),
    UNIQUE KEY job_run_of_day (run_day, number),
    KEY job_runs_of_job (job, seq),
    CONSTRAINT job_name CHECK (job IN ('expiry', 'reminders'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- One line for each certification that the expiry job acted on. The line outlives the
-- certification, so it names it without a foreign key.

CREATE TABLE expiry_logs (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    log_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    certification_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    reason VARCHAR(255) NOT NULL,
    job_run_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    applied_at DATETIME(3) NOT NULL,
    PRIMARY KEY (seq),
    UNIQUE KEY expiry_log_by_id (log_id),
    KEY expiry_logs_of_mentor (mentor_id, seq),
    KEY expiry_logs_of_run (job_run_id, seq),
    CONSTRAINT expiry_log_run FOREIGN KEY (job_run_id) REFERENCES job_runs (job_run_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Who may run a job now. token grows with each holder, so that one who lost the lease without
-- noticing is refused. Times are the database's.

CREATE TABLE leases (
    name VARCHAR(32) NOT NULL,
    holder VARCHAR(128) NOT NULL,
    token BIGINT UNSIGNED NOT NULL,
    until_at DATETIME(3) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
