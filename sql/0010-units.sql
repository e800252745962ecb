-- A unit of work that must not happen twice leaves its mark here, in its own transaction. When the
-- connection is lost at COMMIT, the repeated unit meets its own mark if the first one was
-- committed. Marks are removed after a while.

CREATE TABLE unit_marks (
    token CHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (token),
    KEY unit_marks_by_age (created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
