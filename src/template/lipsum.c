// Text without meaning: words of Cicero's, shuffled into sentences.
#include "template/lipsum.h"

#include "template/filters.h"

static const char *const words[] = {
    "lorem",
    "ipsum",
    "dolor",
    "sit",
    "amet",
    "consectetur",
    "adipisci",
    "elit",
    "sed",
    "eiusmod",
    "tempor",
    "incidunt",
    "ut",
    "labore",
    "et",
    "dolore",
    "magna",
    "aliqua",
    "enim",
    "ad",
    "minim",
    "veniam",
    "quis",
    "nostrum",
    "exercitationem",
    "ullam",
    "corporis",
    "suscipit",
    "laboriosam",
    "nisi",
    "aliquid",
    "ex",
    "ea",
    "commodi",
    "consequatur",
    "duis",
    "autem",
    "vel",
    "eum",
    "iure",
    "in",
    "reprehenderit",
    "voluptate",
    "velit",
    "esse",
    "quam",
    "nihil",
    "molestiae",
    "illum",
    "qui",
    "fugiat",
    "quo",
    "voluptas",
    "nulla",
    "pariatur",
    "at",
    "vero",
    "eos",
    "accusamus",
    "iusto",
    "odio",
    "dignissimos",
    "ducimus",
    "blanditiis",
    "praesentium",
    "deleniti",
    "atque",
    "corrupti",
    "quos",
    "dolores",
    "quas",
    "molestias",
    "excepturi",
    "sint",
    "occaecati",
    "cupiditate",
    "non",
    "provident",
    "similique",
    "sunt",
    "culpa",
    "officia",
    "deserunt",
    "mollitia",
    "animi",
    "id",
    "est",
    "laborum",
    "fuga",
    "harum",
    "quidem",
    "rerum",
    "facilis",
    "expedita",
    "distinctio",
};

// An integer of [low, high).
static size_t between(size_t low, size_t high)
{
    return low + (size_t)rt__random(high - low);
}

// A word that is not the one before.
static size_t next_word(size_t last)
{
    size_t word = (size_t)rt__random(RT_COUNT(words) - 1);

    return word + (word >= last);
}

// A comma comes after every few words and a full stop after some more; a comma
// puts the full stop off. The last word has a full stop in any case.
static void put_paragraph(rt_buf *buf, size_t count)
{
    size_t word = RT_COUNT(words);
    size_t comma = 0, stop = 0;
    bool begins = true; // a sentence

    for (size_t i = 0; i < count && !buf->status; i++) {
        bool last = i + 1 == count;
        word = next_word(word);
        if (i)
            rt_buf_put_char(buf, ' ');
        rt_buf_put_char(buf, begins ? rt_to_upper(*words[word]) : *words[word]);
        rt_buf_put_cstr(buf, words[word] + 1);
        begins = i > stop + between(10, 20);
        if (begins || last) {
            rt_buf_put_char(buf, '.');
            comma = stop = i;
        } else if (i > comma + between(3, 8)) {
            rt_buf_put_char(buf, ',');
            comma = i;
            stop += 2;
        }
    }
    if (!count)
        rt_buf_put_char(buf, '.');
}

static rt_status check_sizes(rt_render *r, int64_t n, int64_t min, int64_t max)
{
    uint64_t most = RT__LIPSUM_WORDS_MAX;

    if (n > 0 && min >= max)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "empty range for randrange() ({}, {})", min, max);
    if (n > 0 && ((uint64_t)n > most || max > (int64_t)most ||
                  (max > 0 && (uint64_t)n * (uint64_t)max > most)))
        return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR,
                         "a text of more than {} words", most);
    return rt__step(r, n > 0 && max > 0 ? (uint64_t)n * (uint64_t)max : 0);
}

RT__BUILTIN(rt__lipsum)
{
    int64_t paragraphs, min, max;
    bool html;
    rt_buf buf;
    rt_status st;

    if ((st = rt__arg_int(r, a[0], 5, &paragraphs)) ||
        (st = rt__arg_bool(r, a[1], true, &html)) ||
        (st = rt__arg_int(r, a[2], 20, &min)) ||
        (st = rt__arg_int(r, a[3], 100, &max)) ||
        (st = check_sizes(r, paragraphs, min, max)))
        return st;
    rt__buf_init(r, &buf);
    for (int64_t i = 0; i < paragraphs; i++) {
        uint64_t span = (uint64_t)max - (uint64_t)min;
        int64_t count = (int64_t)((uint64_t)min + rt__random(span));
        if (i)
            rt_buf_put_cstr(&buf, html ? "\n" : "\n\n");
        rt_buf_put_cstr(&buf, html ? "<p>" : "");
        put_paragraph(&buf, count > 0 ? (size_t)count : 0);
        rt_buf_put_cstr(&buf, html ? "</p>" : "");
    }
    return rt__give_text(r, &buf,
                         html ? rt_value_safe(RT_STR("")) : rt_value_none(),
                         out);
}
