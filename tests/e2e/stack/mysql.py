# SPDX-License-Identifier: MIT
"""A private MySQL in the place of MariaDB, where TEST_MYSQLD names its server: ./dev test mysql."""
import os

from .mariadb import MariaDB

PROGRAM = os.environ.get("TEST_MYSQLD")


class MySQL(MariaDB):
    """Root has no password, as there."""

    def _making(self):
        return [PROGRAM, "--no-defaults", *self._as_root, f"--datadir={self.folder}/data",
                f"--tmpdir={self.folder}/tmp", "--innodb-buffer-pool-size=32M",
                "--performance-schema=OFF", "--mysqlx=OFF", "--skip-log-bin",
                "--initialize-insecure"]

    def _serving(self):
        return [PROGRAM, "--no-defaults", "--mysqlx=OFF", "--innodb-redo-log-capacity=16M",
                "--secure-file-priv="]


def server_class():
    return MySQL if PROGRAM else MariaDB
