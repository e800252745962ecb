-- Every notification is first a row here, in the transaction of what caused it. facts is a JSON
-- object with what the template says; the text is made when the message is sent. event_id names
-- the pause event or the reminder that it tells of. delivery_id names the message to the outside
-- (Message-ID) and never changes. Queue times are the database's: next_attempt_at says when a
-- queued message is due, lease_until until when a sender has a message in hand, and lease_token
-- whose it is.

CREATE TABLE messages (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    delivery_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(64) NOT NULL,
    channel VARCHAR(16) NOT NULL,
    recipient_role VARCHAR(16) NOT NULL,
    recipient_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    recipient_name VARCHAR(255) NOT NULL,
    address VARCHAR(1024) NULL,
    language VARCHAR(8) NOT NULL,
    mentor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    certification_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    event_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    facts LONGTEXT NOT NULL,
    state VARCHAR(16) NOT NULL,
    attempts INT UNSIGNED NOT NULL DEFAULT 0,
    next_attempt_at DATETIME(3) NOT NULL,
    lease_until DATETIME(3) NULL,
    lease_token VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    last_error VARCHAR(500) NULL,
    sent_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (seq),
    UNIQUE KEY message_by_delivery_id (delivery_id),
    KEY messages_due (state, next_attempt_at, seq),
    KEY messages_leased (lease_token, seq),
    KEY messages_of_recipient (recipient_id, seq),
    KEY messages_of_mentor (mentor_id, seq),
    KEY messages_of_event (event_id, seq),
    CONSTRAINT message_channel CHECK (channel IN ('email', 'push', 'in_app')),
    CONSTRAINT message_recipient CHECK (recipient_role IN ('mentor', 'coordinator')),
    CONSTRAINT message_state CHECK (state IN
        ('queued', 'sending', 'sent', 'failed', 'superseded', 'held'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE message_attempts (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    message_seq BIGINT UNSIGNED NOT NULL,
    attempted_at DATETIME(3) NOT NULL,
    result VARCHAR(16) NOT NULL,
    detail VARCHAR(500) NULL,
    PRIMARY KEY (seq),
    KEY attempts_of_message (message_seq, seq),
    CONSTRAINT attempt_message FOREIGN KEY (message_seq) REFERENCES messages (seq),
    CONSTRAINT attempt_result CHECK (result IN ('sent', 'put_off', 'failed'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
