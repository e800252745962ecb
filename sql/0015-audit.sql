-- Who did what, when: a line for each change, in its transaction. It is only added to; a line goes
-- when it is old enough, and the name of a person goes when the person is erased.
-- actor: the subject of the token, user@host of a command, or the word in role. role: that of the
-- token; public, service (the service token) or command. address: where the request came from.
-- deed: the route, or the command. about: the id of what was made or changed; NULL: more than one.

CREATE TABLE audit (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    done_at DATETIME(3) NOT NULL,
    actor VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    role VARCHAR(16) NOT NULL,
    address VARCHAR(64) NULL,
    request_id VARCHAR(64) NULL,
    deed VARCHAR(128) NOT NULL,
    about VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    PRIMARY KEY (seq),
    KEY audit_of_actor (actor),
    KEY audit_about (about)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
