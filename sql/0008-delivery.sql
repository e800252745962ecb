-- What delivering needs to know beyond one message, so that all hosts know it.

-- When an in-app message was read by whom it is for.

ALTER TABLE messages ADD COLUMN read_at DATETIME(3) NULL;

CREATE INDEX messages_of_inbox ON messages (channel, recipient_id, recipient_role, seq);

-- How often its sender died with it in hand.

ALTER TABLE messages ADD COLUMN interruptions INT UNSIGNED NOT NULL DEFAULT 0;

-- What is due, and what of each person's comes before it: each index holds all that decides, so
-- that choosing reads nothing else.

CREATE INDEX messages_to_claim ON messages
    (channel, state, next_attempt_at, seq, interruptions, recipient_role, recipient_id);

CREATE INDEX messages_in_order ON messages
    (recipient_id, recipient_role, channel, state, seq, next_attempt_at, interruptions);

-- How an attempt may end. unknown: the other side took the message and its answer was lost, so it
-- may have arrived; interrupted: the sender died in the middle.

ALTER TABLE message_attempts DROP CONSTRAINT attempt_result;

ALTER TABLE message_attempts ADD CONSTRAINT attempt_result CHECK (result IN
    ('sent', 'put_off', 'unknown', 'failed', 'interrupted', 'superseded'));

-- The way of each channel. Whoever claims messages of a channel locks and changes its row, so two
-- never claim at once, on whatever node. While the way is paused, as the mail relay may be, nobody
-- tries it; failures counts the pauses in a row, each longer than the one before. hour_began_at and
-- used_this_hour count for a cap on mails per hour.

CREATE TABLE relays (
    channel VARCHAR(16) NOT NULL,
    paused_until DATETIME(3) NULL,
    reason VARCHAR(500) NULL,
    failures INT UNSIGNED NOT NULL DEFAULT 0,
    hour_began_at DATETIME(3) NULL,
    used_this_hour BIGINT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (channel)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Push targets that said that they are gone for good (410). target_digest: SHA-256, hexadecimal.

CREATE TABLE ended_push_targets (
    target_digest CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    ended_at DATETIME(3) NOT NULL,
    reason VARCHAR(500) NULL,
    PRIMARY KEY (target_digest)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- How many attempts there were since the beginning, in shards so that no row is hot: the figure is
-- their sum.

CREATE TABLE delivery_counters (
    channel VARCHAR(16) NOT NULL,
    result VARCHAR(16) NOT NULL,
    shard TINYINT UNSIGNED NOT NULL,
    attempts BIGINT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, result, shard)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
