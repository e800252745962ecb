/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "wire/csv.h"

#include <stdbool.h>
#include <stdio.h>

static enum outcome read_bytes(struct csv_table *out, struct work *work, const char *bytes,
                               size_t length)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    rewind(file);
    const enum outcome outcome = csv_read(out, work, file, "people.csv");
    assert_int_equal(fclose(file), 0);
    return outcome;
}

/* The table as text: "name,email/2:Kari,k@x/5:Per,p@x", a row beginning with its line. */
static const char *table_of(const struct work *work, const struct csv_table *table)
{
    const char *all = "";

    for (size_t i = 0; i < table->column_count; i++) {
        all = arena_printf(work->arena, "%s%s%s", all, i > 0 ? "," : "", table->columns[i]);
    }
    for (size_t row = 0; row < table->row_count; row++) {
        all = arena_printf(work->arena, "%s/%zu:", all, table->rows[row].line);
        for (size_t i = 0; i < table->column_count; i++) {
            all = arena_printf(work->arena, "%s%s%s", all, i > 0 ? "," : "",
                               table->rows[row].cells[i]);
        }
    }
    return all;
}

static void test_a_file_becomes_columns_and_rows(void **state)
{
    static const char *const cases[][2] = {
        {"a,b;c\n1,2\n",                      "a,b;c/2:1,2"               },
        {"a;b,c;d\n1;2;3\n",                  "a,b,c,d/2:1,2,3"           },
        {"id\n  x\n",                         "id/2:x"                    },
        {"id,name\na,Kari\nb,Per\n",          "id,name/2:a,Kari/3:b,Per"  },
        {"id,name\na,Kari\nb,Per",            "id,name/2:a,Kari/3:b,Per"  },
        {"id,name\r\na,Kari\r\nb,Per\r\n",    "id,name/2:a,Kari/3:b,Per"  },
        {"id,name\ra,Kari\rb,Per\r",          "id,name/2:a,Kari/3:b,Per"  },
        {"\xEF\xBB\xBFid,name\na,Kari\n",     "id,name/2:a,Kari"          },
        {"id;name\na;Kari, Oslo\n",           "id,name/2:a,Kari, Oslo"    },
        {"id\tname\na\tKari Nordmann\n",      "id,name/2:a,Kari Nordmann" },
        {"id\tname\n\tKari\n\t\n",            "id,name/2:,Kari/3:,"       },
        {"\"a,b,c\";name\n1;2\n",             "a,b,c,name/2:1,2"          },
        {"id\na\nb\n",                        "id/2:a/3:b"                },
        {"id,name\n,\n",                      "id,name/2:,"               },
        {"id,name\n\"\",\"\"\n",              "id,name/2:,"               },
        {"id,name\na,\"Kari \"\"K\"\" N\"\n", "id,name/2:a,Kari \"K\" N"  },
        {"id,name\na,\"Nordmann, Kari\"\n",   "id,name/2:a,Nordmann, Kari"},
        {"id,name\na, Kari \nb,\" Per \"\n",  "id,name/2:a,Kari/3:b, Per "},
        {"\n\nid,name\n\n  \na,Kari\n\n",     "id,name/6:a,Kari"          },
        {"id,name\n",                         "id,name"                   },
        {"id,name",                           "id,name"                   },
        {"id,name\na,K\xC3\xA5re\n",          "id,name/2:a,K\xC3\xA5re"   },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct work *work = *state;
        struct csv_table table;
        if (read_bytes(&table, work, cases[i][0], strlen(cases[i][0])) != OK) {
            fail_msg("%s: %s", cases[i][0], faults_of(work));
        }
        assert_string_equal(table_of(work, &table), cases[i][1]);
    }
}

static void test_a_row_is_numbered_by_the_line_where_it_begins(void **state)
{
    static const char csv[] = "id,name\n"
                              "a,\"two\nlines\"\n"
                              "\n"
                              "b,\"three\r\n\r\nlines\"\r\n"
                              "c,one\n";
    struct work *work = *state;
    struct csv_table table;

    assert_int_equal(read_bytes(&table, work, csv, strlen(csv)), OK);
    assert_string_equal(table_of(work, &table),
                        "id,name/2:a,two\nlines/5:b,three\r\n\r\nlines/8:c,one");
}

static void test_each_bad_line_is_a_fault(void **state)
{
    static const char *const cases[][2] = {
        {"",                                 "people.csv:1 must be a header row"                                                },
        {"\n \r\n\n",                        "people.csv:1 must be a header row"                                                },
        {"\xEF\xBB\xBF",                     "people.csv:1 must be a header row"                                                },
        {"id,na\"me\na,b\nc\n",              "people.csv:1 has broken quotes"                                                   },
        {",id\na,b\n",                       "people.csv:1 has a column without a name"                                         },
        {"id,,name\na,b,c\n",                "people.csv:1 has a column without a name"                                         },
        {"id,name,id\na,b,c\n",              "people.csv:1 has the column id twice"                                             },
        {"id,na\"me\na,b\n",                 "people.csv:1 has broken quotes"                                                   },
        {"id,n\xE5me\na,b\n",                "people.csv:1 is not UTF-8 text"                                                   },
        {"id,name\na\n",                     "people.csv:2 has 1 cells, but there are 2 columns"                                },
        {"id,name\na,b,c\nd,e\nf\n",         "people.csv:2 has 3 cells, but there are 2 columns; "
                                     "people.csv:4 has 1 cells, but there are 2 columns"    },
        {"id,name\na,Ka\"ri\nb,Per\n",       "people.csv:2 has broken quotes"                                                   },
        {"id,name\na,\"Kari\"x\nb,Per\n",    "people.csv:2 has broken quotes"                                                   },
        {"id,name\na,\"Kari\nb,Per\nc\n",
         "people.csv:2 has broken quotes; people.csv:4 has 1 cells, but there are 2 columns"                                    },
        {"id,name\na,\"Kari",                "people.csv:2 has broken quotes"                                                   },
        {"id,name\n\"",                      "people.csv:2 has broken quotes"                                                   },
        {"id,name\na,K\xE5re\nb,\xC0\xAF\n",
         "people.csv:2 is not UTF-8 text; people.csv:3 is not UTF-8 text"                                                       },
        {"id,name\na,\"x\ny\",z\nb\n",       "people.csv:2 has 3 cells, but there are 2 columns; "
                                       "people.csv:4 has 1 cells, but there are 2 columns"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct work *work = *state;
        struct csv_table table;
        work_clear(work);
        assert_int_equal(read_bytes(&table, work, cases[i][0], strlen(cases[i][0])), INVALID);
        assert_string_equal(faults_of(work), cases[i][1]);
    }
}

static void test_a_nul_byte_is_not_text(void **state)
{
    static const char csv[] = "id,name\na,Ka\0ri\n\0\nb,Per\n";
    struct work *work = *state;
    struct csv_table table;

    assert_int_equal(read_bytes(&table, work, csv, sizeof(csv) - 1), INVALID);
    assert_string_equal(faults_of(work), "people.csv:2 is not UTF-8 text; "
                                         "people.csv:3 is not UTF-8 text");
}

static void test_good_rows_are_kept_beside_bad_ones(void **state)
{
    static const char csv[] = "id,name\na,Kari\nb\nc,\"Per\"\"\nd,Ola\n";
    struct work *work = *state;
    struct csv_table table;

    assert_int_equal(read_bytes(&table, work, csv, strlen(csv)), INVALID);
    assert_string_equal(table_of(work, &table), "id,name/2:a,Kari/5:d,Ola");
}

static void test_ten_thousand_rows_are_read(void **state)
{
    struct work *work = *state;
    struct csv_table table;
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_true(fputs("id,name\n", file) >= 0);
    for (int i = 0; i < 10000; i++) {
        assert_true(fprintf(file, "mentor-%d,\"Name\n%d\"\n", i, i) > 0);
    }
    rewind(file);
    assert_int_equal(csv_read(&table, work, file, "people.csv"), OK);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(table.row_count, 10000);
    assert_string_equal(table.rows[0].cells[0], "mentor-0");
    assert_int_equal(table.rows[9999].line, 20000);
    assert_string_equal(table.rows[9999].cells[0], "mentor-9999");
    assert_string_equal(table.rows[9999].cells[1], "Name\n9999");
}

static void test_a_hundred_columns_keep_their_order(void **state)
{
    struct work *work = *state;
    struct csv_table table;
    const char *line = "0";

    for (int i = 1; i < 100; i++) {
        line = arena_printf(work->arena, "%s,%d", line, i);
    }
    const char *csv = arena_printf(work->arena, "%s\n%s\n", line, line);
    assert_int_equal(read_bytes(&table, work, csv, strlen(csv)), OK);
    assert_string_equal(table_of(work, &table), arena_printf(work->arena, "%s/2:%s", line, line));
}

static void test_a_file_that_cannot_be_read_says_why(void **state)
{
    struct work *work = *state;
    struct csv_table table;
    FILE *folder = fopen("/", "re");

    assert_non_null(folder);
    assert_int_equal(csv_read(&table, work, folder, "/"), INVALID);
    assert_int_equal(fclose(folder), 0);
    assert_string_equal(work->failure.sentence, "cannot read /: Is a directory");
}

static void test_an_endless_file_is_too_large(void **state)
{
    struct work *work = *state;
    struct csv_table table;
    FILE *endless = fopen("/dev/zero", "re");

    assert_non_null(endless);
    assert_int_equal(csv_read(&table, work, endless, "/dev/zero"), TOO_LARGE);
    assert_int_equal(fclose(endless), 0);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_file_becomes_columns_and_rows),
        PROMISE(test_a_row_is_numbered_by_the_line_where_it_begins),
        PROMISE(test_each_bad_line_is_a_fault),
        PROMISE(test_a_nul_byte_is_not_text),
        PROMISE(test_good_rows_are_kept_beside_bad_ones),
        PROMISE(test_ten_thousand_rows_are_read),
        PROMISE(test_a_hundred_columns_keep_their_order),
        PROMISE(test_a_file_that_cannot_be_read_says_why),
        PROMISE(test_an_endless_file_is_too_large),
    };
    return RUN_ALL(promises);
}
