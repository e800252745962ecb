# SPDX-License-Identifier: MIT
# Writes the migrations named on the command line as a C table, src/store/migrations.c: the
# version is the number that the file's name begins with, each SQL line is a string literal.

BEGIN {
    print "/* Written by sql/embed.awk from the files in sql/. */"
    print "#include \"store/migration.h\""
    print ""
    print "const struct migration migrations[] = {"
}

FNR == 1 {
    end_entry()
    name = FILENAME
    sub(/^.*\//, "", name)
    printf "    {%d, \"%s\",\n", substr(name, 1, 4), name
    count++
}

{
    gsub(/[\\"]/, "\\\\&")
    gsub(/\t/, "\\t")
    printf "     \"%s\\n\"\n", $0
}

END {
    end_entry()
    print "};"
    printf "const size_t migration_count = %d;\n", count
}

function end_entry()
{
    if (count > 0) {
        print "    },"
    }
}
