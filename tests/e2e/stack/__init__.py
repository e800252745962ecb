# SPDX-License-Identifier: MIT
"""The real servers that the tests talk to: one module a server, started and stopped by us."""
