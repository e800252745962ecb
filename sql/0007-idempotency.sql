-- The first answer to a request that carried an Idempotency-Key, for whoever repeats it.
-- scope: SHA-256 of route and caller; request_digest: SHA-256 of path and body; both hexadecimal.
-- status 0: the request has not ended. Until pending_until the answer may still change, because
-- the request is delivering its messages.

CREATE TABLE idempotency_keys (
    scope CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    idempotency_key VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    request_digest CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    status SMALLINT UNSIGNED NOT NULL,
    location VARCHAR(255) NULL,
    body LONGTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    pending_until DATETIME(3) NULL,
    expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (scope, idempotency_key),
    KEY idempotency_keys_by_expiry (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
