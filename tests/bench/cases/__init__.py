# SPDX-License-Identifier: MIT
"""The benchmarks, a file each: run(stack) prints its tables."""
