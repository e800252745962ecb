-- Totals without counting. counts holds, for each list and filter, how many rows have a value: the
-- sum of number over all parts is what is true. value is cut to `level` characters, so that the
-- hours of a time add up to months and, at level 0, to all. part 0 is the count itself; other parts
-- are changes that are waiting to be added to it, so that nobody who changes a row waits for a hot
-- count. No row of a value has a seq above newest. A list's counts hold good once it has a row with
-- the filter 'opened', from the first sweep on.

CREATE TABLE counts (
    list VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    filter VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    level TINYINT UNSIGNED NOT NULL,
    value VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    part BIGINT UNSIGNED NOT NULL DEFAULT 0,
    number BIGINT NOT NULL,
    newest BIGINT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (list, filter, level, value, part),
    KEY counts_by_part (list, part)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Whether a row is in counts. Those that are here now are, without being written: the first sweep
-- counts them all, and opens the list. New ones are not.

ALTER TABLE certifications ADD COLUMN counted BOOLEAN NOT NULL DEFAULT TRUE;

ALTER TABLE certifications ALTER COLUMN counted SET DEFAULT FALSE;

CREATE INDEX certifications_uncounted ON certifications (counted);

ALTER TABLE pause_events ADD COLUMN counted BOOLEAN NOT NULL DEFAULT TRUE;

ALTER TABLE pause_events ALTER COLUMN counted SET DEFAULT FALSE;

CREATE INDEX pause_events_uncounted ON pause_events (counted);

ALTER TABLE reminders ADD COLUMN counted BOOLEAN NOT NULL DEFAULT TRUE;

ALTER TABLE reminders ALTER COLUMN counted SET DEFAULT FALSE;

CREATE INDEX reminders_uncounted ON reminders (counted);

ALTER TABLE expiry_notifications ADD COLUMN counted BOOLEAN NOT NULL DEFAULT TRUE;

ALTER TABLE expiry_notifications ALTER COLUMN counted SET DEFAULT FALSE;

CREATE INDEX expiry_notifications_uncounted ON expiry_notifications (counted);

ALTER TABLE expiry_logs ADD COLUMN counted BOOLEAN NOT NULL DEFAULT TRUE;

ALTER TABLE expiry_logs ALTER COLUMN counted SET DEFAULT FALSE;

CREATE INDEX expiry_logs_uncounted ON expiry_logs (counted);

-- For pages of one filter, newest first, and for the times that lists are filtered and sorted by.

CREATE INDEX certifications_of_type ON certifications (certification_type, seq);

CREATE INDEX certifications_by_creation ON certifications (created_at, seq);

CREATE INDEX certifications_by_issue ON certifications (issued_at, seq);

CREATE INDEX certifications_by_revocation ON certifications (revoked_at);

CREATE INDEX pause_events_by_creation ON pause_events (created_at, seq);

CREATE INDEX reminders_by_threshold ON reminders (threshold_days, seq);

CREATE INDEX reminders_by_channel ON reminders (channel, seq);

CREATE INDEX expiry_notifications_by_threshold ON expiry_notifications (threshold_days, seq);

CREATE INDEX expiry_notifications_of_person ON expiry_notifications (coordinator_id, seq);

CREATE INDEX expiry_logs_by_time ON expiry_logs (applied_at, seq);
