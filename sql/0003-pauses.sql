-- A mentor is paused while one of these is open (closed_at IS NULL). open_key lets the database
-- itself refuse a second open pause for one certification, or a second manual one for a mentor.
-- warned: a reminder had been delivered before the certification expired.

CREATE TABLE pauses (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(32) NOT NULL,
    certification_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    reason VARCHAR(500) NULL,
    expected_return_date DATETIME(3) NULL,
    warned BOOLEAN NOT NULL DEFAULT TRUE,
    opened_at DATETIME(3) NOT NULL,
    closed_at DATETIME(3) NULL,
    closed_because VARCHAR(32) NULL,
    open_key VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
        GENERATED ALWAYS AS (IF(closed_at IS NULL, COALESCE(certification_id, CONCAT('manual:', mentor_id)), NULL)) STORED,
    PRIMARY KEY (seq),
    UNIQUE KEY pause_open (open_key),
    KEY pauses_of_mentor (mentor_id, closed_at),
    KEY pauses_of_certification (certification_id),
    CONSTRAINT pause_certification FOREIGN KEY (certification_id)
        REFERENCES certifications (certification_id),
    CONSTRAINT pause_kind CHECK (kind IN ('manual', 'certification_expiry')),
    CONSTRAINT pause_closed_because CHECK (closed_because IN
        ('lifted', 'renewed', 'superseded', 'removed'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- What happened, as contract 2 lists it. notifications_sent: 'coordinator_email,peer_mentor_push'.

CREATE TABLE pause_events (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    coordinator_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    event_type VARCHAR(32) NOT NULL,
    effective_date DATETIME(3) NOT NULL,
    reason VARCHAR(500) NULL,
    notifications_sent VARCHAR(255) NOT NULL DEFAULT '',
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    PRIMARY KEY (seq),
    UNIQUE KEY pause_event_by_id (id),
    KEY pause_events_of_mentor (mentor_id, seq),
    KEY pause_events_of_coordinator (coordinator_id, seq),
    KEY pause_events_by_type (event_type, seq),
    KEY pause_events_by_date (effective_date, seq),
    CONSTRAINT pause_event_type CHECK (event_type IN ('pause_activated', 'pause_deactivated'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
