# SPDX-License-Identifier: MIT
# Writes src/api/examples.json, which has the contracts', and more_examples.json as a C table,
# src/api/examples.c: each line of a body is a string literal. It relies on how these files are laid
# out: one key a line, two spaces a level.

BEGIN {
    print "/* Written by src/api/examples.awk from the *examples.json beside it. */"
    print "#include \"api/example.h\""
    print ""
    print "#include <stddef.h>"
    print ""
    print "const struct example examples[] = {"
}

/^[][]$/ {
    next
}

/^  \{$/ {
    print "    {"
    printf "        .is_of_contract = %s,\n", FILENAME ~ /more_examples/ ? "false" : "true"
    count++
    next
}

/^  \},?$/ {
    print "    },"
    next
}

/^    "[a-z]+": (".*"|null),?$/ {
    value = $0
    sub(/^[^:]*: /, "", value)
    sub(/,$/, "", value)
    printf "        .%s = %s,\n", key(), value == "null" ? "NULL" : value
    next
}

/^    "[a-z]+": \{$/ {
    printf "        .%s =\n            \"{\\n\"\n", key()
    next
}

/^      / {
    printf "            \"%s\\n\"\n", escaped(substr($0, 5))
    next
}

/^    \},?$/ {
    print "            \"}\","
    next
}

{
    print FILENAME ":" FNR ": src/api/examples.awk cannot read this layout" >"/dev/stderr"
    failed = 1
    exit 1
}

END {
    if (!failed) {
        print "};"
        printf "const size_t example_count = %d;\n", count
    }
}

# The key of this line, without its quotes.
function key(    parts)
{
    split($0, parts, "\"")
    return parts[2]
}

function escaped(text)
{
    gsub(/[\\"]/, "\\\\&", text)
    return text
}
