-- One reminder for each certification, expiry date and threshold, ever: the unique key is the
-- promise, and the reason why a deleted record stays, with deleted_at, and is only not shown. The
-- record outlives the certification, so it names it without a foreign key; certification_id is
-- NULL where a caller ordered a reminder and no certification was found, or had one already.
-- sent_at is when it was ordered, and from the delivery on the moment at which it went out.

CREATE TABLE reminders (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    certification_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    coordinator_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    expires_at DATETIME(3) NULL,
    threshold_days INT NOT NULL,
    days_remaining INT NOT NULL,
    channel VARCHAR(16) NOT NULL,
    status VARCHAR(16) NOT NULL,
    sent_at DATETIME(3) NOT NULL,
    acknowledged_at DATETIME(3) NULL,
    deleted_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    PRIMARY KEY (seq),
    UNIQUE KEY reminder_by_id (id),
    UNIQUE KEY reminder_once (certification_id, expires_at, threshold_days),
    KEY reminders_of_mentor (mentor_id, threshold_days, seq),
    KEY reminders_of_coordinator (coordinator_id, seq),
    KEY reminders_by_status (status, seq),
    KEY reminders_by_sent (sent_at, seq),
    CONSTRAINT reminder_status CHECK (status IN ('queued', 'delivered', 'failed', 'acknowledged')),
    CONSTRAINT reminder_channel CHECK (channel IN ('email', 'push', 'in_app'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- What a coordinator acknowledges. certification_id is NULL for records that a caller made.

CREATE TABLE expiry_notifications (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    notification_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    certification_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    coordinator_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    threshold_days INT NOT NULL,
    expiry_date DATETIME(3) NOT NULL,
    status VARCHAR(16) NOT NULL DEFAULT 'active',
    sent_at DATETIME(3) NOT NULL,
    acknowledged_at DATETIME(3) NULL,
    acknowledged_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    PRIMARY KEY (seq),
    UNIQUE KEY expiry_notification_by_id (notification_id),
    UNIQUE KEY expiry_notification_once (certification_id, expiry_date, threshold_days),
    KEY expiry_notifications_of_mentor (mentor_id, seq),
    KEY expiry_notifications_of_coordinator (coordinator_id, status, seq),
    KEY expiry_notifications_by_status (status, seq),
    KEY expiry_notifications_by_date (expiry_date, seq),
    KEY expiry_notifications_by_sent (sent_at, seq),
    CONSTRAINT expiry_notification_status CHECK (status IN ('active', 'acknowledged'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
