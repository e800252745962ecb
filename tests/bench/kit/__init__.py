# SPDX-License-Identifier: MIT
"""What every benchmark uses: the real stack, tables full of rows, load, and tables of figures."""
