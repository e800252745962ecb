/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "wire/html.h"

#include <stdbool.h>
#include <stdio.h>

static void test_no_text_becomes_markup(void **state)
{
    const struct work *work = *state;

    assert_string_equal(
        html_paragraphs(work->arena, "<a href=\"x\" id='y'>K\u00E5re & Co &amp;</a>"),
        "<p>&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;K\u00E5re &amp; Co "
        "&amp;amp;&lt;/a&gt;</p>\n");
}

static void test_empty_lines_make_paragraphs_and_other_lines_breaks(void **state)
{
    static const char *const cases[][2] = {
        {"",                    ""                              },
        {"\n\n",                ""                              },
        {"a",                   "<p>a</p>\n"                    },
        {"a\n",                 "<p>a</p>\n"                    },
        {"\na\nb\n\n\n\nc\n\n", "<p>a<br>\nb</p>\n<p>c</p>\n"   },
        {"a\n\nb\n\nc",         "<p>a</p>\n<p>b</p>\n<p>c</p>\n"},
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(html_paragraphs(work->arena, cases[i][0]), cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_no_text_becomes_markup),
        PROMISE(test_empty_lines_make_paragraphs_and_other_lines_breaks),
    };
    return RUN_ALL(promises);
}
